import { describe, expect, it } from 'vitest';
import type { PresetInput } from './preset.ts';
import { accessTokenClaims, azureClaims, azureConflicts, azureOptions, azureYields } from './preset-azure.ts';

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

describe('what Azure says of a person', () => {
  it.each([
    [{ email: 'a@x.example', xms_edov: true }, 'a@x.example', true],
    [{ email: 'a@x.example', xms_edov: '1' }, 'a@x.example', true],
    [{ email: 'a@x.example', xms_edov: false }, 'a@x.example', false],
    [{ email: 'a@x.example', email_verified: true }, 'a@x.example', false],
    [{ emails: ['b@x.example', 'c@x.example'] }, 'b@x.example', false],
    [{}, undefined, false],
  ])('%j: the e-mail is %s, verified: %s', (claims, email, verified) => {
    expect(azureClaims(claims)).toMatchObject({ email, email_verified: verified });
  });

  it('is an access token only when it names a client, and what was granted', () => {
    const read = accessTokenClaims(undefined);
    expect(read({ azp: 'c', scp: 'read' })).toMatchObject({ azp: 'c' });
    expect(read({ appid: 'c', roles: ['reader'] })).toMatchObject({ appid: 'c' });
    expect(() => read({ scp: 'mcp.read' })).toThrow('token.type');
    for (const roles of [undefined, [], 'reader'])
      expect(() => read({ azp: 'c', idtyp: 'app', roles })).toThrow('token.claims');
  });

  it('is of the policy that was set up, however it is written', () => {
    const read = accessTokenClaims('B2C_1_MFA');
    for (const policy of [{ tfp: 'B2C_1_mfa' }, { acr: 'b2c_1_mfa' }])
      expect(read({ azp: 'c', scp: 'read', ...policy })).toMatchObject(policy);
    for (const policy of [{}, { tfp: 'B2C_1_weak' }, { tfp: 'B2C_1_weak', acr: 'B2C_1_MFA' }, { tfp: 7 }])
      expect(() => read({ azp: 'c', scp: 'read', ...policy })).toThrow('token.claims');
  });
});
