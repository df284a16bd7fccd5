import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issuerRule } from './issuer-rule.ts';

const TEMPLATE = 'https://login.example/{tenant}/v2.0';

describe('the rule for issuers', () => {
  it('accepts what is listed, to the letter, and nothing else', () => {
    const rule = issuerRule(['https://a.example', { template: TEMPLATE, tenants: ['t-1', 't-2'] }]);
    expect(rule.issuers).toEqual([
      'https://a.example',
      'https://login.example/t-1/v2.0',
      'https://login.example/t-2/v2.0',
    ]);
    for (const issuer of rule.issuers) expect(rule.accepts(issuer, {})).toBe(true);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue()), (issuer) => {
        expect(rule.accepts(issuer, {})).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('wants the claim of the tenant to agree with the issuer', () => {
    const rule = issuerRule({ template: TEMPLATE, tenants: ['t-1', 't-2'], tenantClaim: 'tid' });
    expect(rule.accepts('https://login.example/t-1/v2.0', { tid: 't-1' })).toBe(true);
    for (const tid of ['t-2', undefined, ['t-1']])
      expect(rule.accepts('https://login.example/t-1/v2.0', { tid })).toBe(false);
  });

  it('never lets a tenant reach beyond its place', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('..', '.', 'a/b', 'a?b', '$&', '%2e')), (tenant) => {
        if (/^[A-Za-z0-9._-]+$/.test(tenant) && !/^\.+$/.test(tenant)) return;
        expect(() => issuerRule({ template: TEMPLATE, tenants: [tenant] })).toThrow(TypeError);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['no issuer', []],
    ['an empty one', ''],
    ['one with blanks', 'https://a.example /'],
    ['a template without a place', { template: 'https://login.example/', tenants: ['a'] }],
    ['a template with two', { template: '{tenant}{tenant}', tenants: ['a'] }],
    ['a template without tenants', { template: TEMPLATE, tenants: [] }],
  ])('can not be %s', (_what, option) => expect(() => issuerRule(option)).toThrow(TypeError));
});
