import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Random } from '../core/random.ts';
import { codeChallenge } from '../protocol/pkce.ts';
import { authorizationUrl } from './authorization-url.ts';
import { CALLBACK_URL, scriptedProvider } from './scripted-provider.contract.ts';

/** The same bytes in every run: 0, 0, 0 ..., then 1, 1, 1 ... */
function counting(): Random {
  let next = 0;
  return { bytes: (length) => new Uint8Array(length).fill(next++) };
}

const request = { state: 'st', callbackUrl: CALLBACK_URL };
const ask = async (
  script: Parameters<typeof scriptedProvider>[0] = {},
  over: Partial<Parameters<typeof authorizationUrl>[1]> = {},
) => {
  const { provider, sent } = await scriptedProvider(script);
  const { url, secrets } = await authorizationUrl(provider, { ...request, ...over });
  expect(sent).toEqual([]);
  return { url, secrets, query: new URL(url).searchParams };
};

describe('the address that the browser is sent to', () => {
  it('holds everything that the protocol asks for, and no secret', async () => {
    const { url, secrets, query } = await ask({ random: counting() });
    expect(Object.fromEntries(query)).toEqual({
      response_type: 'code',
      client_id: 'my-id',
      redirect_uri: CALLBACK_URL,
      state: 'st',
      scope: 'openid profile email',
      code_challenge: codeChallenge(secrets.verifier!),
      code_challenge_method: 'S256',
      nonce: secrets.nonce,
    });
    expect(url.startsWith('https://idp.example/authorize?')).toBe(true);
    expect(secrets).toEqual({ verifier: 'A'.repeat(43), nonce: expect.stringMatching(/^AQEB/) });
    expect(url).not.toContain(secrets.verifier);
  });

  it('leaves out what was switched off, or does not belong', async () => {
    const plain = await ask({ options: { scopes: ['read'], pkce: false } });
    expect(plain.secrets).toEqual({});
    expect([...plain.query.keys()].sort()).toEqual([
      'client_id',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
    ]);
    expect((await ask({ options: { scopes: [] } })).query.has('scope')).toBe(false);
  });

  it('keeps the query that the endpoint has, but for what the protocol says', async () => {
    const authorization_endpoint = 'https://idp.example/authorize?tenant=a%26b&client_id=evil&state=evil';
    const { query } = await ask({ metadata: { authorization_endpoint } });
    expect([query.getAll('tenant'), query.getAll('client_id'), query.getAll('state')]).toEqual([
      ['a&b'],
      ['my-id'],
      ['st'],
    ]);
  });

  it('carries the parameters of the operator', async () => {
    const { query } = await ask({ options: { authorizationParameters: { audience: 'db', hd: 'x & y' } } });
    expect([query.get('audience'), query.get('hd')]).toEqual(['db', 'x & y']);
  });

  it.each([
    ['a@example.com', 'a@example.com'],
    ['a'.repeat(256), 'a'.repeat(256)],
    ['a'.repeat(257), null],
    ['', null],
    [undefined, null],
  ])('hints at the login %j as %j', async (loginHint, expected) => {
    expect((await ask({}, { loginHint })).query.get('login_hint')).toBe(expected);
  });

  it.each([
    [undefined, undefined, null],
    [undefined, '', null],
    [undefined, 'login', 'login'],
    [undefined, 'login  select_account login', 'login select_account'],
    [undefined, 'consent', null],
    [undefined, 'none', null],
    [undefined, 'LOGIN create', null],
    ['consent', 'login', 'consent login'],
    ['consent login', 'login', 'consent login'],
    ['none', 'login', 'none'],
  ])('with the prompt %j of the operator and the wish %j asks for %j', async (own, prompt, expected) => {
    const authorizationParameters: Record<string, string> = own === undefined ? {} : { prompt: own };
    expect((await ask({ options: { authorizationParameters } }, { prompt })).query.get('prompt')).toBe(
      expected,
    );
  });

  it('passes no wish of a client but the two, whatever it says', async () => {
    const { provider } = await scriptedProvider({
      options: { authorizationParameters: { prompt: 'consent' } },
    });
    const word = fc.oneof(fc.constantFrom('login', 'select_account', 'none', 'consent', ' '), fc.string());
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 5 }), fc.string(), async (words, state) => {
        const made = await authorizationUrl(provider, { ...request, state, prompt: words.join(' ') });
        const { searchParams: query } = new URL(made.url);
        expect(query.get('prompt')).toMatch(/^consent( login| select_account){0,2}$/);
        expect(query.get('state')).toBe(Buffer.from(state).toString());
        expect(new Set(query.keys()).size).toBe([...query.keys()].length);
      }),
      { numRuns: 300 },
    );
  });
});
