import { describe, expect, it } from 'vitest';
import { revokeTokens } from './revoke.ts';
import { CLIENT_SECRET, faultOf, json, scriptedProvider } from './scripted-provider.contract.ts';

describe('telling the provider that a session is over', () => {
  it.each([
    [
      { accessToken: 'at', refreshToken: 'rt' },
      { token: 'rt', token_type_hint: 'refresh_token' },
    ],
    [{ accessToken: 'at' }, { token: 'at', token_type_hint: 'access_token' }],
  ])('%j is one request, with %j', async (tokens, form) => {
    const { provider, sent, answer } = await scriptedProvider();
    answer('/revoke', () => new Response(null, { status: 200 }));
    expect(await revokeTokens(provider, tokens)).toBe(true);
    expect(sent).toMatchObject([
      {
        path: '/revoke',
        method: 'POST',
        form,
        headers: { authorization: `Basic ${btoa(`my-id:${CLIENT_SECRET}`)}` },
      },
    ]);
  });

  it('asks nobody when there is nobody to ask', async () => {
    const { provider, sent } = await scriptedProvider({ metadata: { revocation_endpoint: undefined } });
    expect(await revokeTokens(provider, { accessToken: 'at' })).toBe(false);
    expect(sent).toEqual([]);
  });

  it.each([
    [503, {}, 'unavailable'],
    [400, { error: 'unsupported_token_type' }, 'misconfigured'],
    [404, {}, 'misconfigured'],
  ])('says how it went wrong: %i %j is %s', async (status, body, kind) => {
    const { provider, answer } = await scriptedProvider();
    answer('/revoke', () => json(body, status));
    expect(await faultOf(revokeTokens(provider, { accessToken: 'at' }))).toMatchObject({
      kind,
      operation: 'revoke',
    });
  });

  it('shows no token in a fault', async () => {
    const { provider, answer } = await scriptedProvider();
    answer('/revoke', () => json({ error: 'invalid_request', error_description: 'no rt-1, no at-1' }, 400));
    const fault = await faultOf(revokeTokens(provider, { accessToken: 'at-1', refreshToken: 'rt-1' }));
    expect(fault).toMatchObject({ detail: { description: 'no [redacted], no at-1' } });
  });
});
