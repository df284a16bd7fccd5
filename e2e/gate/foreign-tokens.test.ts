import { once } from 'node:events';
import http from 'node:http';
import { type Auth, createAuth } from '@portcullis/auth';
import { nodeListener } from '@portcullis/auth/adapters/node';
import { personKey } from '@portcullis/auth/core/identity';
import { guardedFetch } from '@portcullis/auth/net/guarded-fetch';
import { upstreamSignIn } from '@portcullis/auth/sign-in/upstream-provider';
import { introspectionVerifier } from '@portcullis/auth/verify/introspection';
import { jwtVerifier } from '@portcullis/auth/verify/jwt';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  challengeOf,
  newVerifier,
  type PlainClient,
  plainClient,
  readAnswer,
} from '../clients/plain-client.ts';
import { freePort } from '../servers/free-port.ts';
import { type HandMadeProvider, startHandMadeProvider } from '../servers/hand-made-provider.ts';
import {
  ASKING_CLIENT,
  type IntrospectionProvider,
  startIntrospectionProvider,
} from '../servers/introspection-provider.ts';
import { OIDC_PATHS, type RunningOidcProvider, startOidcProvider } from '../servers/oidc-provider.ts';
import { signInAtProvider } from '../servers/scripted-browser.ts';

const DIRECT_CALLBACK = 'http://127.0.0.1:9/direct';
const EMAIL = 'alice@example.com';

/** People sign in there, and its JWTs are taken. */
let staff: RunningOidcProvider;
/** Its JWTs are taken. */
let maker: HandMadeProvider;
/** It is asked about opaque tokens. */
let asked: IntrospectionProvider;
/** Nobody knows it. */
let bait: HandMadeProvider;
let auth: Auth;
let server: http.Server;
let client: PlainClient;
let mcpUrl: string;

/** An authorization server with a provider behind it, that takes tokens of three others beside its own. */
beforeAll(async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  mcpUrl = `${url}/mcp`;
  staff = await startOidcProvider({
    accounts: { 'u-1': { name: 'Alice', email: EMAIL, email_verified: true } },
    clients: [
      { client_id: 'portcullis', client_secret: 'secret', redirect_uris: [`${url}/auth/callback`] },
      { client_id: 'direct', redirect_uris: [DIRECT_CALLBACK] },
    ],
  });
  [maker, asked, bait] = await Promise.all([
    startHandMadeProvider(),
    startIntrospectionProvider(),
    startHandMadeProvider(),
  ]);
  const fetch = guardedFetch({ trust: 'operator' });
  const jwtOf = (issuer: string) =>
    jwtVerifier({ issuer, keys: { jwksUri: `${issuer}${OIDC_PATHS.keys}` } }, { fetch });
  auth = await createAuth({
    publicUrl: url,
    resources: [
      { path: '/mcp', requiredScopes: ['mcp:read'] },
      { path: '/other', requiredScopes: ['mcp:read'] },
    ],
    scopes: { 'mcp:read': 'Read', 'mcp:write': 'Write' },
    scopeHierarchy: { 'mcp:write': ['mcp:read'] },
    issuer: {
      signIns: [
        upstreamSignIn(
          {
            id: 'staff',
            title: 'Staff',
            issuer: staff.issuer,
            clientId: 'portcullis',
            clientSecret: 'secret',
          },
          fetch,
        ),
      ],
    },
    verifiers: [
      jwtOf(maker.issuer),
      jwtOf(staff.issuer),
      introspectionVerifier({ issuer: asked.issuer, endpoint: asked.endpoint, ...ASKING_CLIENT }, { fetch }),
    ],
    authorizationServers: [maker.issuer],
  });
  const listener = nodeListener(auth, (request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(request.auth?.extra?.caller));
  });
  server = http.createServer(listener).listen(port, '127.0.0.1');
  await once(server, 'listening');
  client = plainClient(url);
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await auth.close();
  await Promise.all([staff, maker, asked, bait].map((each) => each.close()));
});

const logIn = (resource = mcpUrl) => client.logIn({ login: 'u-1', authorize: { resource } });
const atGate = (token: string, path = '/mcp') => client.get(path, { authorization: `Bearer ${token}` });
const made = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  maker.sign(
    {
      iss: maker.issuer,
      sub: 'u-1',
      aud: mcpUrl,
      client_id: 'app',
      scope: 'mcp:read',
      email: EMAIL,
      email_verified: true,
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 300,
      ...claims,
    },
    header,
  );
const opaque = (values: Record<string, unknown> = {}) =>
  asked.issue('AccessToken', { aud: mcpUrl, ...values });

/** Tokens that somebody got at the provider behind us, past us. */
async function directTokens(): Promise<Record<'access_token' | 'refresh_token' | 'id_token', string>> {
  const verifier = newVerifier();
  const query = new URLSearchParams({
    client_id: 'direct',
    redirect_uri: DIRECT_CALLBACK,
    response_type: 'code',
    scope: 'openid',
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
  });
  const back = await signInAtProvider(`${staff.issuer}/auth?${query}`, 'u-1', DIRECT_CALLBACK);
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    client_id: 'direct',
    redirect_uri: DIRECT_CALLBACK,
    code_verifier: verifier,
  });
  const answer = await readAnswer(
    await fetch(`${staff.issuer}${OIDC_PATHS.token}`, { method: 'POST', body }),
  );
  expect(answer.status).toBe(200);
  return answer.body as Awaited<ReturnType<typeof directTokens>>;
}

describe('tokens of several issuers at one gate', () => {
  it('[G10] of the same subject and address are three people', async () => {
    const tokens = [(await logIn()).tokens.access_token, await made(), await opaque()];
    const people = [];
    for (const token of tokens) {
      const { status, body } = await atGate(token);
      expect(status).toBe(200);
      people.push(body.identity as { issuer: string; subject: string; email?: string });
    }
    expect(people.map(({ issuer, subject }) => [issuer, subject])).toEqual([
      [staff.issuer, 'u-1'],
      [maker.issuer, 'u-1'],
      [asked.issuer, 'u-1'],
    ]);
    expect(people.slice(0, 2).map(({ email }) => email)).toEqual([EMAIL, EMAIL]);
    expect(new Set(people.map(personKey)).size).toBe(3);
  });

  it('[G5, RS-8] are good for what they are, where they are for, and for nothing else', async () => {
    const { tokens, client: by } = await logIn();
    const { exchanged } = await client.approve({ client: by, login: 'u-1', authorize: { resource: mcpUrl } });
    const direct = await directTokens();
    const otherUrl = mcpUrl.replace('/mcp', '/other');
    const good = [tokens.access_token, await made(), await opaque()];
    for (const token of good) {
      expect((await atGate(token)).status).toBe(200);
      expect((await atGate(token, '/other')).status).toBe(401);
    }
    expect((await atGate((await logIn(otherUrl)).tokens.access_token)).status).toBe(401);
    const idToken = { nonce: 'n', aud: 'app', client_id: undefined, scope: undefined };
    const wrong: Readonly<Record<string, string>> = {
      'our refresh token': tokens.refresh_token,
      'our code': String(exchanged.code),
      'our client id': by.id,
      'the access token of the provider behind us': direct.access_token,
      'its refresh token': direct.refresh_token,
      'its ID token': direct.id_token,
      'a JWT for another resource': await made({ aud: otherUrl }),
      'a JWT for nobody': await made({ aud: undefined }),
      'a JWT for a client': await made(idToken),
      'an ID token that is for us': await made({ ...idToken, aud: mcpUrl }),
      'a JWT that names us as its issuer': await made({ iss: client.url }),
      'a JWT of one that names the other': await made({ iss: staff.issuer }),
      'a JWT of somebody unknown': await made({ iss: bait.issuer }),
      'an opaque token for another resource': await opaque({ aud: otherUrl }),
      'an opaque refresh token': await asked.issue('RefreshToken', { aud: mcpUrl }),
    };
    const answers = await Promise.all(
      Object.entries(wrong).map(async ([name, token]) => [name, (await atGate(token)).status]),
    );
    expect(answers).toEqual(Object.keys(wrong).map((name) => [name, 401]));
  });

  it('[G5] are no refresh token and no code here, and can not be revoked here', async () => {
    const by = await client.register();
    const { exchanged } = await client.approve({ client: by, login: 'u-1' });
    const direct = await directTokens();
    const others = [direct.access_token, direct.refresh_token, direct.id_token, await made(), await opaque()];
    const before = [staff.requests.length, asked.proxy.requests.length];
    for (const token of others) {
      for (const answer of [
        await client.refresh(by, token),
        await client.token({ ...exchanged, code: token }),
      ])
        expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
      await client.post('/revoke', { token, client_id: by.id });
    }
    expect([staff.requests.length, asked.proxy.requests.length]).toEqual(before);
    expect((await atGate(others.at(-1)!)).status).toBe(200);
    expect((await client.token(exchanged)).status).toBe(200);
  });

  it('[G5, RS-16] go to nobody but the provider they are from, good or bad', async () => {
    const { tokens, client: by } = await logIn();
    const [header = '', payload = '', signature = ''] = tokens.access_token.split('.');
    const ours = [
      tokens.access_token,
      tokens.refresh_token,
      `${header}.${payload}.${signature.slice(0, -4)}`,
      `${header}.${payload.slice(0, -9)}.${signature}`,
      `${header}.${payload}`,
      `${tokens.refresh_token.slice(0, -1)}-`,
    ];
    const foreign = await made();
    const known = await opaque();
    for (const token of [...ours, foreign, foreign.slice(0, -40), known]) await atGate(token);
    await client.refresh(by, tokens.refresh_token);
    const said = (requests: typeof staff.requests) =>
      JSON.stringify(
        requests.map(({ path, query, headers, form }) => [path, [...query], headers, [...form]]),
      );
    for (const requests of [staff.requests, asked.proxy.requests])
      for (const token of [...ours, foreign]) expect(said(requests)).not.toContain(token);
    expect(said(asked.proxy.requests)).toContain(known);
    expect(said(staff.requests)).not.toContain(known);
    expect(new Set(maker.asked)).toEqual(new Set([OIDC_PATHS.keys]));
  });

  it('[G4, RS-13, RS-14] may do what their scopes say, and a broader one stands for the narrower', async () => {
    const statusOf = async (scope: string) => [
      (await atGate(await made({ scope }))).status,
      (await atGate(await opaque({ scope }))).status,
    ];
    expect(await statusOf('mcp:read')).toEqual([200, 200]);
    expect(await statusOf('mcp:write')).toEqual([200, 200]);
    for (const scope of ['openid', 'mcp:reader', 'mcp', 'mcp:read:all'])
      expect([scope, ...(await statusOf(scope))]).toEqual([scope, 403, 403]);
  });
});

describe('forged tokens without number', () => {
  it('[G8, G9] cause one reading of a key set, and no request to an address that they name', async () => {
    await atGate(await made());
    const { privateKey } = await generateKeyPair('RS256');
    const reads = () => [
      maker.asked.length,
      staff.requests.filter(({ path }) => path === OIDC_PATHS.keys).length,
      asked.proxy.requests.length,
    ];
    const before = reads();
    const exp = Math.floor(Date.now() / 1000) + 300;
    const forge = async (n: number) => {
      const iss = [maker.issuer, staff.issuer, bait.issuer, client.url][n % 4]!;
      const brought = n % 3 === 0 ? { jku: `${bait.issuer}/jwks`, x5u: `${bait.issuer}/cert` } : {};
      return new SignJWT({ iss, sub: 'u-1', aud: mcpUrl, client_id: 'app', scope: 'mcp:read', exp })
        .setProtectedHeader({ alg: 'RS256', kid: `forged-${n}`, ...brought })
        .sign(privateKey);
    };
    for (let round = 0; round < 4; round += 1) {
      const tokens = await Promise.all(Array.from({ length: 60 }, (_, n) => forge(round * 60 + n)));
      for (const { status } of await Promise.all(tokens.map((token) => atGate(token))))
        expect(status).toBe(401);
    }
    const [makers = 0, staffs = 0, introspections = 0] = reads().map(
      (count, index) => count - before[index]!,
    );
    expect(makers).toBe(1);
    expect(staffs).toBeLessThanOrEqual(1);
    expect(introspections).toBe(0);
    expect(bait.asked).toEqual([]);
    // The good ones go on.
    expect((await atGate(await made())).status).toBe(200);
  });
});
