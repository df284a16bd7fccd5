import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import {
  checkClientAssertion,
  MAX_CLIENT_ASSERTION_LENGTH,
  MAX_CLIENT_ASSERTION_SECONDS,
  readClientAssertion,
} from './client-assertion.ts';
import { CLIENT_ASSERTION_ALGORITHMS } from './client-keys.ts';

const NOW = 1_800_000_000;
const OURS = ['https://mcp.example', 'https://mcp.example/token'];
const header = { alg: 'ES256', kid: 'k', typ: 'JWT' };
const claims = { iss: 'c', sub: 'c', aud: OURS[0], jti: 'j', exp: NOW + 60, iat: NOW, nbf: NOW };
const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const token = (h: unknown = header, c: unknown = claims) => `${part(h)}.${part(c)}.c2ln`;

/** What is told to the log; `ok` when it is taken. */
function why(h: unknown, c: unknown): string {
  try {
    checkClientAssertion(readClientAssertion(token(h, c)), { ours: OURS, nowSeconds: NOW });
    return 'ok';
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'client.assertion') throw error;
    return String(error.detail.why);
  }
}

it('reads what counts', () => {
  expect(readClientAssertion(token())).toEqual({
    token: token(),
    clientId: 'c',
    algorithm: 'ES256',
    kid: 'k',
    tokenId: 'j',
    audiences: [OURS[0]],
    expiresAt: NOW + 60,
    notBefore: NOW,
    issuedAt: NOW,
  });
});

describe('the header', () => {
  it.each(CLIENT_ASSERTION_ALGORITHMS)('may say %s', (alg) => expect(why({ alg }, claims)).toBe('ok'));

  it.each(['HS256', 'HS384', 'HS512', 'none', 'None', 'es256', 'ES256K', '', 5, null, ['ES256'], undefined])(
    'may not say %j',
    (alg) => expect(why({ ...header, alg }, claims)).toContain('algorithm'),
  );

  it.each([undefined, 'JWT', 'jwt', 'client-authentication+jwt', 'application/oauth-client-auth+jwt'])(
    'may be of type %j',
    (typ) => expect(why({ ...header, typ }, claims)).toBe('ok'),
  );

  it.each(['at+jwt', 'dpop+jwt', 'oauth-id-jag+jwt', 'logout+jwt', '', 5, null])(
    'may not be of type %j',
    (typ) => expect(why({ ...header, typ }, claims)).toContain('type'),
  );

  it.each(['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64'])('may not bring %s', (name) =>
    expect(why({ ...header, [name]: 'x' }, claims)).toContain(name),
  );
});

describe('the claims', () => {
  it.each<[string, Record<string, unknown>]>([
    ['the token endpoint', { aud: OURS[1] }],
    ['us among others', { aud: ['https://else.example', OURS[0]] }],
    ['no times but the end', { iat: undefined, nbf: undefined }],
    ['parts of seconds', { exp: NOW + 0.5, iat: NOW - 0.25 }],
    ['a clock that is 30 seconds behind', { exp: NOW - 29, iat: NOW - 59 }],
    [
      'a clock that is 30 seconds ahead',
      { exp: NOW + MAX_CLIENT_ASSERTION_SECONDS + 30, iat: NOW + 30, nbf: NOW + 30 },
    ],
    ['more than we ask for', { name: 'x', cnf: {} }],
  ])('may say %s', (_, over) => expect(why(header, { ...claims, ...over })).toBe('ok'));

  it.each<[string, Record<string, unknown>]>([
    ['iss', { iss: 'other' }],
    ['iss', { iss: undefined }],
    ['sub', { sub: undefined }],
    ['sub', { sub: '', iss: '' }],
    ['sub', { sub: 5, iss: 5 }],
    ['sub', { sub: 'c'.repeat(1001), iss: 'c'.repeat(1001) }],
    ['aud', { aud: undefined }],
    ['aud', { aud: 5 }],
    ['aud', { aud: [] }],
    ['aud', { aud: [OURS[0], 5] }],
    ['aud', { aud: Array(11).fill(OURS[0]) }],
    ['somebody else', { aud: 'https://else.example' }],
    ['somebody else', { aud: `${OURS[0]}/` }],
    ['somebody else', { aud: 'https://MCP.example' }],
    ['somebody else', { aud: 'https://mcp.example/token?x' }],
    ['somebody else', { aud: `${OURS[0]} ${OURS[1]}` }],
    ['jti', { jti: undefined }],
    ['jti', { jti: '' }],
    ['jti', { jti: 5 }],
    ['jti', { jti: 'j'.repeat(257) }],
    ['exp', { exp: undefined }],
    ['exp', { exp: String(NOW + 60) }],
    ['exp', { exp: -1 }],
    ['exp', { exp: null }],
    ['expired', { exp: NOW - 30 }],
    ['seconds ahead', { exp: NOW + MAX_CLIENT_ASSERTION_SECONDS + 31 }],
    ['seconds ahead', { exp: 1e300 }],
    ['nbf', { nbf: 'now' }],
    ['not valid yet', { nbf: NOW + 31 }],
    ['iat', { iat: {} }],
    ['in the future', { iat: NOW + 31 }],
  ])('%s is not to be wrong', (words, over) => expect(why(header, { ...claims, ...over })).toContain(words));

  it('hold nothing twice', () => {
    const json = JSON.stringify(claims);
    for (const [h, c] of [
      [header, json.replace('{', '{"sub":"d",')],
      [header, json.replace('{', '{"\\u0061ud":"https://else.example",')],
      ['{"alg":"none","alg":"ES256"}', claims],
    ])
      expect(why(h, c)).toContain('twice');
  });

  it('have a bounded size', () => {
    const long = token(header, { ...claims, more: 'x'.repeat(MAX_CLIENT_ASSERTION_LENGTH) });
    expect(() => readClientAssertion(long)).toThrow(Refusal);
  });
});

it.each(['', 'x', 'a.b', 'a.b.c', 'a.b.c.d', `${part(header)}..c2ln`, `${part(header)}.${part(claims)}.`])(
  'refuses %j',
  (text) => expect(() => readClientAssertion(text)).toThrow(Refusal),
);
