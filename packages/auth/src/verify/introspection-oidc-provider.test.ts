import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ASKING_BY_POST,
  ASKING_CLIENT,
  type IntrospectionProvider,
  startIntrospectionProvider,
} from '../../../../e2e/servers/introspection-provider.ts';
import { type ManualClock, manualClock } from '../core/clock.ts';
import { guardedFetch } from '../net/guarded-fetch.ts';
import { type IntrospectionOptions, introspectionVerifier } from './introspection.ts';
import { refusalOf } from './verifier.contract.ts';

const RESOURCE = 'https://mcp.example.com/mcp';

let provider: IntrospectionProvider;
let clock: ManualClock;
beforeAll(async () => {
  provider = await startIntrospectionProvider();
  clock = manualClock(Date.now());
});
afterAll(() => provider.close());

const issue: IntrospectionProvider['issue'] = (kind, values) => provider.issue(kind, values);
const open = (options: Partial<IntrospectionOptions> = {}) =>
  introspectionVerifier(
    { endpoint: provider.endpoint, issuer: provider.issuer, ...ASKING_CLIENT, ...options },
    { fetch: guardedFetch({ trust: 'operator' }), clock },
  );

describe('introspection at a certified provider', () => {
  it.each([
    ['basic', ASKING_CLIENT.clientId],
    ['post', ASKING_BY_POST],
  ] as const)('knows an access token, asked with %s', async (clientAuthentication, clientId) => {
    const token = await issue('AccessToken', { aud: RESOURCE });
    const verifier = open({ clientAuthentication, clientId });
    const verified = await verifier.verify(token, RESOURCE);
    expect(verified.admit()).toMatchObject({
      identity: { issuer: provider.issuer, subject: 'u-1' },
      clientId: 'app',
      scopes: ['openid', 'mcp:read'],
    });
    expect(verified.expiresAt).toBeGreaterThan(clock.now() / 1000);
  });

  it('[G5] takes no refresh token for an access token, with an audience or without', async () => {
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
    await provider.revoke(token);
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
