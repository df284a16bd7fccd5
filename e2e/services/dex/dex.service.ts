import { upstreamSignIn } from '@portcullis/auth/sign-in/upstream-provider';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainClient } from '../../clients/plain-client.ts';
import { statusAtGate, whoami } from '../../clients/plain-mcp.ts';
import { type ChildProgram, startProgram } from '../../servers/child-program.ts';
import { freePort } from '../../servers/free-port.ts';
import { temporaryFolder } from '../../servers/temporary-folder.ts';
import { describeService } from '../describe-service.ts';
import { type ProtectedServer, recordedFetch, startProtected } from '../protected-server.ts';
import { ProviderBrowser } from '../provider-browser.ts';
import { connectPerson } from '../sdk-person.ts';

const SECRET = 'the-secret-of-this-server-at-dex';
const PASSWORD = 'correct horse battery staple';

describeService('dex', ({ path }) => {
  let program: ChildProgram;
  let server: ProtectedServer;
  let host: string;
  let issuer: string;
  const asked = recordedFetch();
  beforeAll(async () => {
    const [port, own] = [await freePort(), await freePort()];
    host = `http://127.0.0.1:${port}`;
    issuer = `${host}/dex`;
    const flags = {
      issuer,
      redirect: `http://localhost:${own}/auth/callback`,
      secret: SECRET,
      password: PASSWORD,
    };
    const folder = temporaryFolder();
    program = startProgram({
      command: path,
      args: Object.entries(flags).map(([name, value]) => `-${name}=${value}`),
      env: { HOME: folder },
      folder,
    });
    await program.line('out', /^Dex listens/, 60);
    const signIn = upstreamSignIn(
      {
        issuer,
        clientId: 'portcullis',
        clientSecret: SECRET,
        // Dex gives groups and refresh tokens to who asks for them.
        scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
      },
      asked.fetch,
    );
    const lifetimes = { accessTokenSeconds: 600, personCheckSeconds: 60 };
    server = await startProtected(own, { issuer: { signIns: [signIn] }, lifetimes });
  });
  afterAll(async () => {
    await server.close();
    await program.stop();
  });
  const browserOf = (login: string) =>
    new ProviderBrowser((html) =>
      html.includes('id="submit-login"') ? { login: `${login}@acme.example`, password: PASSWORD } : undefined,
    );

  it('says who a person is, before and after a refresh', async () => {
    const person = await connectPerson(server.mcpUrl, browserOf('alice'));
    const found = await person.callTool('whoami');
    expect(found).toMatchObject({
      issuer,
      name: 'Alice Example',
      email: 'alice@acme.example',
      emailVerified: true,
      groups: ['analysts', 'staff'],
    });
    const before = asked.grants('refresh_token');
    person.signIn.saveTokens({ ...person.signIn.tokens()!, access_token: 'ended' });
    expect(await person.callTool('whoami')).toMatchObject({ subject: found.subject });
    expect(asked.grants('refresh_token')).toBe(before + 1);
    await person.close();
  });

  it('rotates refresh tokens, and each new one is kept', async () => {
    const client = plainClient(server.url);
    const { client: by, tokens } = await client.logIn({ browser: browserOf('alice') });
    const sent = () =>
      asked.asked.map(({ form }) => form.get('refresh_token')).filter((each) => each !== null);
    const before = sent().length;
    let refreshToken = tokens.refresh_token;
    for (let round = 0; round < 3; round += 1) {
      const answer = await client.refresh(by, refreshToken);
      expect(answer.status).toBe(200);
      refreshToken = String(answer.body.refresh_token);
      await whoami(server.mcpUrl, String(answer.body.access_token));
    }
    expect(new Set(sent().slice(before)).size).toBe(3);
  });

  it('has no address for revocation: our session ends all the same', async () => {
    const client = plainClient(server.url);
    const { client: by, tokens } = await client.logIn({ browser: browserOf('alice') });
    const before = asked.asked.length;
    expect((await client.post('/revoke', { token: tokens.refresh_token, client_id: by.id })).status).toBe(
      200,
    );
    expect(await statusAtGate(server.mcpUrl, tokens.access_token)).toBe(401);
    expect(asked.asked).toHaveLength(before);
  });

  it('ends sessions whose refresh tokens are revoked at Dex, with one invalid_grant', async () => {
    const client = plainClient(server.url);
    const gone = await client.logIn({ browser: browserOf('bob') });
    const stays = await client.logIn({ browser: browserOf('alice') });
    expect((await fetch(`${host}/tokens/bob@acme.example`, { method: 'DELETE' })).status).toBe(200);
    const before = asked.grants('refresh_token');
    for (let round = 0; round < 2; round += 1)
      expect((await client.refresh(gone.client, gone.tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect(asked.grants('refresh_token')).toBe(before + 1);
    expect(await statusAtGate(server.mcpUrl, gone.tokens.access_token)).toBe(401);
    expect((await client.refresh(stays.client, stays.tokens.refresh_token)).status).toBe(200);
  });

  it('says of an account that is gone only that something failed: then nobody gets new tokens, and no session ends', async () => {
    const client = plainClient(server.url);
    const { client: by, tokens } = await client.logIn({ browser: browserOf('bob') });
    expect((await fetch(`${host}/people/bob@acme.example`, { method: 'DELETE' })).status).toBe(200);
    const answer = await client.refresh(by, tokens.refresh_token);
    expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect(asked.asked.at(-1)).toMatchObject({ status: 500 });
    expect(await statusAtGate(server.mcpUrl, tokens.access_token)).toBe(200);
  });
});
