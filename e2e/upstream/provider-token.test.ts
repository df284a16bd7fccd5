import { once } from 'node:events';
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { type Auth, type Caller, createAuth } from '@portcullis/auth';
import { nodeListener } from '@portcullis/auth/adapters/node';
import { manualClock } from '@portcullis/auth/core/clock';
import type { AuthEvent } from '@portcullis/auth/core/events';
import { guardedFetch } from '@portcullis/auth/net/guarded-fetch';
import { upstreamSignIn } from '@portcullis/auth/sign-in/upstream-provider';
import { afterEach, describe, expect, it } from 'vitest';
import { plainClient } from '../clients/plain-client.ts';
import { callTool, statusAtGate } from '../clients/plain-mcp.ts';
import { FAULTS } from '../servers/faulty-proxy.ts';
import { freePort } from '../servers/free-port.ts';
import { OIDC_PATHS, startOidcProvider } from '../servers/oidc-provider.ts';
import { CLIENT_SECRET } from './provider-behind.ts';

/** So long a token of the provider lives. */
const FIVE_MINUTES = 300;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server with one tool, which asks the provider who the caller is, with the provider's own token of the caller. */
function askingServer(auth: Auth, userinfo: string): McpServer {
  const server = new McpServer({ name: 'asking', version: '1.0.0' });
  server.registerTool('ask-provider', { description: 'Asks the provider who you are' }, async (context) => {
    const token = (await auth.upstreamToken(context.http?.authInfo?.extra?.caller as Caller))!;
    const answer = await fetch(userinfo, { headers: { authorization: `Bearer ${token.accessToken}` } });
    return { content: [{ type: 'text', text: `${answer.status} ${await answer.text()}` }] };
  });
  return server;
}

async function startInFront() {
  const port = await freePort();
  const publicUrl = `http://localhost:${port}`;
  const provider = await startOidcProvider({
    accounts: { 'u-1': { name: 'Alice' } },
    clients: [
      { client_id: 'ours', client_secret: CLIENT_SECRET, redirect_uris: [`${publicUrl}/auth/callback`] },
    ],
    accessTokenTtlSeconds: FIVE_MINUTES,
  });
  closing.push(() => provider.close());
  const { issuer, proxy } = provider;
  const clock = manualClock(Date.now());
  const events: AuthEvent[] = [];
  const signIn = { issuer, clientId: 'ours', clientSecret: CLIENT_SECRET };
  const auth = await createAuth({
    publicUrl,
    issuer: { signIns: [upstreamSignIn(signIn, guardedFetch({ trust: 'operator' }))] },
    clock,
    onEvent: (event) => events.push(event),
  });
  const mcp = createMcpHandler(() => askingServer(auth, issuer + OIDC_PATHS.userinfo));
  const listener = nodeListener(auth, toNodeHandler(mcp));
  const server = createServer(listener).listen(port, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    listener.close();
    server.close();
    server.closeAllConnections();
  });
  const client = plainClient(publicUrl);
  const { client: by, tokens } = await client.logIn({ login: 'u-1' });
  const mcpUrl = `${publicUrl}/mcp`;
  const ask = async () => (await callTool(mcpUrl, tokens.access_token, 'ask-provider')).content[0]?.text;
  const askOften = async () => [...new Set(await Promise.all(Array.from({ length: 5 }, ask)))];
  /** Tokens of the provider that its own userinfo endpoint saw. */
  const used = () => [
    ...new Set(
      proxy.requests
        .filter(({ path }) => path === OIDC_PATHS.userinfo)
        .map(({ headers }) => String(headers.authorization).replace('Bearer ', '')),
    ),
  ];
  return { provider, clock, events, client, by, tokens, mcpUrl, ask, askOften, used };
}

describe('a tool that asks the provider in the name of its caller', () => {
  it('[S9][G5] goes on for as long as the session does, on tokens of five minutes: one refresh for all who wait', async () => {
    const { provider, clock, events, client, by, tokens, ask, askOften, used } = await startInFront();
    const refreshes = () => provider.tokenRequests('refresh_token');
    expect([await ask(), refreshes()]).toEqual([expect.stringMatching(/^200 .*"u-1"/), 0]);
    let current = tokens.refresh_token;
    for (let round = 1; round <= 3; round += 1) {
      clock.advance(FIVE_MINUTES - 1);
      expect([await askOften(), refreshes()]).toEqual([[expect.stringMatching(/^200 .*"u-1"/)], round]);
      const next = await client.refresh(by, current);
      expect([next.status, refreshes()]).toEqual([200, round]);
      current = String(next.body.refresh_token);
    }
    // The token of the client went nowhere, and those of the provider to nobody else.
    expect(used()).toHaveLength(4);
    expect(used()).not.toContain(tokens.access_token);
    const written = JSON.stringify([events, tokens]);
    for (const token of used()) expect(written).not.toContain(token);
  });

  it('[S5] learns that it is over: the session ends with one `invalid_grant`, and the provider is asked once', async () => {
    const { provider, clock, events, client, by, tokens, mcpUrl, ask } = await startInFront();
    provider.proxy.fail(OIDC_PATHS.token, FAULTS.invalidGrant);
    clock.advance(FIVE_MINUTES);
    const answers = await Promise.allSettled(Array.from({ length: 5 }, ask));
    const said = answers.map((each) => (each.status === 'fulfilled' ? each.value : String(each.reason)));
    // Whoever comes when it is over already does not get to the tool.
    for (const each of said)
      expect(each).toMatch(/^token\.session-ended$|ask-provider: 401 .*"invalid_token"/);
    expect(said).toContain('token.session-ended');
    expect(await statusAtGate(mcpUrl, tokens.access_token)).toBe(401);
    provider.proxy.mend();
    for (let attempt = 0; attempt < 2; attempt += 1)
      expect(await client.refresh(by, tokens.refresh_token)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      });
    expect(provider.tokenRequests('refresh_token')).toBe(1);
    expect(events.filter(({ type }) => type === 'session.ended')).toEqual([
      expect.objectContaining({ why: 'upstream-ended' }),
    ]);
  });

  it('[S4] is told to try again while the provider is away, and nobody is logged out', async () => {
    const { provider, clock, tokens, mcpUrl, ask, askOften } = await startInFront();
    provider.proxy.fail(OIDC_PATHS.token, FAULTS.serverError);
    clock.advance(FIVE_MINUTES);
    expect(await askOften()).toEqual(['sign-in.provider-unavailable']);
    expect(await statusAtGate(mcpUrl, tokens.access_token)).toBe(200);
    provider.proxy.mend();
    expect(await ask()).toMatch(/^200 .*"u-1"/);
  });
});
