import { upstreamSignIn } from '@portcullis/auth/sign-in/upstream-provider';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainClient } from '../../clients/plain-client.ts';
import { statusAtGate } from '../../clients/plain-mcp.ts';
import { ScriptedBrowser } from '../../clients/scripted-browser.ts';
import { freePort } from '../../servers/free-port.ts';
import { OIDC_PATHS, type RunningOidcProvider, startOidcProvider } from '../../servers/oidc-provider.ts';
import { describeService } from '../describe-service.ts';
import { type ProtectedServer, recordedFetch, startProtected } from '../protected-server.ts';
import { connectPerson } from '../sdk-person.ts';
import { until } from '../until.ts';

const CLIENT = { clientId: 'portcullis', clientSecret: 'the-secret-of-this-server' };
const person = (name: string) => ({
  name,
  email: `${name}@acme.example`,
  email_verified: true,
  groups: ['staff'],
});

describeService('oidc-provider', () => {
  let provider: RunningOidcProvider;
  let server: ProtectedServer;
  const asked = recordedFetch();
  beforeAll(async () => {
    const port = await freePort();
    provider = await startOidcProvider({
      accounts: { alice: person('alice'), bob: person('bob'), carol: person('carol') },
      clients: [
        {
          client_id: CLIENT.clientId,
          client_secret: CLIENT.clientSecret,
          redirect_uris: [`http://localhost:${port}/auth/callback`],
        },
      ],
    });
    const signIn = upstreamSignIn({ issuer: provider.issuer, ...CLIENT }, asked.fetch);
    const lifetimes = { accessTokenSeconds: 600, personCheckSeconds: 60 };
    server = await startProtected(port, { issuer: { signIns: [signIn] }, lifetimes });
  });
  afterAll(async () => {
    await server.close();
    await provider.close();
  });
  const refusals = () => asked.asked.filter(({ status }) => status >= 400);

  it('logs a client of the SDK in, and vouches for its person at a refresh', async () => {
    const connection = await connectPerson(server.mcpUrl, new ScriptedBrowser());
    const expected = { issuer: provider.issuer, subject: 'alice', ...personClaims('alice') };
    expect(await connection.callTool('whoami')).toMatchObject(expected);
    const before = asked.grants('refresh_token');
    connection.signIn.saveTokens({ ...connection.signIn.tokens()!, access_token: 'ended' });
    expect(await connection.callTool('whoami')).toMatchObject(expected);
    expect(asked.grants('refresh_token')).toBe(before + 1);
    expect(refusals()).toEqual([]);
    await connection.close();
  });

  it('is told when the last session of a person ends, and its token is dead', async () => {
    const client = plainClient(server.url);
    const { client: by, tokens } = await client.logIn({ login: 'carol' });
    await client.post('/revoke', { token: tokens.refresh_token, client_id: by.id });
    const [revocation] = await until(
      async () => asked.asked.filter(({ url }) => url.endsWith(OIDC_PATHS.revocation)),
      (found) => found.length > 0,
    );
    expect(revocation?.status).toBe(200);
    const dead = String(revocation?.form.get('token'));
    const basic = Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64');
    const answer = await fetch(provider.issuer + OIDC_PATHS.token, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: dead }),
    });
    expect(await answer.json()).toMatchObject({ error: 'invalid_grant' });
    expect(await statusAtGate(server.mcpUrl, tokens.access_token)).toBe(401);
  });

  it('ends the sessions of a person it no longer knows, with one invalid_grant', async () => {
    const client = plainClient(server.url);
    const gone = await client.logIn({ login: 'bob' });
    const stays = await client.logIn({ login: 'alice' });
    provider.removeAccount('bob');
    const before = asked.grants('refresh_token');
    for (let round = 0; round < 2; round += 1)
      expect((await client.refresh(gone.client, gone.tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect(asked.grants('refresh_token')).toBe(before + 1);
    expect(await statusAtGate(server.mcpUrl, gone.tokens.access_token)).toBe(401);
    expect((await client.refresh(stays.client, stays.tokens.refresh_token)).status).toBe(200);
  });
});

const personClaims = (name: string) => {
  const { email_verified: emailVerified, ...claims } = person(name);
  return { ...claims, emailVerified };
};
