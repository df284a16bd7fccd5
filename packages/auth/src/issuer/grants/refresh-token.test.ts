import { describe, expect, it } from 'vitest';
import { login, openHouse, PUBLIC_URL, refresh, register, type Server } from '../../auth.contract.ts';

const scopes = { 'mcp:read': 'Read', 'mcp:write': 'Write' };

async function begin(over: Parameters<typeof openHouse>[0] = {}, options: Parameters<typeof login>[1] = {}) {
  const house = await openHouse({ scopes, ...over });
  const done = await login(house.first, { over: { scope: 'mcp:read mcp:write' }, ...options });
  const again = (
    server: Server = house.first,
    fields: Record<string, string> = {},
    token = done.tokens.refresh_token,
  ) => refresh(server, done.clientId, token, fields);
  return { ...house, ...done, again };
}

describe('refreshing at the token endpoint', () => {
  it('[S2][AS-11] gives 8 parallel refreshes over two replicas a working pair with the same refresh token', async () => {
    const { again, servers, tokens } = await begin();
    const all = await Promise.all(Array.from({ length: 8 }, (_, i) => again(servers[i % 2])));
    expect(all.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const successors = new Set(all.map(({ body }) => body.refresh_token));
    expect(successors.size).toBe(1);
    expect(successors).not.toContain(tokens.refresh_token);
    for (const [i, { body }] of all.entries())
      expect((await servers[(i + 1) % 2]!.guard(body.access_token)).status).toBe(200);
    expect((await again(servers[1], {}, [...successors][0])).status).toBe(200);
  });

  it('[S3] reuse ends that session and no other of the same person and client', async () => {
    const { again, first, second, clientId, tokens, clock } = await begin();
    const other = await login(first, { clientId });
    const next = await again();
    await second.guard(next.body.access_token);
    clock.advance(60);
    expect(await again(second)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await again(first, {}, next.body.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect((await second.guard(next.body.access_token)).status).toBe(401);
    expect((await first.guard(other.tokens.access_token)).status).toBe(200);
    expect((await refresh(second, clientId, other.tokens.refresh_token)).status).toBe(200);
    expect(tokens.refresh_token).not.toBe(next.body.refresh_token);
  });

  it('[S3] a client whose answer was lost, however long ago, is still logged in', async () => {
    const { again, second, clock } = await begin();
    const lost = await again();
    clock.advance(29 * 86_400);
    const found = await again(second);
    expect(found).toMatchObject({ status: 200, body: { refresh_token: lost.body.refresh_token } });
  });

  it('[G4][AS-12] the scope of the answer may shrink and never grow; the session keeps what was granted', async () => {
    const { again, first } = await begin();
    const fewer = await again(first, { scope: 'mcp:read' });
    expect(fewer.body.scope).toBe('mcp:read');
    expect(await first.guard(fewer.body.access_token)).toMatchObject({ scopes: ['mcp:read'] });
    const all = await again(first, {}, fewer.body.refresh_token);
    expect(all.body.scope).toBe('mcp:read mcp:write');
    const latest = all.body.refresh_token!;
    for (const scope of ['mcp:admin', 'mcp:read mcp:admin', 'bad"scope']) {
      expect(await again(first, { scope }, latest)).toMatchObject({
        status: 400,
        body: { error: 'invalid_scope' },
      });
    }
    expect((await again(first, { scope: 'mcp:read offline_access' }, latest)).body.scope).toBe('mcp:read');
  });

  it('[G4][AS-12] a narrower scope that a granted one implies may be asked for, and a broader one may not', async () => {
    const { again, first } = await begin(
      {
        scopes: { ...scopes, 'mcp:admin': 'Administer' },
        scopeHierarchy: { 'mcp:admin': ['mcp:write'], 'mcp:write': ['mcp:read'] },
      },
      { over: { scope: 'mcp:write' } },
    );
    const narrower = await again(first, { scope: 'mcp:read' });
    expect(narrower.body.scope).toBe('mcp:read');
    expect(await first.guard(narrower.body.access_token)).toMatchObject({ scopes: ['mcp:read'] });
    const latest = narrower.body.refresh_token!;
    for (const scope of ['mcp:admin', 'mcp:read mcp:admin'])
      expect(await again(first, { scope }, latest)).toMatchObject({
        status: 400,
        body: { error: 'invalid_scope' },
      });
    expect((await again(first, {}, latest)).body.scope).toBe('mcp:write');
  });

  it('[AS-10] the resource is that of the session', async () => {
    const { again, first } = await begin(
      { resources: [{ path: '/mcp' }, { path: '/other' }] },
      { over: { resource: `${PUBLIC_URL}/mcp` } },
    );
    for (const resource of [`${PUBLIC_URL}/other`, 'https://evil.example/mcp', 'not a url'])
      expect(await again(first, { resource })).toMatchObject({
        status: 400,
        body: { error: 'invalid_target' },
      });
    expect((await again(first, { resource: `${PUBLIC_URL}/mcp` })).status).toBe(200);
  });

  it('[AS-12] another client, a stranger or a forger gets nothing and ends nothing', async () => {
    const { again, first, tokens, clock } = await begin();
    const other = await register(first, { client_name: 'Other' });
    const [prefix, id, generation, mac] = tokens.refresh_token.split('.') as [string, string, string, string];
    const next = await again();
    await first.guard(next.body.access_token);
    clock.advance(120);
    expect(await again(first, { client_id: other.client_id })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    const forged = [
      `${prefix}.${id}.${generation}.${mac.slice(0, -2)}AA`,
      `${prefix}.${id}.${Number(generation) + 1}.${mac}`,
      `${prefix}.${'A'.repeat(22)}.${generation}.${mac}`,
      `${tokens.refresh_token}.`,
      'garbage',
      tokens.access_token,
    ];
    for (const token of forged)
      expect(await again(first, {}, token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await again(first, {}, next.body.refresh_token)).status).toBe(200);
  });

  it('is refused to a client that did not register for it', async () => {
    const { tokens, first } = await begin();
    const { client_id } = await register(first, { grant_types: ['authorization_code'] });
    expect(await refresh(first, client_id, tokens.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client' },
    });
  });

  it('[S4] is 503 while the store is away, forged or true, and every session works when it is back', async () => {
    const { again, control, tokens } = await begin();
    control.outage = 'all';
    const down = await again();
    expect(down).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect(down.headers.get('retry-after')).toBe('5');
    control.outage = 'none';
    expect((await again()).status).toBe(200);
    expect(tokens.refresh_token).toBeDefined();
  });

  it('ends with the configuration it came from: denied client, denied address, removed sign-in or resource', async () => {
    const { again, open, clientId, clock } = await begin();
    const { developmentPeople } = await import('../../sign-in/development-people.ts');
    const signIns = [developmentPeople({ people: [{ username: 'alice' }] })];
    const { scriptedSignIn } = await import('../../auth.contract.ts');
    for (const changed of [
      { issuer: { signIns, policy: { deniedClients: [clientId] } } },
      { issuer: { signIns, policy: { deniedRedirectUris: ['http://127.0.0.1:*'] } } },
      { issuer: { signIns: [scriptedSignIn().signIn] } },
      { resources: [{ path: '/other' }] },
    ]) {
      const server = await open(changed);
      expect(await again(server)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    }
    clock.advance(1);
    // Nothing was written: with the old configuration the session is as it was.
    expect((await again()).status).toBe(200);
  });

  it('ends when it is idle for 30 days, or 90 days old', async () => {
    const idle = await begin();
    idle.clock.advance(30 * 86_400);
    expect((await idle.again()).status).toBe(400);
    const old = await begin();
    let token = old.tokens.refresh_token;
    for (let day = 0; day < 89; day += 1) {
      old.clock.advance(86_400);
      const { status, body } = await old.again(old.servers[day % 2], {}, token);
      expect(status).toBe(200);
      token = body.refresh_token!;
    }
    old.clock.advance(86_400);
    expect((await old.again(old.first, {}, token)).status).toBe(400);
  });

  it('never issues an access token beyond the end of the session', async () => {
    const { again, clock } = await begin({ lifetimes: { sessionAbsoluteSeconds: 600 } });
    clock.advance(100);
    expect((await again()).body.expires_in).toBe(500);
  });

  it('[S6][S7] a rotated master secret logs nobody out; a wiped store does, and keeps the registration', async () => {
    const { first, open, masterSecret, clientId, tokens, store } = await begin();
    const changed = await open({
      masterSecret: { bytes: new Uint8Array(32).fill(7) },
      previousMasterSecret: masterSecret,
    });
    expect((await refresh(changed, clientId, tokens.refresh_token)).status).toBe(200);
    for (const kind of ['session', 'client', 'code', 'transaction'] as const) {
      for (const key of (await store.list(kind)).keys) await store.delete(kind, key);
    }
    expect((await refresh(first, clientId, tokens.refresh_token)).status).toBe(400);
    expect((await login(first, { clientId })).tokens.scope).toBe('mcp:read');
  });
});
