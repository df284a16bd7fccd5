import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HandMadeProvider, startHandMadeProvider } from '../../../../e2e/servers/hand-made-provider.ts';
import type { Fetch } from '../core/fetch.ts';
import { type UpstreamProviderOptions, upstreamProvider } from './upstream-provider.ts';

const callbackUrl = 'http://127.0.0.1:9/auth/callback';

let idp: HandMadeProvider;
beforeAll(async () => {
  idp = await startHandMadeProvider();
  idp.answers.set('/token', { body: { access_token: 'at', token_type: 'bearer', refresh_token: 'rt' } });
  idp.answers.set('/userinfo', { body: { sub: 'u-1' } });
});
afterAll(() => idp.close());

const sent: {
  readonly path: string;
  readonly form: Record<string, string>;
  readonly authorization?: string;
}[] = [];
beforeEach(() => void sent.splice(0));
const watched: Fetch = (url, init) => {
  sent.push({
    path: new URL(url).pathname,
    form: Object.fromEntries(new URLSearchParams(String(init?.body ?? ''))),
    authorization: init?.headers?.authorization,
  });
  return fetch(url, { ...init, redirect: 'manual' });
};

async function open(options: Partial<UpstreamProviderOptions>, metadata: Record<string, unknown> = {}) {
  idp.answers.set('/.well-known/openid-configuration', { body: { ...idp.metadata, ...metadata } });
  return upstreamProvider(
    { issuer: idp.issuer, clientId: 'my-id', clientSecret: 'a b+c:%', scopes: ['x'], ...options },
    { fetch: watched },
  );
}

async function exchangeAndRefresh(
  options: Partial<UpstreamProviderOptions>,
  metadata?: Record<string, unknown>,
) {
  const door = await open(options, metadata);
  const step = await door.start({ state: 'st', callbackUrl });
  const context = { callbackUrl, secrets: step.secrets, state: 'st' };
  const { upstream } = await door.finish(new URLSearchParams({ code: 'c-1', state: 'st' }), context);
  await door.refresh!(upstream!);
  const [code, refresh, ...more] = sent.filter((request) => request.path === '/token');
  expect(more).toEqual([]);
  return { code: code!, refresh: refresh!, step };
}

describe('what is sent to the token endpoint', () => {
  it.each([
    ['nothing offered', undefined, 'basic'],
    ['both offered', ['client_secret_post', 'client_secret_basic'], 'basic'],
    ['only post offered', ['client_secret_post', 'private_key_jwt'], 'post'],
    ['neither offered', ['private_key_jwt'], 'basic'],
  ])('the secret, with %s', async (_what, offered, method) => {
    const { code, refresh } = await exchangeAndRefresh(
      {},
      { token_endpoint_auth_methods_supported: offered },
    );
    for (const request of [code, refresh]) {
      if (method === 'basic') {
        expect(request.authorization).toBe(`Basic ${btoa('my-id:a+b%2Bc%3A%25')}`);
        expect(request.form).not.toHaveProperty('client_secret');
      } else {
        expect(request.authorization).toBeUndefined();
        expect(request.form).toMatchObject({ client_id: 'my-id', client_secret: 'a b+c:%' });
      }
    }
  });

  it('the code with its verifier, then the refresh token, each with the parameters of the operator', async () => {
    const tokenParameters = { audience: 'db' };
    const { code, refresh, step } = await exchangeAndRefresh({ clientSecret: undefined, tokenParameters });
    expect(code.form).toEqual({
      grant_type: 'authorization_code',
      code: 'c-1',
      redirect_uri: callbackUrl,
      code_verifier: step.secrets.verifier,
      client_id: 'my-id',
      audience: 'db',
    });
    expect(refresh.form).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'rt',
      client_id: 'my-id',
      audience: 'db',
    });
  });

  it('no verifier where PKCE is switched off', async () => {
    const { code, step } = await exchangeAndRefresh({ pkce: false });
    expect(code.form).not.toHaveProperty('code_verifier');
    expect(step).toMatchObject({ secrets: {}, url: expect.not.stringContaining('code_challenge') });
  });

  it('nothing, when the answer lacks the issuer that the operator requires', async () => {
    const door = await open({ responseIssuerRequired: true });
    const step = await door.start({ state: 'st', callbackUrl });
    const context = { callbackUrl, secrets: step.secrets, state: 'st' };
    const answer = new URLSearchParams({ code: 'c-1', state: 'st' });
    await expect(door.finish(answer, context)).rejects.toMatchObject({ reason: 'sign-in.provider-answer' });
    expect(sent.filter((request) => request.path === '/token')).toEqual([]);
    answer.set('iss', idp.issuer);
    expect((await door.finish(answer, context)).identity.subject).toBe('u-1');
  });
});

describe('a session of a provider that writes its issuer with a slash', () => {
  it('is accepted by the sign-in that made it, whose setting has none', async () => {
    const door = await open({}, { issuer: `${idp.issuer}/` });
    const step = await door.start({ state: 'st', callbackUrl });
    const context = { callbackUrl, secrets: step.secrets, state: 'st' };
    const { identity } = await door.finish(new URLSearchParams({ code: 'c-1', state: 'st' }), context);
    expect(identity.issuer).toBe(`${idp.issuer}/`);
    expect(door.accepts(identity)).toBe(true);
    expect(door.accepts({ ...identity, issuer: `${idp.issuer}/other` })).toBe(false);
  });
});
