import { describe, expect, it } from 'vitest';
import { checkTenants, issuerOfTenant, tenantIssuers } from './tenants.ts';

const options = { template: 'https://idp.example/{tenant}/v2.0', claim: 'tid', allowed: ['a-1', 'b-2'] };

describe('a provider with an issuer for each tenant', () => {
  it('has one issuer for each tenant that is allowed', () => {
    expect(tenantIssuers(options)).toEqual(['https://idp.example/a-1/v2.0', 'https://idp.example/b-2/v2.0']);
  });

  it.each([
    [{ tid: 'a-1' }, 'https://idp.example/a-1/v2.0'],
    [{ tid: 'c-3' }, undefined],
    [{ tid: ['a-1'] }, undefined],
    [{}, undefined],
    [undefined, undefined],
  ])('of %j has the issuer %s', (claims, issuer) => {
    expect(issuerOfTenant(options, claims)).toBe(issuer);
  });

  it.each([
    { ...options, template: 'https://idp.example/v2.0' },
    { ...options, template: 'https://idp.example/{tenant}/{tenant}' },
    { ...options, allowed: [] },
    { ...options, allowed: ['a/../b'] },
    { ...options, allowed: ['..'] },
    { ...options, allowed: [''] },
  ])('can not be %j', (wrong) => {
    expect(() => checkTenants(wrong, 'upstream.allowedTenants')).toThrow(/upstream\.allowedTenants/);
    expect(() => checkTenants(options, 'x')).not.toThrow();
  });
});
