import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { login, openHouse, PUBLIC_URL, refresh } from '../auth.contract.ts';
import { viewRequest } from '../core/request-view.ts';

const CHALLENGE = `Bearer scope="mcp:read", resource_metadata="${PUBLIC_URL}/.well-known/oauth-protected-resource/mcp"`;

async function begin(over: Parameters<typeof openHouse>[0] = {}, options: Parameters<typeof login>[1] = {}) {
  const house = await openHouse(over);
  return { ...house, ...(await login(house.first, options)) };
}

const partsOf = (token: string) => token.split('.') as [string, string, string];
const decode = (part: string) =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a request without a good token', () => {
  it('[RS-1][RS-6][C1] is challenged the same way for every method', async () => {
    const { auth } = (await openHouse()).first;
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'PUT']) {
      const passage = await auth.gate().guard(viewRequest(new Request(`${PUBLIC_URL}/mcp`, { method })));
      if (passage.allowed) throw new Error('let in');
      expect([passage.response.status, passage.response.headers['www-authenticate']]).toEqual([
        401,
        CHALLENGE,
      ]);
    }
  });

  it('[RS-10] is not let in by a token in the query or by another scheme', async () => {
    const { first, tokens } = await begin();
    const request = new Request(`${PUBLIC_URL}/mcp?access_token=${tokens.access_token}`);
    expect(await first.auth.gate().guard(viewRequest(request))).toMatchObject({
      allowed: false,
      response: { status: 401 },
    });
    expect(
      await first.guard(undefined, { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }),
    ).toMatchObject({ status: 401 });
    expect(await first.guard(undefined, { authorization: `DPoP ${tokens.access_token}` })).toMatchObject({
      status: 401,
    });
  });

  it('[RS-11][RS-15] reads the scheme in any case, and takes nothing malformed', async () => {
    const { first, tokens } = await begin();
    for (const scheme of ['bearer', 'BEARER', 'BeArEr  '])
      expect(
        (await first.guard(undefined, { authorization: `${scheme} ${tokens.access_token}` })).status,
      ).toBe(200);
    for (const authorization of [
      'Bearer',
      'Bearer a b',
      `Bearer ${tokens.access_token}, Bearer ${tokens.access_token}`,
      `Bearer "${tokens.access_token}"`,
      `Bearer ${'a'.repeat(20_000)}`,
    ])
      expect((await first.guard(undefined, { authorization })).status).toBe(400);
    const twice = {
      ...viewRequest(
        new Request(`${PUBLIC_URL}/mcp`, { headers: { authorization: `Bearer ${tokens.access_token}` } }),
      ),
      headerCount: () => 2,
    };
    expect(await first.auth.gate().guard(twice)).toMatchObject({ allowed: false, response: { status: 400 } });
  });

  it('[RS-7][RS-9][G5][G9] is 401 for whatever is not ours to the last bit, and never 500', async () => {
    const { first, tokens, code, clientId } = await begin();
    const [header, payload, signature] = partsOf(tokens.access_token);
    const claims = decode(payload);
    const jwks = (await (await first.call('/jwks')).json()) as { keys: Record<string, string>[] };
    const hs256 = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: jwks.keys[0]!.kid })}.${payload}`;
    const mac = createHmac('sha256', JSON.stringify(jwks.keys[0])).update(hs256).digest('base64url');
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ]);
    const attacker = (kid: string) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid }).sign(privateKey);
    const bad = [
      'garbage',
      tokens.refresh_token,
      code,
      clientId,
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.${signature}`,
      `${hs256}.${mac}`,
      `${header}.${encode({ ...claims, scope: 'mcp:admin' })}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature}.x`,
      `${header}.${payload}`,
      `${encode({ ...decode(header), crit: ['x'] })}.${payload}.${signature}`,
      `${encode({ ...decode(header), typ: 'JWT' })}.${payload}.${signature}`,
      await attacker(jwks.keys[0]!.kid!),
      await attacker('unknown'),
    ];
    for (const token of bad) {
      const { status, headers, body } = await first.guard(token);
      expect({ token, status }).toEqual({ token, status: 401 });
      expect(headers?.['www-authenticate']).toMatch(
        /^Bearer error="invalid_token", error_description="[^"]+", scope="mcp:read", resource_metadata="/,
      );
      expect(JSON.parse(body!)).toEqual({ error: 'invalid_token', error_description: expect.any(String) });
      expect(body).not.toContain(token);
    }
  });

  it('[RS-8] is 401 at another resource of the same server', async () => {
    const { first, tokens } = await begin(
      { resources: [{ path: '/mcp' }, { path: '/mcp/deeper' }, { path: '/other' }] },
      { over: { resource: `${PUBLIC_URL}/mcp` } },
    );
    for (const [path, allowed] of [
      ['/mcp', true],
      ['/mcp/deeper', false],
      ['/other', false],
    ] as const) {
      const request = new Request(PUBLIC_URL + path, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      expect({ path, ...(await first.auth.gate(path).guard(viewRequest(request))) }).toMatchObject({
        path,
        allowed,
      });
    }
  });

  it('[RS-7] is 401 once the token has expired, remembered or not', async () => {
    const { first, second, tokens, clock } = await begin();
    expect((await first.guard(tokens.access_token)).status).toBe(200);
    clock.advance(3700);
    for (const server of [first, second]) expect((await server.guard(tokens.access_token)).status).toBe(401);
  });
});

describe('a request that may not come from there', () => {
  it('[RS-17] is refused before its token is looked at', async () => {
    const { first, tokens } = await begin();
    expect((await first.guard(tokens.access_token, { host: 'evil.example' })).status).toBe(421);
    const refused = await first.guard(tokens.access_token, { origin: 'https://evil.example' });
    expect([refused.status, refused.headers?.['access-control-allow-origin']]).toEqual([403, undefined]);
    expect((await first.guard(undefined, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await first.guard(tokens.access_token, { origin: PUBLIC_URL })).status).toBe(200);
  });

  it('[G2] is refused when it was forwarded and people sign in without proof', async () => {
    const { first, tokens } = await begin();
    for (const name of [
      'forwarded',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-real-ip',
      'via',
      'x-forwarded-proto',
      'cf-connecting-ip',
    ])
      expect((await first.guard(tokens.access_token, { [name]: '1' })).status).toBe(403);
    const allowed = await openHouse({ allowForwarded: true });
    expect((await allowed.first.guard(undefined, { 'x-forwarded-for': '1' })).status).toBe(401);
  });

  it('[RS-23] may ask by a preflight, and scripts may read the refusal', async () => {
    const { first } = await openHouse();
    const preflight = await first.auth
      .gate()
      .guard(
        viewRequest(new Request(`${PUBLIC_URL}/mcp`, { method: 'OPTIONS', headers: { origin: PUBLIC_URL } })),
      );
    expect(preflight).toMatchObject({
      allowed: false,
      response: { status: 204, headers: { 'access-control-allow-origin': PUBLIC_URL } },
    });
    const refused = await first.guard(undefined, { origin: PUBLIC_URL });
    expect(refused.headers).toMatchObject({
      'access-control-allow-origin': PUBLIC_URL,
      'access-control-expose-headers': expect.stringContaining('WWW-Authenticate'),
    });
  });
});

describe('a good token', () => {
  it('[RS-12] is looked at on every request: ended, it is 401 at once here and within 5 seconds elsewhere, and ends no process', async () => {
    const { first, second, tokens, clock, clientId } = await begin();
    for (const server of [first, second]) expect((await server.guard(tokens.access_token)).status).toBe(200);
    await first.form('/revoke', { token: tokens.refresh_token, client_id: clientId });
    expect((await first.guard(tokens.access_token)).status).toBe(401);
    clock.advance(5);
    // Remembered as verified, no longer remembered as alive: the look fails, and its refusal is answered.
    expect((await second.guard(tokens.access_token)).status).toBe(401);
    expect((await second.guard(tokens.access_token)).status).toBe(401);
  });

  it('is read from the store at most once in the window', async () => {
    const { first, tokens, control, clock } = await begin();
    await first.guard(tokens.access_token);
    control.calls.length = 0;
    for (let i = 0; i < 10; i += 1) await first.guard(tokens.access_token);
    expect(control.calls).toEqual([]);
    clock.advance(5);
    await Promise.all(Array.from({ length: 10 }, () => first.guard(tokens.access_token)));
    expect(control.calls).toEqual(['get session']);
  });

  it('[S4] is 503 with Retry-After while nobody can tell; a bad one is 401 even then; afterwards all is well', async () => {
    const { first, second, tokens, control, clock } = await begin();
    await first.guard(tokens.access_token);
    clock.advance(6);
    control.outage = 'all';
    for (const server of [first, second]) {
      const { status, headers, body } = await server.guard(tokens.access_token);
      expect([
        status,
        headers?.['retry-after'],
        headers?.['www-authenticate'],
        JSON.parse(body!).error,
      ]).toEqual([503, '5', undefined, 'temporarily_unavailable']);
      for (const bad of [
        undefined,
        'garbage',
        `${tokens.access_token.slice(0, -4)}AAAA`,
        tokens.refresh_token,
      ])
        expect((await server.guard(bad)).status).toBe(401);
    }
    const [header, payload, signature] = partsOf(tokens.access_token);
    expect(
      (
        await first.guard(
          `${header}.${encode({ ...decode(payload), aud: 'https://other.example' })}.${signature}`,
        )
      ).status,
    ).toBe(401);
    clock.advance(3700);
    expect((await first.guard(tokens.access_token)).status).toBe(401);
    clock.advance(-3700);
    control.outage = 'none';
    expect((await first.guard(tokens.access_token)).status).toBe(200);
  });

  it('[RS-13] without a scope that the resource needs is 403 with all it needs', async () => {
    const scopes = { 'mcp:read': 'Read', 'mcp:write': 'Write', 'mcp:admin': 'Administer' };
    const needs = {
      scopes,
      resources: [{ path: '/mcp', requiredScopes: ['mcp:read', 'mcp:write'] }],
      scopeHierarchy: { 'mcp:admin': ['mcp:write', 'mcp:read'] },
    };
    const { first, tokens } = await begin(needs, { over: { scope: 'mcp:read' } });
    const { status, headers, body } = await first.guard(tokens.access_token);
    expect(status).toBe(403);
    expect(headers?.['www-authenticate']).toContain('error="insufficient_scope"');
    expect(headers?.['www-authenticate']).toContain('scope="mcp:read mcp:write"');
    expect(headers?.['www-authenticate']).toContain('resource_metadata="');
    expect(JSON.parse(body!).error).toBe('insufficient_scope');
  });

  it('[RS-14][G4] with a broader scope passes, for the resource that needs the narrower ones', async () => {
    const { first, tokens } = await begin(
      {
        scopes: { 'mcp:read': 'Read', 'mcp:write': 'Write', 'mcp:admin': 'Administer' },
        resources: [{ path: '/mcp', requiredScopes: ['mcp:read', 'mcp:write'] }],
        scopeHierarchy: { 'mcp:admin': ['mcp:write'], 'mcp:write': ['mcp:read'] },
      },
      { over: { scope: 'mcp:admin' } },
    );
    expect(tokens.scope).toBe('mcp:admin');
    expect((await first.guard(tokens.access_token)).status).toBe(200);
  });

  it('[RS-13] lacking scopes for one operation is told all of them in one challenge', async () => {
    const { first } = await openHouse();
    const caller = {
      identity: { issuer: 'i', subject: 's' },
      clientId: 'c',
      scopes: ['mcp:read'],
      resource: `${PUBLIC_URL}/mcp`,
      expiresAt: 1,
    };
    const response = first.auth.gate().insufficientScope(caller, ['mcp:write', 'mcp:admin']);
    expect(response.status).toBe(403);
    expect(response.headers['www-authenticate']).toContain('scope="mcp:write mcp:admin"');
  });

  it('admits an open stream until the token expires or is revoked', async () => {
    const { first, tokens, clock, clientId } = await begin();
    let newest = tokens.refresh_token;
    const open = async () => {
      const { body } = await refresh(first, clientId, newest);
      newest = body.refresh_token!;
      const request = new Request(`${PUBLIC_URL}/mcp`, {
        headers: { authorization: `Bearer ${body.access_token}` },
      });
      const passage = await first.auth.gate().guard(viewRequest(request));
      if (!passage.allowed) throw new Error('not let in');
      return { admit: async () => passage.admit(), token: body.access_token! };
    };
    const expires = await open();
    clock.advance(3599);
    await expect(expires.admit()).resolves.toMatchObject({ clientId });
    clock.advance(1);
    await expect(expires.admit()).rejects.toMatchObject({ reason: 'token.expired' });
    const revoked = await open();
    await first.form('/revoke', { token: revoked.token, client_id: clientId });
    await expect(revoked.admit()).rejects.toMatchObject({ reason: 'token.revoked' });
  });

  it('[RS-22][G12] appears in no event', async () => {
    const { first, tokens, events } = await begin();
    await first.guard(tokens.access_token);
    await first.guard(`${tokens.access_token}x`);
    const log = JSON.stringify(events);
    for (const part of partsOf(tokens.access_token)) expect(log).not.toContain(part);
    expect(events).toContainEqual(expect.objectContaining({ type: 'request.allowed', subject: 'alice' }));
  });
});
