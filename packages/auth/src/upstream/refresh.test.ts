import { beforeEach, describe, expect, it } from 'vitest';
import type { ProviderFault } from './provider-fault.ts';
import { refreshTokens } from './refresh.ts';
import { CLIENT_SECRET, faultOf, json, scriptedProvider, sign } from './scripted-provider.contract.ts';

let idp: Awaited<ReturnType<typeof scriptedProvider>>;
const before = { accessToken: 'old', refreshToken: 'rt', scope: 'openid', expiresAt: 5 };
const answer = (body: Record<string, unknown>, status = 200) =>
  idp.answer('/token', () =>
    json({ ...(status === 200 && { access_token: 'new', token_type: 'Bearer' }), ...body }, status),
  );

beforeEach(async () => {
  idp = await scriptedProvider({ options: { tokenParameters: { audience: 'db' } } });
});

describe('a refresh at the provider', () => {
  it('gives new tokens, and keeps what did not come again', async () => {
    answer({ expires_in: 60 });
    expect(await refreshTokens(idp.provider, { ...before, idToken: 'kept' })).toEqual({
      accessToken: 'new',
      refreshToken: 'rt',
      idToken: 'kept',
      scope: 'openid',
      expiresAt: Math.floor(idp.clock.now() / 1000) + 60,
    });
    answer({ refresh_token: 'rotated', scope: 'openid email' });
    expect(await refreshTokens(idp.provider, before)).toEqual({
      accessToken: 'new',
      refreshToken: 'rotated',
      scope: 'openid email',
    });
  });

  it('is one request, whatever came with the answer', async () => {
    answer({ id_token: await sign(idp.claims()) });
    await refreshTokens(idp.provider, before);
    expect(idp.sent).toHaveLength(1);
    expect(idp.sent[0]).toMatchObject({
      path: '/token',
      method: 'POST',
      form: { grant_type: 'refresh_token', refresh_token: 'rt', audience: 'db' },
      headers: { authorization: expect.stringMatching(/^Basic /) },
    });
  });

  it('asks nobody without a refresh token', async () => {
    expect(await faultOf(refreshTokens(idp.provider, { accessToken: 'a' }))).toMatchObject({
      kind: 'invalid',
      operation: 'refresh',
    });
    expect(idp.sent).toEqual([]);
  });

  it.each([
    [400, { error: 'invalid_grant' }, 'ended'],
    [400, { error: 'invalid_client' }, 'misconfigured'],
    [401, {}, 'misconfigured'],
    [503, { error: 'invalid_grant' }, 'unavailable'],
    [429, {}, 'unavailable'],
  ])('that meets %i %j is %s', async (status, body, kind) => {
    answer(body, status);
    expect(await faultOf(refreshTokens(idp.provider, before))).toMatchObject({ kind, operation: 'refresh' });
  });

  it.each([
    ['no access token', { access_token: undefined }],
    ['another type of token', { token_type: 'N_A' }],
    ['a refresh token that is none', { refresh_token: 7 }],
    ['an empty access token', { access_token: '' }],
  ])('that brings %s ends nothing, and shows nothing', async (_what, body) => {
    answer({ access_token: 'very-secret', ...body });
    const fault = (await faultOf(refreshTokens(idp.provider, before))) as ProviderFault;
    expect(fault).toMatchObject({ kind: 'invalid', operation: 'refresh' });
    expect(JSON.stringify(fault) + String(fault.cause)).not.toContain('very-secret');
  });

  it('shows neither the refresh token nor the client secret in a fault', async () => {
    answer({ error: 'invalid_request', error_description: `rt is for ${CLIENT_SECRET}` }, 400);
    expect(await faultOf(refreshTokens(idp.provider, before))).toMatchObject({
      detail: { description: '[redacted] is for [redacted]' },
    });
  });
});

describe('the ID token of a refresh', () => {
  it('replaces the old one when it is about the same person', async () => {
    const idToken = await sign(idp.claims());
    answer({ id_token: await sign(idp.claims({ iat: 7 })) });
    const next = await refreshTokens(idp.provider, { ...before, idToken });
    expect(next.idToken).not.toBe(idToken);
  });

  it.each([
    ['another person', { sub: 'root' }],
    ['the same subject elsewhere', { iss: 'https://evil.example' }],
    ['nobody', { sub: undefined }],
  ])('about %s is refused', async (_what, over) => {
    const idToken = await sign(idp.claims());
    answer({ id_token: await sign(idp.claims(over)) });
    expect(await faultOf(refreshTokens(idp.provider, { ...before, idToken }))).toMatchObject({
      kind: 'invalid',
      detail: { why: 'the new ID token is about another person' },
    });
  });

  it('that can not be read, or that nothing can be held against, loses no rotated refresh token', async () => {
    for (const [idToken, fresh] of [
      [undefined, await sign(idp.claims({ sub: 'root' }))],
      ['unreadable', await sign(idp.claims())],
      [await sign(idp.claims()), 'unreadable'],
      [await sign(idp.claims()), 7],
    ] as const) {
      answer({ refresh_token: 'rotated', id_token: fresh });
      expect(await refreshTokens(idp.provider, { ...before, idToken })).toMatchObject({
        refreshToken: 'rotated',
      });
    }
  });

  it('is not kept of a provider that was not asked for one', async () => {
    idp = await scriptedProvider({ options: { scopes: ['read'] } });
    answer({ id_token: await sign(idp.claims()) });
    expect(await refreshTokens(idp.provider, before)).not.toHaveProperty('idToken');
  });
});
