import { describe, expect, it } from 'vitest';
import { identityIssuers } from './identity-issuers.ts';
import { identityPlan } from './identity-plan.ts';
import { settingsOf } from './planned-settings.contract.ts';

const issuers = (text: string) =>
  identityIssuers(identityPlan(settingsOf(`scopes: {baseline: mcp:read}\n${text}`)));
const auth0 = 'preset: auth0, domain: x.auth0.com, clientId: c, clientSecret: s';
const tenants = ['8eaef023-2b34-4da1-9baa-8bc8c9d6a490', '6731de76-14a6-49ae-97bc-6eba6914391e'];

describe('issuers that people are known under', () => {
  it.each([
    ['', []],
    [`upstream: {${auth0}}`, ['https://x.auth0.com/']],
    [`upstream: {${auth0}, acceptTokens: on, audience: api}`, ['https://x.auth0.com/']],
    [
      `upstream: {${auth0}}\nmoreProviders: [{id: a, issuer: https://b.example, clientId: c}]`,
      ['https://x.auth0.com/', 'https://b.example'],
    ],
    [
      `upstream: {preset: azure, tenant: organizations, allowedTenants: [${tenants}], clientId: c}`,
      tenants.map((tenant) => `https://login.microsoftonline.com/${tenant}/v2.0`),
    ],
    [
      `upstream: {preset: azure, mode: remote, tenant: ${tenants[0]}, clientId: c}`,
      [`https://login.microsoftonline.com/${tenants[0]}/v2.0`],
    ],
    ['jwt: {issuer: [a, b], jwksUri: https://t.example/keys}', ['a', 'b']],
    ['jwt: {issuer: none, identityIssuer: c, jwksUri: https://t.example/keys}', ['c']],
  ])('%s', (text, expected) => {
    expect(issuers(text)).toEqual(expected);
  });
});
