import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { isCodeVerifier } from './pkce.ts';
import { parseTokenRequest } from './token-request.ts';

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
