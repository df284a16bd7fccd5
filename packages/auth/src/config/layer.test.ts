import { describe, expect, it } from 'vitest';
import { REFERENCE_PAGE, unknownName } from './layer.ts';

describe('unknownName', () => {
  it('asks for the nearest name, or sends to the list of all', () => {
    expect(unknownName('prot', 'p.yaml:1', 'port')).toMatchObject({
      setting: 'prot',
      source: 'p.yaml:1',
      remedy: expect.stringContaining('Did you mean port?'),
    });
    expect(unknownName('x', 'environment', undefined).remedy).toContain(REFERENCE_PAGE);
  });
});
