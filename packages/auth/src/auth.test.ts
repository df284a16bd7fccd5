import { describe, expect, it } from 'vitest';
import { ScriptedBrowser } from '../../../e2e/clients/scripted-browser.ts';
import { createAuth } from './auth.ts';
import { manualClock } from './core/clock.ts';
import type { AuthEvent } from './core/events.ts';
import { OperatorError } from './core/operator-error.ts';
import { viewRequest } from './core/request-view.ts';
import { codeChallenge } from './protocol/pkce.ts';
import { developmentPeople } from './sign-in/development-people.ts';
import type { Verifier } from './verify/verifier.ts';

const PUBLIC_URL = 'http://localhost:8000';
const REDIRECT_URI = 'http://127.0.0.1:4567/callback';
const VERIFIER = 'v'.repeat(43);

async function start() {
  const events: AuthEvent[] = [];
  const clock = manualClock();
  const auth = await createAuth({
    publicUrl: PUBLIC_URL,
    issuer: { signIns: [developmentPeople({ people: [{ username: 'alice' }, { username: 'bob' }] })] },
    clock,
    onEvent: (event) => events.push(event),
  });
  const call = async (url: string, init?: RequestInit) => {
    const headers = new Headers(init?.headers);
    headers.set('host', new URL(url).host);
    const response = await auth.handle(new Request(url, { ...init, headers }), '127.0.0.1');
    if (!response) throw new Error(`not answered: ${url}`);
    return response;
  };
  const form = (path: string, fields: Record<string, string>) =>
    call(PUBLIC_URL + path, { method: 'POST', body: new URLSearchParams(fields) });
  const guard = async (token?: string) => {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    return auth
      .gate('/mcp')
      .guard(viewRequest(new Request(`${PUBLIC_URL}/mcp`, { method: 'POST', headers })));
  };
  return { auth, call, form, guard, events, clock };
}

async function login(server: Awaited<ReturnType<typeof start>>, person = 'alice') {
  const body = JSON.stringify({
    redirect_uris: ['http://127.0.0.1/callback'],
    client_name: 'Test',
    token_endpoint_auth_method: 'none',
  });
  const headers = { 'content-type': 'application/json' };
  const registration = await (
    await server.call(`${PUBLIC_URL}/register`, { method: 'POST', headers, body })
  ).json();
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: registration.client_id,
    redirect_uri: REDIRECT_URI,
    code_challenge: codeChallenge(VERIFIER),
    code_challenge_method: 'S256',
    state: 'xyz',
    resource: `${PUBLIC_URL}/mcp`,
  });
  const browser = new ScriptedBrowser(server.call);
  const answer = await browser.walk(`${PUBLIC_URL}/authorize?${query}`, { person });
  const code = answer.searchParams.get('code')!;
  const fields = {
    grant_type: 'authorization_code',
    code,
    client_id: registration.client_id,
    redirect_uri: REDIRECT_URI,
    code_verifier: VERIFIER,
  };
  const response = await server.form('/token', fields);
  return {
    clientId: registration.client_id as string,
    answer,
    code,
    fields,
    response,
    tokens: await response.json(),
  };
}

describe('createAuth', () => {
  it('takes a client from registration to a guarded call, as the person who signed in', async () => {
    const server = await start();
    const { answer, response, tokens } = await login(server, 'bob');
    expect(answer.searchParams.get('iss')).toBe(PUBLIC_URL);
    expect(answer.searchParams.get('state')).toBe('xyz');
    expect(response.status).toBe(200);
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'mcp:read' });
    const passage = await server.guard(tokens.access_token);
    expect(passage).toMatchObject({
      allowed: true,
      caller: { identity: { subject: 'bob' }, resource: `${PUBLIC_URL}/mcp` },
    });
  });

  it('challenges a request without a token', async () => {
    const server = await start();
    const passage = await server.guard();
    expect(passage).toMatchObject({ allowed: false, response: { status: 401 } });
    const challenge = passage.allowed ? '' : passage.response.headers['www-authenticate'];
    expect(challenge).toBe(
      `Bearer scope="mcp:read", resource_metadata="${PUBLIC_URL}/.well-known/oauth-protected-resource/mcp"`,
    );
  });

  it('refreshes, and gives the same refresh token to a client whose answer was lost', async () => {
    const server = await start();
    const { clientId, tokens } = await login(server);
    const refresh = async (token: string) => {
      const response = await server.form('/token', {
        grant_type: 'refresh_token',
        refresh_token: token,
        client_id: clientId,
      });
      return { status: response.status, body: await response.json() };
    };
    const first = await refresh(tokens.refresh_token);
    const again = await refresh(tokens.refresh_token);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body.refresh_token).toBe(first.body.refresh_token);
    await server.guard(first.body.access_token);
    server.clock.advance(61);
    expect(await refresh(tokens.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(await server.guard(first.body.access_token)).toMatchObject({
      allowed: false,
      response: { status: 401 },
    });
    expect(server.events).toContainEqual(
      expect.objectContaining({ type: 'session.ended', why: 'refresh-reused' }),
    );
  });

  it('redeems a code once', async () => {
    const server = await start();
    const { fields, tokens } = await login(server);
    expect((await server.form('/token', fields)).status).toBe(400);
    expect(await server.guard(tokens.access_token)).toMatchObject({ allowed: true });
    server.clock.advance(11);
    expect((await server.form('/token', fields)).status).toBe(400);
    expect(await server.guard(tokens.access_token)).toMatchObject({ allowed: false });
  });

  it('[G1] stops the start for options that can not work, naming the option', async () => {
    const issuer = { signIns: [developmentPeople({ people: [{ username: 'alice' }] })] };
    const wrong: [Parameters<typeof createAuth>[0], string][] = [
      [{ publicUrl: 'nonsense', issuer }, 'publicUrl'],
      [{ publicUrl: 'ftp://mcp.example.com', issuer }, 'publicUrl'],
      [{ publicUrl: 'http://mcp.example.com', issuer }, 'publicUrl'],
      [{ publicUrl: 'https://mcp.example.com/?x', issuer }, 'publicUrl'],
      [{ publicUrl: 'https://mcp.example.com/#', issuer }, 'publicUrl'],
      [{ publicUrl: 'https://user@mcp.example.com', issuer }, 'publicUrl'],
      [{ publicUrl: 'https://:secret@mcp.example.com', issuer }, 'publicUrl'],
      [{ publicUrl: PUBLIC_URL }, 'issuer'],
      [{ publicUrl: PUBLIC_URL, issuer, anyone: true }, 'anyone'],
      [{ publicUrl: PUBLIC_URL, issuer, resources: [] }, 'resources'],
      [{ publicUrl: PUBLIC_URL, issuer, resources: [{ path: 'mcp' }] }, 'resources'],
      [{ publicUrl: PUBLIC_URL, issuer, resources: [{ path: '/a/../b' }] }, 'resources'],
      [{ publicUrl: PUBLIC_URL, issuer, resources: [{ path: '/mcp/' }] }, 'resources'],
      [{ publicUrl: PUBLIC_URL, issuer, resources: [{ path: '/mcp?x' }] }, 'resources'],
      [{ publicUrl: PUBLIC_URL, issuer, resources: [{ path: '/token' }] }, 'resources'],
      [{ publicUrl: PUBLIC_URL, issuer, resources: [{ path: '/.well-known/x' }] }, 'resources'],
      [{ publicUrl: PUBLIC_URL, issuer, resources: [{ path: '/mcp' }, { path: '/mcp' }] }, 'resources'],
      [{ publicUrl: PUBLIC_URL, issuer, trustedProxies: ['proxy'] }, 'trustedProxies'],
    ];
    for (const [options, setting] of wrong) {
      const error: unknown = await createAuth(options).catch((caught: unknown) => caught);
      expect({
        options,
        problems: error instanceof OperatorError && error.problems.map((problem) => problem.setting),
      }).toEqual({ options, problems: [setting] });
    }
  });

  it('leaves alone what is not its own, and answers unknown well-known names by 404', async () => {
    const { auth, call } = await start();
    for (const path of ['/', '/index.html', '/mcp', '/tokens', '/token/', '/.well-known/acme-challenge/x'])
      expect(await auth.handle(new Request(PUBLIC_URL + path))).toBeUndefined();
    const response = await call(`${PUBLIC_URL}/.well-known/oauth-unknown`);
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([404, '*']);
    expect(() => auth.gate('/other')).toThrow(TypeError);
    expect(auth.gateAt('/other')).toBeUndefined();
    expect(auth.gateAt('/mcp/')).toBe(auth.gate('/mcp'));
  });

  it('[RS-17][G2] answers for its own hosts only, and no forwarded request with development people', async () => {
    const { auth } = await start();
    const status = async (headers: Record<string, string>) =>
      (await auth.handle(new Request(`${PUBLIC_URL}/jwks`, { headers })))?.status;
    expect(await status({ host: 'localhost:8000' })).toBe(200);
    expect(await status({ host: 'evil.example' })).toBe(421);
    expect(await status({ host: 'localhost:8000', 'x-forwarded-for': '192.0.2.1' })).toBe(403);
  });

  it('[AS-13] tells browsers to stay with https where the public URL is https, and nowhere else', async () => {
    const signIns = [developmentPeople({ people: [{ username: 'alice' }] })];
    for (const [publicUrl, header] of [
      ['https://mcp.example.com', expect.stringMatching(/^max-age=\d+$/)],
      [PUBLIC_URL, null],
    ] as const) {
      const auth = await createAuth({ publicUrl, issuer: { signIns } });
      for (const path of ['/jwks', '/authorize', '/.well-known/oauth-unknown'])
        expect(
          (await auth.handle(new Request(publicUrl + path)))!.headers.get('strict-transport-security'),
        ).toEqual(header);
    }
  });

  it('gets its verifiers ready when it is asked to, and not by itself', async () => {
    const warmed: string[] = [];
    const verifier = (name: string, warm?: () => Promise<void>): Verifier => ({
      name,
      recognizes: () => false,
      verify: () => Promise.reject(new Error('never asked')),
      ...(warm ? { warm } : {}),
    });
    const verifiers = [verifier('a', async () => void warmed.push('a')), verifier('b')];
    const auth = await createAuth({ publicUrl: PUBLIC_URL, verifiers });
    expect(warmed).toEqual([]);
    await auth.warm();
    expect(warmed).toEqual(['a']);
  });

  it('lets everybody in when told so, as nobody in particular, and describes no way to log in', async () => {
    const auth = await createAuth({ publicUrl: PUBLIC_URL, anyone: true });
    expect(auth.issuer).toBeUndefined();
    expect(auth.routes).toEqual([]);
    const request = new Request(`${PUBLIC_URL}/mcp`);
    expect(await auth.gate().guard(viewRequest(request))).toMatchObject({
      allowed: true,
      caller: { identity: { issuer: 'urn:portcullis:anyone', subject: 'anyone' }, scopes: [] },
    });
    for (const headers of [
      { host: 'evil.example' },
      { origin: 'https://evil.example' },
      { 'x-forwarded-for': '1' },
    ] as Record<string, string>[])
      expect(await auth.gate().guard(viewRequest(new Request(request, { headers })))).toMatchObject({
        allowed: false,
      });
    expect([await auth.ready(), await auth.sweep(), await auth.close()]).toEqual([undefined, 0, undefined]);
  });

  it('[PX-10] works without an issuer of its own: the resource names those of others, and shows them no token of ours', async () => {
    const shown: string[] = [];
    const verifier: Verifier = {
      name: 'elsewhere',
      recognizes: (token) => token.startsWith('their-'),
      async verify(token, resource) {
        shown.push(token);
        const caller = {
          identity: { issuer: 'https://idp.example', subject: 'x' },
          clientId: 'c',
          scopes: ['mcp:read'],
          resource,
          expiresAt: 9e9,
        };
        return { expiresAt: 9e9, admit: () => caller };
      },
    };
    const auth = await createAuth({
      publicUrl: PUBLIC_URL,
      verifiers: [verifier],
      authorizationServers: ['https://idp.example'],
    });
    const metadata = await (await auth.handle(
      new Request(`${PUBLIC_URL}/.well-known/oauth-protected-resource/mcp`),
    ))!.json();
    expect(metadata).toMatchObject({
      authorization_servers: ['https://idp.example'],
      resource: `${PUBLIC_URL}/mcp`,
    });
    const guard = (token: string) =>
      auth
        .gate()
        .guard(
          viewRequest(new Request(`${PUBLIC_URL}/mcp`, { headers: { authorization: `Bearer ${token}` } })),
        );
    expect(await guard('their-token')).toMatchObject({
      allowed: true,
      caller: { identity: { subject: 'x' } },
    });
    expect(await guard('other')).toMatchObject({ allowed: false, response: { status: 401 } });
    expect(shown).toEqual(['their-token']);
  });
});
