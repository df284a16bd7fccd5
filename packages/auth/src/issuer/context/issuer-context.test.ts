import { describe, expect, it } from 'vitest';
import { endpointUrl, resourceIds } from './issuer-context.ts';
import { PATHS } from './paths.ts';

describe('addresses of an issuer', () => {
  it('[C3] start with the issuer, byte for byte', () => {
    expect(endpointUrl({ issuer: 'https://h.example/team' }, PATHS.token)).toBe(
      'https://h.example/team/token',
    );
    expect(new Set(Object.values(PATHS)).size).toBe(Object.keys(PATHS).length);
    expect(resourceIds({ resources: [{ resource: 'https://h.example/mcp', name: 'x' }] })).toEqual([
      'https://h.example/mcp',
    ]);
  });
});
