import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { parseAuthorizationRequest, readAuthorizationTarget } from './authorization-request.ts';
import { codeChallenge, isCodeChallenge } from './pkce.ts';

const good = {
  response_type: 'code',
  client_id: 'client',
  redirect_uri: 'http://127.0.0.1:4711/callback',
  state: 'opaque',
  code_challenge: codeChallenge('v'.repeat(43)),
  code_challenge_method: 'S256',
};

function outcome<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

const request = (fields: Record<string, string | undefined> | string) =>
  outcome(() => {
    if (typeof fields === 'string') return parseAuthorizationRequest(new URLSearchParams(fields));
    const entries = Object.entries({ ...good, ...fields }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as [string, string]],
    );
    return parseAuthorizationRequest(new URLSearchParams(entries));
  });

describe('parseAuthorizationRequest', () => {
  it('reads the least that is needed', () => {
    expect(request({ state: undefined, redirect_uri: undefined })).toEqual({
      clientId: 'client',
      codeChallenge: good.code_challenge,
      resources: [],
      prompts: [],
    });
  });

  it('reads everything', () => {
    const query = new URLSearchParams({
      ...good,
      scope: 'a b a',
      prompt: 'login consent x',
      login_hint: 'bob',
      unknown: 'x',
    });
    query.append('resource', 'https://h/a');
    query.append('resource', 'https://h/b');
    expect(parseAuthorizationRequest(query)).toEqual({
      clientId: 'client',
      redirectUri: good.redirect_uri,
      state: 'opaque',
      codeChallenge: good.code_challenge,
      scopes: ['a', 'b'],
      resources: ['https://h/a', 'https://h/b'],
      prompts: ['login', 'consent'],
      loginHint: 'bob',
    });
  });

  it.each([
    ['no client', { client_id: undefined }, 'request.missing-parameter'],
    ['an empty client', { client_id: '' }, 'request.missing-parameter'],
    ['a client id too long', { client_id: 'c'.repeat(1001) }, 'request.invalid-parameter'],
    ['no response type', { response_type: undefined }, 'request.missing-parameter'],
    ['the implicit flow', { response_type: 'token' }, 'authorization.response-type'],
    ['a hybrid flow', { response_type: 'code id_token' }, 'authorization.response-type'],
    ['an answer by form', { response_mode: 'form_post' }, 'request.invalid-parameter'],
    ['an answer in a fragment', { response_mode: 'fragment' }, 'request.invalid-parameter'],
    ['no challenge', { code_challenge: undefined }, 'authorization.pkce'],
    ['no method', { code_challenge_method: undefined }, 'authorization.pkce'],
    ['the plain method', { code_challenge_method: 'plain' }, 'authorization.pkce'],
    ['a challenge that is none', { code_challenge: 'x'.repeat(43) }, 'authorization.pkce'],
    ['a challenge that is a verifier', { code_challenge: 'v'.repeat(64) }, 'authorization.pkce'],
    ['a request object', { request: 'x' }, 'authorization.request-object'],
    ['an empty request object', { request: '' }, 'authorization.request-object'],
    ['a request by reference', { request_uri: 'urn:x' }, 'authorization.request-uri'],
    ['a scope that is none', { scope: 'a\\b' }, 'authorization.scope'],
    ['a state too long', { state: 's'.repeat(4097) }, 'request.invalid-parameter'],
    ['a state with a line end', { state: 'a\r\nb' }, 'request.invalid-parameter'],
    ['none together with login', { prompt: 'none login' }, 'request.invalid-parameter'],
  ])('%s', (_, fields, reason) => expect(request(fields)).toBe(reason));

  it.each([...Object.keys(good), 'scope', 'prompt', 'unknown'])('refuses %s twice', (name) => {
    const query = new URLSearchParams({ ...good, [name]: 'x' });
    query.append(name, 'y');
    expect(request(query.toString())).toBe('request.duplicate-parameter');
  });

  it('refuses more resources than anybody needs', () => {
    const query = new URLSearchParams(good);
    for (let i = 0; i < 11; i++) query.append('resource', `https://h/${i}`);
    expect(request(query.toString())).toBe('request.invalid-parameter');
  });
});

describe('readAuthorizationTarget', () => {
  it('reads where an error would go, whatever else is wrong', () => {
    expect(
      readAuthorizationTarget(new URLSearchParams({ ...good, response_type: 'token', code_challenge: '' })),
    ).toEqual({
      clientId: 'client',
      redirectUri: good.redirect_uri,
      state: 'opaque',
    });
  });

  it('repeats no state that was sent twice', () => {
    const query = new URLSearchParams(good);
    query.append('state', 'other');
    expect(readAuthorizationTarget(query).state).toBeUndefined();
    expect(request(query.toString())).toBe('request.duplicate-parameter');
  });

  it.each(['client_id', 'redirect_uri'])('refuses %s twice', (name) => {
    const query = new URLSearchParams(good);
    query.append(name, 'other');
    expect(outcome(() => readAuthorizationTarget(query))).toBe('request.duplicate-parameter');
  });
});

it('gives a request with a proof key or refuses, for any parameters', () => {
  const name = fc.constantFrom(
    ...Object.keys(good),
    'scope',
    'resource',
    'prompt',
    'request',
    'response_mode',
    'x',
  );
  const value = fc.oneof(
    fc.constantFrom(...Object.values(good), 'a b', 'none'),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (pairs) => {
      const query = new URLSearchParams(
        Object.entries(good).filter(([known]) => !pairs.some(([n]) => n === known)),
      );
      for (const [n, v] of pairs) query.append(n, v);
      const parsed = request(query.toString());
      if (typeof parsed === 'string') {
        expect(parsed).toMatch(/^(request|authorization)\./);
        return;
      }
      expect(isCodeChallenge(parsed.codeChallenge)).toBe(true);
      expect(query.getAll('client_id')).toEqual([parsed.clientId]);
    }),
    { numRuns: 1000 },
  );
});
