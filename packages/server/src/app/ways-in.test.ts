import { describe, expect, it } from 'vitest';
import { settingsOf } from './settings.contract.ts';
import { waysIn } from './ways-in.ts';

const jwt = { 'jwt.issuer': 'https://a.example,b', 'jwt.jwksUri': 'https://a.example/keys' };
const nobody = { signsIn: false, clientsSignIn: false, providers: [], developmentPeople: [], elsewhere: [] };

describe('who lets people in', () => {
  it.each([
    [{}, { signsIn: true, clientsSignIn: true, developmentPeople: ['alice', 'bob', 'carol'] }],
    [{ auth: 'off' }, {}],
    [
      { 'upstream.preset': 'github', 'upstream.clientId': 'c', 'upstream.clientSecret': 's' },
      { signsIn: true, clientsSignIn: true, providers: ['GitHub'] },
    ],
    [jwt, { elsewhere: ['a.example', 'b'] }],
    [
      { ...jwt, authorizationServers: 'https://a.example' },
      { clientsSignIn: true, elsewhere: ['a.example', 'b'] },
    ],
    [
      { ...jwt, 'jwt.issuer': 'none', 'jwt.identityIssuer': 'https://c.example' },
      { elsewhere: ['c.example'] },
    ],
    [
      { staticTokens: '{"a-token-of-alice": {"clientId": "c", "subject": "s"}}' },
      { elsewhere: ['the static tokens of the settings'] },
    ],
    [
      {
        'upstream.preset': 'azure',
        'upstream.mode': 'remote',
        'upstream.tenant': 'organizations',
        'upstream.allowedTenants': '8eaef023-2b34-4da1-9baa-8bc8c9d6a490',
        'upstream.clientId': 'c',
        'scopes.baseline': 'read',
      },
      { clientsSignIn: true, elsewhere: ['login.microsoftonline.com', 'sts.windows.net'] },
    ],
  ])('%j', (given, expected) => {
    expect(waysIn(settingsOf(given))).toEqual({ ...nobody, ...expected });
  });
});
