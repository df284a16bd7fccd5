import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS } from '../../../../e2e/servers/faulty-proxy.ts';
import { type Auth, createAuth } from '../auth.ts';
import { viewRequest } from '../core/request-view.ts';
import { introspectionVerifier } from './introspection.ts';
import { jwtVerifier } from './jwt.ts';
import {
  ISSUER as JWT_ISSUER,
  jwtWorld,
  type KeyServer,
  type Signer,
  sign,
  signer,
  startKeyServer,
} from './jwt-tokens.contract.ts';
import { providerApiVerifier } from './provider-api.ts';
import { RESOURCE, startTokenServer, type TokenServer } from './token-server.contract.ts';

let keys: KeyServer;
let by: Signer;
let opaque: TokenServer;
let api: TokenServer;
let auth: Auth;
const world = jwtWorld();

beforeAll(async () => {
  by = await signer('ES256', 'k');
  keys = await startKeyServer(by);
  opaque = await startTokenServer((known, { form }) => {
    const claims = known.get(form.get('token') ?? '');
    return {
      status: 200,
      body: claims ? { active: true, token_type: 'Bearer', ...claims } : { active: false },
    };
  });
  api = await startTokenServer((known, { headers }) => {
    const claims = known.get((headers.authorization ?? '').replace('Bearer ', ''));
    return claims ? { status: 200, body: claims } : { status: 401, body: {} };
  });
  const { clock } = world;
  const parts = { ...opaque.parts, clock };
  auth = await createAuth({
    publicUrl: new URL(RESOURCE).origin,
    resources: [{ path: '/mcp', requiredScopes: ['a', 'b'] }],
    clock,
    verifiers: [
      jwtVerifier({ issuer: JWT_ISSUER, keys: { jwksUri: keys.url } }, parts),
      providerApiVerifier(
        {
          issuer: 'https://git.example',
          calls: [{ url: `${api.proxy.url}/check` }],
          audience: RESOURCE,
          opaqueTokens: ['op_'],
        },
        parts,
      ),
      introspectionVerifier(
        {
          issuer: 'https://id.example',
          endpoint: `${opaque.proxy.url}/introspect`,
          clientId: 'g',
          clientSecret: 's',
        },
        parts,
      ),
    ],
  });
});
afterAll(async () => {
  await auth.close();
  for (const { proxy } of [keys, opaque, api]) await proxy.close();
});

async function present(token: string) {
  const request = new Request(RESOURCE, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  const passage = await auth.gate('/mcp').guard(viewRequest(request, '127.0.0.1'));
  if (passage.allowed)
    return { status: 200, caller: passage.caller, headers: {} as Record<string, string>, body: '' };
  const { status, headers, body } = passage.response;
  return { status, headers, body, caller: undefined };
}

describe("somebody else's tokens at the gate", () => {
  it('[G5] are shown to the verifier they are for, and to no other', async () => {
    expect(await present(await sign(world.clock, by))).toMatchObject({
      status: 200,
      caller: { clientId: 'c-1' },
    });
    expect(api.proxy.requests.length + opaque.proxy.requests.length).toBe(0);
    expect(await present(api.issue({ scopes: ['a', 'b'] }))).toMatchObject({ status: 200 });
    expect(opaque.proxy.requests.length).toBe(0);
    expect(await present('op_that_nobody_knows')).toMatchObject({ status: 401 });
    expect(opaque.proxy.requests.length).toBe(0);
    opaque.known.set('other', api.known.get([...api.known.keys()][0]!)!);
    expect(await present('other')).toMatchObject({
      status: 200,
      caller: { identity: { issuer: 'https://id.example' } },
    });
    expect(api.proxy.requests.length).toBe(2);
    const foreign = await sign(world.clock, by, { claims: { iss: 'https://else.example' } });
    for (const token of [foreign, foreign.slice(0, 80)]) expect((await present(token)).status).toBe(401);
    expect([keys, api, opaque].map(({ proxy }) => proxy.requests.length)).toEqual([1, 2, 1]);
  });

  it('[G4][RS-13] without a scope that is needed are 403, with one challenge that asks for all of them', async () => {
    for (const token of [
      await sign(world.clock, by, { claims: { scope: 'a' } }),
      api.issue({ scopes: ['b'] }),
    ]) {
      const { status, headers, body } = await present(token);
      expect(status).toBe(403);
      expect(JSON.parse(body)).toMatchObject({ error: 'insufficient_scope' });
      expect(headers['www-authenticate']).toMatch(
        /^Bearer error="insufficient_scope".* scope="a b", resource_metadata="/,
      );
      expect(headers['www-authenticate']?.match(/Bearer/g)).toHaveLength(1);
    }
  });

  it('are 503 with Retry-After while their provider is away, and never 401', async () => {
    const token = api.issue({ scopes: ['a', 'b'] });
    api.proxy.fail('/check', FAULTS.tooMany, 1);
    const away = await present(token);
    expect(away).toMatchObject({ status: 503, headers: { 'retry-after': '7' } });
    expect(away.headers['www-authenticate']).toBeUndefined();
    expect(JSON.parse(away.body)).toMatchObject({ error: 'temporarily_unavailable' });
    expect((await present(token)).status).toBe(200);
  });

  it('[G8] are asked about once in their time, however many requests come', async () => {
    const token = api.issue({ scopes: ['a', 'b'] });
    const before = api.proxy.requests.length;
    await Promise.all(Array.from({ length: 50 }, () => present(token)));
    for (let n = 0; n < 50; n += 1) expect((await present(token)).status).toBe(200);
    expect(api.proxy.requests.length - before).toBe(1);
    world.clock.advance(60);
    await Promise.all(Array.from({ length: 50 }, () => present(token)));
    expect(api.proxy.requests.length - before).toBe(2);
  });
});
