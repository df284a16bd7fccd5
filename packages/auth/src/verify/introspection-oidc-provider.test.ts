import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultyProxy, startFaultyProxy } from '../../../../e2e/servers/faulty-proxy.ts';
import { type ManualClock, manualClock } from '../core/clock.ts';
import { guardedFetch } from '../net/guarded-fetch.ts';
import { type IntrospectionOptions, introspectionVerifier } from './introspection.ts';
import { refusalOf } from './verifier.contract.ts';

const RESOURCE = 'https://mcp.example.com/mcp';
const GATE = { clientId: 'gate', clientSecret: 'only for tests: gate' };

type TokenKind = new (values: Readonly<Record<string, unknown>>) => { save(): Promise<string> };
interface TokenMaker {
  readonly AccessToken: TokenKind;
  readonly RefreshToken: TokenKind;
  readonly Client: { find(id: string): Promise<unknown> };
}

let proxy: FaultyProxy;
let maker: TokenMaker & Provider;
let clock: ManualClock;
beforeAll(async () => {
  proxy = await startFaultyProxy();
  clock = manualClock(Date.now());
  const client = (id: string, secret: string, method: string) => ({
    client_id: id,
    client_secret: secret,
    token_endpoint_auth_method: method,
    redirect_uris: ['https://app.example/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
  });
  maker = new Provider(proxy.url, {
    clients: [
      client(GATE.clientId, GATE.clientSecret, 'client_secret_basic'),
      client('gate-post', GATE.clientSecret, 'client_secret_post'),
      client('app', 'only for tests: app', 'client_secret_basic'),
    ],
    cookies: { keys: ['only for tests'] },
    ttl: { AccessToken: 300, Grant: 86_400, RefreshToken: 86_400 },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true, allowedPolicy: () => true },
    },
  }) as unknown as TokenMaker & Provider;
  proxy.passTo(maker.callback());
});
afterAll(() => proxy.close());

async function issue(kind: 'AccessToken' | 'RefreshToken', values: Readonly<Record<string, unknown>> = {}) {
  const grant = new maker.Grant({ accountId: 'u-1', clientId: 'app' });
  grant.addOIDCScope('openid');
  const grantId = await grant.save();
  const client = await maker.Client.find('app');
  const common = { accountId: 'u-1', client, grantId, gty: 'authorization_code', scope: 'openid mcp:read' };
  return new maker[kind]({ ...common, ...values }).save();
}

const open = (options: Partial<IntrospectionOptions> = {}) =>
  introspectionVerifier(
    { endpoint: `${proxy.url}/token/introspection`, issuer: proxy.url, ...GATE, ...options },
    { fetch: guardedFetch({ trust: 'operator' }), clock },
  );

describe('introspection at a certified provider', () => {
  it.each([
    ['basic', GATE.clientId],
    ['post', 'gate-post'],
  ] as const)('knows an access token, asked with %s', async (clientAuthentication, clientId) => {
    const token = await issue('AccessToken', { aud: RESOURCE });
    const verifier = open({ clientAuthentication, clientId });
    const verified = await verifier.verify(token, RESOURCE);
    expect(verified.admit()).toMatchObject({
      identity: { issuer: proxy.url, subject: 'u-1' },
      clientId: 'app',
      scopes: ['openid', 'mcp:read'],
    });
    expect(verified.expiresAt).toBeGreaterThan(clock.now() / 1000);
  });

  it('takes no refresh token for an access token, with an audience or without', async () => {
    const token = await issue('RefreshToken');
    expect((await refusalOf(open().verify(token, RESOURCE))).reason).toBe('token.audience');
    expect((await refusalOf(open({ audience: 'none' }).verify(token, RESOURCE))).reason).toBe('token.type');
  });

  it('takes no token that is for nobody in particular, unless that is written out', async () => {
    const token = await issue('AccessToken');
    expect((await refusalOf(open().verify(token, RESOURCE))).reason).toBe('token.audience');
    expect(await (await open({ audience: 'none' }).verify(token, RESOURCE)).admit()).toMatchObject({
      clientId: 'app',
    });
  });

  it('knows no forged token, and one that was revoked no longer', async () => {
    const verifier = open({ cacheSeconds: 10 });
    expect((await refusalOf(verifier.verify('forged', RESOURCE))).reason).toBe('token.unknown');
    const token = await issue('AccessToken', { aud: RESOURCE });
    const verified = await verifier.verify(token, RESOURCE);
    verified.admit();
    const revoked = await fetch(`${proxy.url}/token/revocation`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('app:only+for+tests%3A+app')}` },
      body: new URLSearchParams({ token }),
    });
    expect(revoked.status).toBe(200);
    expect(await verified.admit()).toMatchObject({ clientId: 'app' });
    clock.advance(10);
    expect((await refusalOf(Promise.resolve(verified.admit()))).reason).toBe('token.unknown');
  });

  it('with wrong credentials says nothing about the token', async () => {
    const refusal = await refusalOf(
      open({ clientSecret: 'wrong' }).verify(await issue('AccessToken'), RESOURCE),
    );
    expect(refusal).toMatchObject({ reason: 'verifier.unavailable', detail: { error: 'invalid_client' } });
  });
});
