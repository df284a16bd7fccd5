import { describe, expect, it } from 'vitest';
import type { PresetInput } from './preset.ts';
import { azureConflicts, azureOptions, azureYields } from './preset-azure.ts';

const input = (options: PresetInput['options'], lists: PresetInput['lists'] = {}): PresetInput => ({
  clientId: 'c',
  resource: 'r',
  requiredScopes: [],
  options,
  lists,
});

describe('what an app registration of Azure can have', () => {
  it('is a tenant by its id, since its issuer has no name', () => {
    const { pattern } = azureOptions.tenant!;
    expect('8eaef023-2b34-4da1-9baa-8bc8c9d6a490').toMatch(pattern!);
    for (const shared of ['common', 'organizations', 'consumers']) expect(shared).toMatch(pattern!);
    for (const wrong of ['acme.onmicrosoft.com', 'commons', 'x/8eaef023-2b34-4da1-9baa-8bc8c9d6a490'])
      expect(wrong).not.toMatch(pattern!);
  });

  it('never lets everybody in', () => {
    expect(azureConflicts(input({ tenant: 'common' })).map(({ option }) => option)).toEqual([
      'allowedTenants',
    ]);
    expect(azureConflicts(input({ tenant: 'common' }, { allowedTenants: ['t'] }))).toEqual([]);
    expect(azureYields.emailVerified).toContain('xms_edov');
  });

  it('is looked at as far as it is known', () => {
    expect(azureConflicts(input({}))).toEqual([]);
    expect(azureConflicts(input({ policy: 'p' })).map(({ option }) => option)).toEqual(['authority']);
  });
});
