import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { startKeycloak } from './providers/keycloak.ts';
import { call, RelyingParty } from './relying-party.ts';

let running: Awaited<ReturnType<typeof startKeycloak>> | undefined;
afterEach(() => running?.close());

async function start(options: Parameters<typeof startKeycloak>[0] = {}) {
  running = await startKeycloak(options);
  const base = running.reach('https://sso.acme.example/realms/acme/protocol/openid-connect');
  const { consoleValues, redirectUris } = running;
  const app = new RelyingParty({
    authorize: `${base}/auth`,
    token: `${base}/token`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
  });
  return { ...running, app, base };
}

describe('a stand-in', () => {
  it('utters its own addresses, or the real ones', async () => {
    const local = await start();
    expect(local.issuer).toBe(`${local.origin}/realms/acme`);
    await local.close();
    const real = await start({ addresses: 'real' });
    expect(real.issuer).toBe('https://sso.acme.example/realms/acme');
    expect(real.reach('https://elsewhere.example/x')).toBe('https://elsewhere.example/x');
    expect(real.reach('https://sso.acme.example.evil.example/')).toBe(
      'https://sso.acme.example.evil.example/',
    );
    const { json } = await call(real.reach(`${real.issuer}/.well-known/openid-configuration`));
    expect(json.token_endpoint).toBe(`${real.issuer}/protocol/openid-connect/token`);
  });

  it('keeps what it was asked', async () => {
    const { app, requests } = await start();
    await app.tokens({ scope: 'openid' }, 'alice');
    expect(requests.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)).toEqual([
      'GET auth',
      'POST auth',
      'POST token',
    ]);
    expect(requests[2]!.form.get('grant_type')).toBe('authorization_code');
  });

  it('can be made to answer something else', async () => {
    const { answerInstead, base } = await start();
    answerInstead('/realms/acme/protocol/openid-connect/certs', () => ({
      status: 503,
      body: '<html>later</html>',
    }));
    expect((await call(`${base}/certs`)).status).toBe(503);
    answerInstead('/realms/acme/protocol/openid-connect/certs', undefined);
    expect((await call(`${base}/certs`)).json).toHaveProperty('keys');
    expect((await call(`${base}/nothing`)).status).toBe(404);
    expect((await call(`${base}/token`)).status).toBe(405);
  });

  it('signs with a new key after a rotation, and can forget the old one', async () => {
    const { app, keys, base } = await start();
    const { access_token: old } = await app.tokens({ scope: 'openid' }, 'alice');
    const verify = (token: string) => jwtVerify(token, createRemoteJWKSet(new URL(`${base}/certs`)));
    await keys.rotate();
    await verify(old);
    await verify((await app.tokens({ scope: 'openid' }, 'alice')).access_token);
    await keys.rotate(undefined, true);
    await expect(verify(old)).rejects.toThrow('no applicable key');
  });
});

describe('the login page', () => {
  it('asks again for accounts that are not there, and makes no markup of what it was sent', async () => {
    const { app } = await start();
    const { status, text } = await app.signIn({ scope: 'openid', login_hint: '"><script>' }, 'nobody');
    expect([status, text]).toEqual([200, expect.stringContaining('There is no such account.')]);
    expect(text).not.toContain('<script>');
  });

  it('is not shown with prompt=none, nor for a repeated parameter', async () => {
    const { app } = await start();
    expect((await app.ask({ scope: 'openid', prompt: 'none' })).location?.searchParams.get('error')).toBe(
      'login_required',
    );
    const twice = await call(`${app.url({ scope: 'openid' })}&scope=email`);
    expect(twice.location?.searchParams.get('error')).toBe('invalid_request');
  });

  it('takes a request in a form too', async () => {
    const { app } = await start();
    const url = new URL(app.url({ scope: 'openid' }));
    const form = await call(`${url.origin}${url.pathname}`, { method: 'POST', body: url.searchParams });
    expect(form.text).toContain('type="hidden" name="scope" value="openid"');
    const body = new URLSearchParams([...url.searchParams, ['login', 'alice']]);
    const answer = await call(`${url.origin}${url.pathname}`, { method: 'POST', body });
    expect(answer.location?.searchParams.get('code')).toBeTruthy();
  });
});

describe('a code', () => {
  it('that is used again ends what was issued on it', async () => {
    const { app } = await start();
    const code = await app.code({ scope: 'openid' }, 'alice');
    const { json } = await app.redeem(code);
    await app.redeem(code);
    expect((await app.refresh(json.refresh_token as string)).json.error).toBe('invalid_grant');
  });
});
