import { describe, expect, it } from 'vitest';
import { REFUSALS } from '../core/refusal-reasons.ts';
import { errorResponse, TOKEN_RESPONSE_HEADERS, tokenResponse } from './token-response.ts';

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

  it('names no incident where there is none, and drops what an error may not hold', () => {
    expect(errorResponse({ error: 'invalid_grant', description: 'say "no" \\ é' })).toEqual({
      error: 'invalid_grant',
      error_description: expect.stringMatching(/^say [\x20\x21\x23-\x5b\x5d-\x7e]+$/),
    });
  });

  it('is never without its scopes, and has no refresh token that was not given', () => {
    const body = tokenResponse({ accessToken: 'a', expiresInSeconds: 1, scopes: [] });
    expect(body).toHaveProperty('scope');
    expect(body).not.toHaveProperty('refresh_token');
  });
});
