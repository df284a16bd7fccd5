import { describe, expect, it } from 'vitest';
import { endpointUrl, namesAt, resourceIds } from './issuer-context.ts';
import { PATHS } from './paths.ts';

describe('addresses of an issuer', () => {
  it('[C3] start with the issuer, byte for byte', () => {
    expect(endpointUrl({ publicUrl: 'https://h.example/team' }, PATHS.token)).toBe(
      'https://h.example/team/token',
    );
    expect(new Set(Object.values(PATHS)).size).toBe(Object.keys(PATHS).length);
    expect(resourceIds({ resources: [{ resource: 'https://h.example/mcp', name: 'x' }] })).toEqual([
      'https://h.example/mcp',
    ]);
  });
});

it('names of an issuer at an endpoint are its own, and those of the endpoints as they are published', () => {
  const server = { issuer: 'https://as.example', publicUrl: 'https://h.example/team' };
  expect(namesAt(server, PATHS.revoke)).toEqual([
    'https://as.example',
    'https://h.example/team/token',
    'https://h.example/team/revoke',
  ]);
  expect(namesAt(server, PATHS.token)).toHaveLength(2);
});
