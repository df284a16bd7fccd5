import type * as oauth from 'oauth4webapi';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import type { ProviderAnswer } from './provider-fault.ts';
import { providerSettings } from './provider-settings.ts';
import { jsonResponse, providerTokens, tokenAnswerBody } from './token-answer.ts';

const answer = (text: string, contentType = 'application/json'): ProviderAnswer => ({
  status: 200,
  contentType,
  text,
  retryAfter: null,
});
const clock = manualClock(1_000_000_500);
const provider = { clock, settings: providerSettings({ issuer: 'https://idp.example', clientId: 'c' }) };
const result = (over: Partial<oauth.TokenEndpointResponse> = {}): oauth.TokenEndpointResponse => ({
  access_token: 'a',
  token_type: 'bearer',
  ...over,
});

describe('the answer of a token endpoint', () => {
  it('is a JSON object, whatever type it says it has', () => {
    expect(tokenAnswerBody('refresh', answer('{"access_token":"a"}', 'text/plain'))).toEqual({
      access_token: 'a',
    });
  });

  it.each(['', '<html>', '[]', 'null', '"a"', '7', 'access_token=a&token_type=bearer', '{'])(
    '%j is for the operator',
    (text) => {
      const read = () => tokenAnswerBody('refresh', answer(text, `text/html ${'x'.repeat(500)}`));
      expect(read).toThrow(
        expect.objectContaining({ kind: 'misconfigured', operation: 'refresh', detail: expect.any(Object) }),
      );
    },
  );

  it('is not told to the log, where it is none', () => {
    try {
      tokenAnswerBody('code-exchange', answer('access_token=very-secret', `x/${'y'.repeat(500)}`));
      expect.unreachable();
    } catch (fault) {
      const told = JSON.stringify(fault);
      expect(told).not.toContain('very-secret');
      expect(told.length).toBeLessThan(400);
    }
  });

  it('is handed on as it is, less what nobody reads', async () => {
    let deep: unknown = 1;
    for (let n = 0; n < 100_000; n += 1) deep = [deep];
    const response = jsonResponse({ access_token: 'a', scope: { x: [1] }, deep });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ access_token: 'a', scope: { x: [1] } });
  });
});

describe('the tokens that are kept', () => {
  it('live as long as the operator says, where the provider does not', () => {
    const settings = { ...provider.settings, tokenLifetimeSeconds: 100 };
    const now = Math.floor(clock.now() / 1000);
    expect(providerTokens(result(), { clock, settings }).expiresAt).toBe(now + 100);
    expect(providerTokens(result({ expires_in: 7 }), { clock, settings }).expiresAt).toBe(now + 7);
  });

  it('are what came, and no member more', () => {
    expect(providerTokens(result(), provider)).toEqual({ accessToken: 'a' });
    const all = result({ refresh_token: 'r', id_token: 'i', scope: 'x y', expires_in: 60 });
    expect(providerTokens(all, provider)).toEqual({
      accessToken: 'a',
      refreshToken: 'r',
      idToken: 'i',
      scope: 'x y',
      expiresAt: 1_000_060,
    });
  });

  it.each([
    [0, 1_000_000],
    [59.9, 1_000_059],
    [10 * 365 * 86_400, 316_360_000],
    [1e300, 316_360_000],
  ])('that live %d s end at %d', (expires_in, expiresAt) => {
    expect(providerTokens(result({ expires_in }), provider).expiresAt).toBe(expiresAt);
  });

  it('are the old ones where no new ones came, but for the time that the old access token had', () => {
    const before = { accessToken: 'old', refreshToken: 'r', idToken: 'i', scope: 'x', expiresAt: 5 };
    expect(providerTokens(result(), provider, before)).toEqual({
      accessToken: 'a',
      refreshToken: 'r',
      idToken: 'i',
      scope: 'x',
    });
    expect(providerTokens(result({ refresh_token: 'r2', scope: '' }), provider, before)).toMatchObject({
      refreshToken: 'r2',
      scope: '',
    });
  });
});
