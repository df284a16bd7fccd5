import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainClient } from '../clients/plain-client.ts';
import { callTool, statusAtGate } from '../clients/plain-mcp.ts';
import { freePort } from '../servers/free-port.ts';
import {
  ASKING_CLIENT,
  type IntrospectionProvider,
  startIntrospectionProvider,
} from '../servers/introspection-provider.ts';
import { type RunningOidcProvider, startOidcProvider } from '../servers/oidc-provider.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';

const STATIC = 'a-token-for-trying-things-out';
const SHARED = 'a shared secret of thirty-two bytes or more';

const pair = await generateKeyPair('ES256');
const ended: (() => Promise<unknown>)[] = [];
let server: RunningPortcullis;
let asked: IntrospectionProvider;

/** One of two providers; each knows an Alice of its own. */
async function startProvider(id: string, callback: string): Promise<RunningOidcProvider> {
  const provider = await startOidcProvider({
    accounts: { 'u-1': { name: `Alice of ${id}`, preferred_username: 'alice' } },
    clients: [{ client_id: 'portcullis', client_secret: `secret-of-${id}`, redirect_uris: [callback] }],
  });
  ended.push(provider.close);
  return provider;
}

beforeAll(async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const staff = await startProvider('staff', `${url}/auth/callback`);
  const guests = await startProvider('guests', `${url}/auth/callback/guests`);
  asked = await startIntrospectionProvider();
  ended.push(asked.close);
  const home = temporaryFolder();
  writeFileSync(join(home, 'issuer.pem'), await exportSPKI(pair.publicKey));
  server = await startPortcullis({
    home,
    port,
    database: 'embedded',
    env: { GUESTS: 'secret-of-guests', SHARED },
    settings: `
upstream: {issuer: "${staff.issuer}", clientId: portcullis, clientSecret: secret-of-staff, title: Staff}
moreProviders:
  - {id: guests, issuer: "${guests.issuer}", clientId: portcullis, clientSecret: env:GUESTS, title: Guests}
username:
  rules: preferred_username
  issuers: "${staff.issuer}"
jwt: {issuer: https://tokens.example, publicKey: file:issuer.pem, audience: here, grantScopes: mcp:read}
introspection:
  endpoint: "${asked.endpoint}"
  issuer: "${asked.issuer}"
  clientId: ${ASKING_CLIENT.clientId}
  clientSecret: "${ASKING_CLIENT.clientSecret}"
  audience: none
moreVerifiers:
  - {kind: jwt, issuer: https://ci.example, sharedSecret: env:SHARED, audience: [here, there], subjectClaim: who}
staticTokens:
  ${STATIC}: {clientId: cli, subject: tester, scopes: mcp:read}
`,
  });
  ended.push(() => server.stop());
});
afterAll(async () => {
  for (const end of ended.reverse()) await end();
});

const whoami = async (token: string) => {
  const { structuredContent } = await callTool(server.mcpUrl, token, 'whoami');
  return structuredContent as Readonly<Record<string, unknown>>;
};

const jwt = (claims: Record<string, unknown>) =>
  new SignJWT({ aud: 'here', ...claims }).setIssuedAt().setExpirationTime('5m');

describe('portcullis serve with several ways in at once', () => {
  it('lets people choose among providers, each with an address of its own', async () => {
    const client = plainClient(server.url);
    const people: Record<string, unknown>[] = [];
    for (const signIn of ['upstream', 'guests']) {
      const { tokens } = await client.logIn({ login: 'u-1', signIn });
      people.push(await whoami(tokens.access_token));
    }
    expect(people.map(({ subject }) => subject)).toEqual(['u-1', 'u-1']);
    expect(new Set(people.map(({ issuer }) => issuer)).size).toBe(2);
    // Both are called alice by their provider; in the database only one of them is.
    expect(people.map(({ databaseUser }) => databaseUser)).toEqual(['alice', null]);
  });

  it('takes JWTs of two more issuers, by key and by shared secret, each by its own rules', async () => {
    const good = await jwt({ iss: 'https://tokens.example', sub: 'x' })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(pair.privateKey);
    const secret = new TextEncoder().encode(SHARED);
    const ci = (claims: Record<string, unknown>) =>
      jwt({ iss: 'https://ci.example', who: 'robot', scope: 'mcp:read', ...claims })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(secret);
    expect(await whoami(good)).toMatchObject({
      issuer: 'https://tokens.example',
      subject: 'x',
    });
    expect(await whoami(await ci({}))).toMatchObject({ subject: 'robot' });
    expect(await statusAtGate(server.mcpUrl, await ci({ aud: 'elsewhere' }))).toBe(401);
    expect(await statusAtGate(server.mcpUrl, await ci({ scope: 'other' }))).toBe(403);
    // Signed by the one, in the name of the other.
    expect(await statusAtGate(server.mcpUrl, await ci({ iss: 'https://tokens.example' }))).toBe(401);
  });

  it('asks about opaque tokens, and knows its own static ones', async () => {
    const opaque = await asked.issue('AccessToken');
    expect(await whoami(opaque)).toMatchObject({ issuer: asked.issuer, subject: 'u-1' });
    expect(await statusAtGate(server.mcpUrl, await asked.issue('RefreshToken'))).toBe(401);
    expect(await whoami(STATIC)).toMatchObject({ subject: 'tester' });
    expect(await statusAtGate(server.mcpUrl, `${STATIC}x`)).toBe(401);
  });

  it('says at the start who gets in, and no secret', () => {
    const text = server.startUp.join('\n');
    for (const word of ['Staff', 'Guests', 'tokens.example', 'ci.example']) expect(text).toContain(word);
    for (const secret of [SHARED, STATIC, 'secret-of', ASKING_CLIENT.clientSecret])
      expect(server.everything()).not.toContain(secret);
  });
});
