import { describe, expect, it } from 'vitest';
import { TOKEN_RESPONSE_HEADERS, tokenResponse } from './token-response.ts';

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

  it('is never without its scopes, and has no refresh token that was not given', () => {
    const body = tokenResponse({ accessToken: 'a', expiresInSeconds: 1, scopes: [] });
    expect(body).toHaveProperty('scope');
    expect(body).not.toHaveProperty('refresh_token');
  });
});
