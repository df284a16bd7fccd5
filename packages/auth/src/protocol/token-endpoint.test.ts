import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { REFUSALS } from '../core/refusal-reasons.ts';
import { introspectionResponse } from './introspection.ts';
import { isCodeVerifier } from './pkce.ts';
import { parseTokenQuestion } from './revocation.ts';
import { parseTokenRequest } from './token-request.ts';
import { errorResponse, TOKEN_RESPONSE_HEADERS, tokenResponse } from './token-response.ts';

function outcome<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

const verifier = 'v'.repeat(43);
const code = { grant_type: 'authorization_code', code: 'c', code_verifier: verifier };
const refresh = { grant_type: 'refresh_token', refresh_token: 'r' };
const token = (fields: Record<string, string>) =>
  outcome(() => parseTokenRequest(new URLSearchParams(fields)));

describe('parseTokenRequest', () => {
  it('reads the code grant', () => {
    expect(
      token({ ...code, redirect_uri: 'https://h/cb', resource: 'https://h/mcp', client_id: 'x' }),
    ).toEqual({
      grantType: 'authorization_code',
      code: 'c',
      codeVerifier: verifier,
      redirectUri: 'https://h/cb',
      resources: ['https://h/mcp'],
    });
    expect(token(code)).toMatchObject({ redirectUri: undefined, resources: [] });
  });

  it('reads the refresh grant', () => {
    expect(token({ ...refresh, scope: 'a b' })).toEqual({
      grantType: 'refresh_token',
      refreshToken: 'r',
      scopes: ['a', 'b'],
      resources: [],
    });
    expect(token({ ...refresh, scope: '' })).toMatchObject({ scopes: undefined });
  });

  it.each([
    ['no grant type', {}, 'request.missing-parameter'],
    ['another grant', { grant_type: 'password', username: 'u', password: 'p' }, 'grant.unsupported'],
    ['no code', { ...code, code: '' }, 'request.missing-parameter'],
    ['no verifier', { ...code, code_verifier: '' }, 'request.missing-parameter'],
    ['a verifier that can not be one', { ...code, code_verifier: 'short' }, 'grant.code-verifier'],
    ['no refresh token', { ...refresh, refresh_token: '' }, 'request.missing-parameter'],
    [
      'a refresh token without end',
      { ...refresh, refresh_token: 'r'.repeat(2001) },
      'request.invalid-parameter',
    ],
    ['a scope that is none', { ...refresh, scope: '"' }, 'authorization.scope'],
  ])('%s', (_, fields, reason) => expect(token(fields as Record<string, string>)).toBe(reason));

  it('refuses a parameter twice', () => {
    const form = new URLSearchParams(code);
    form.append('code', 'd');
    expect(outcome(() => parseTokenRequest(form))).toBe('request.duplicate-parameter');
  });

  it('gives a whole request or refuses, for any form', () => {
    const name = fc.constantFrom(
      'grant_type',
      'code',
      'code_verifier',
      'refresh_token',
      'scope',
      'resource',
      'redirect_uri',
      'x',
    );
    const value = fc.oneof(
      fc.constantFrom('authorization_code', 'refresh_token', verifier, 'a'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(code, refresh, {}),
        fc.array(fc.tuple(name, value), { maxLength: 4 }),
        (base, pairs) => {
          const form = new URLSearchParams(base as Record<string, string>);
          for (const [n, v] of pairs) form.set(n, v);
          const parsed = outcome(() => parseTokenRequest(form));
          if (typeof parsed === 'string') {
            expect(parsed).toMatch(/^(request|grant|authorization)\./);
            return;
          }
          if (parsed.grantType === 'authorization_code')
            expect(isCodeVerifier(parsed.codeVerifier)).toBe(true);
          else expect(parsed.refreshToken).not.toBe('');
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('answers', () => {
  it('says what was granted', () => {
    expect(
      tokenResponse({ accessToken: 'a', expiresInSeconds: 3599.9, scopes: ['x', 'y'], refreshToken: 'r' }),
    ).toEqual({
      access_token: 'a',
      token_type: 'Bearer',
      expires_in: 3599,
      scope: 'x y',
      refresh_token: 'r',
    });
    expect(tokenResponse({ accessToken: 'a', expiresInSeconds: -1, scopes: [] })).toEqual({
      access_token: 'a',
      token_type: 'Bearer',
      expires_in: 0,
      scope: '',
    });
    expect(TOKEN_RESPONSE_HEADERS['cache-control']).toBe('no-store');
  });

  it.each(Object.entries(REFUSALS))('%s has a body that keeps to the characters of §5.2', (_, answer) => {
    const body = errorResponse(answer, 'abc123');
    expect(body.error).toBe(answer.error);
    expect(body.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+ \(incident abc123\)$/);
  });
});

describe('parseTokenQuestion', () => {
  const ask = (fields: Record<string, string>) =>
    outcome(() => parseTokenQuestion(new URLSearchParams(fields)));

  it('reads token and hint', () => {
    expect(ask({ token: 't', token_type_hint: 'refresh_token' })).toEqual({
      token: 't',
      hint: 'refresh_token',
    });
    expect(ask({ token: 't', token_type_hint: 'unknown' })).toEqual({ token: 't', hint: undefined });
    expect(ask({})).toBe('request.missing-parameter');
    expect(ask({ token: 't'.repeat(16_385) })).toBe('request.invalid-parameter');
  });

  it('gives a token or refuses, for any form', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('token', 'token_type_hint', 'x'), fc.string({ unit: 'binary' })),
        (fields) => {
          const question = ask(fields);
          if (typeof question === 'string') {
            expect(question).toMatch(/^request\./);
            return;
          }
          expect(question.token).not.toBe('');
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('introspectionResponse', () => {
  const active = {
    issuer: 'https://i',
    subject: 's',
    audience: ['https://r'],
    clientId: 'c',
    scopes: ['a', 'b'],
    issuedAt: 1,
    expiresAt: 2,
    tokenId: 'j',
    sessionId: 'sid',
  };

  it('says everything of a good token', () => {
    expect(introspectionResponse({ ...active, username: 'bob' })).toEqual({
      active: true,
      token_type: 'Bearer',
      iss: 'https://i',
      sub: 's',
      aud: 'https://r',
      client_id: 'c',
      scope: 'a b',
      iat: 1,
      exp: 2,
      jti: 'j',
      sid: 'sid',
      username: 'bob',
    });
    expect(introspectionResponse({ ...active, audience: ['a', 'b'] }).aud).toEqual(['a', 'b']);
  });

  it('says nothing of a bad one', () => expect(introspectionResponse(undefined)).toEqual({ active: false }));
});
