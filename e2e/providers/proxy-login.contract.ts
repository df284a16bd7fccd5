import { discoverOAuthServerInfo } from '@modelcontextprotocol/client';
import { createAuth } from '@portcullis/auth';
import { type ManualClock, manualClock } from '@portcullis/auth/core/clock';
import type { AuthEvent } from '@portcullis/auth/core/events';
import type { Identity } from '@portcullis/auth/core/identity';
import type { Preset } from '@portcullis/auth/providers/preset';
import { presetInput } from '@portcullis/auth/providers/preset-input';
import { proxyOptions } from '@portcullis/auth/providers/preset-options';
import { upstreamSignIn } from '@portcullis/auth/sign-in/upstream-provider';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Connection } from '../clients/connection.ts';
import { mcpMessage } from '../clients/plain-mcp.ts';
import { sdkSignIn } from '../clients/sdk-sign-in.ts';
import { connectSdkV2 } from '../clients/sdk-v2.ts';
import { type Network, network } from './network.ts';
import { MCP_URL, PUBLIC_URL, type RunningProvider, type StartProvider } from './provider.ts';
import { digestOf, type GuardedServer, startWhoami } from './whoami-server.ts';

/** A provider that people sign in at through our own issuer, in one of the forms that its console offers. */
export interface ProxyRow {
  readonly name: string;
  readonly preset: Preset;
  readonly start: StartProvider;
  /** What the person types on the page of the provider. */
  readonly login: string;
  /** All that a tool is told of them, to the letter. */
  readonly person: Identity;
  /** Scopes of an API that the preset asks for beside its own. Default: none. */
  readonly apiScopes?: readonly string[];
  /** Where the provider ends a token. Default: it can not. */
  readonly revocation?: string;
  /** Does the provider give refresh tokens? Default: yes. */
  readonly refreshes?: false;
}

interface Login {
  readonly provider: RunningProvider;
  readonly server: GuardedServer;
  readonly net: Network;
  readonly clock: ManualClock;
  readonly events: AuthEvent[];
  readonly application: ReturnType<typeof sdkSignIn>;
  readonly connection: Connection;
}

/** Everything from an operator's settings to a client of the SDK that is logged in. */
async function logIn(row: ProxyRow): Promise<Login> {
  const clock = manualClock(Date.UTC(2026, 10, 20));
  const provider = await row.start({
    addresses: 'real',
    redirectUris: [`${PUBLIC_URL}/auth/callback`],
    nowSeconds: () => Math.floor(clock.now() / 1000),
  });
  const net = network(provider.reach);
  const events: AuthEvent[] = [];
  const values = { ...provider.values, resource: MCP_URL, requiredScopes: row.apiScopes };
  const options = proxyOptions(row.preset, presetInput(row.preset, 'proxy', values));
  const auth = await createAuth({
    publicUrl: PUBLIC_URL,
    loopbackBind: true,
    issuer: { signIns: [upstreamSignIn(options, net.fromServer)] },
    clock,
    onEvent: (event) => events.push(event),
  });
  const server = await startWhoami(auth);
  net.connect(PUBLIC_URL, server.origin);
  const application = sdkSignIn({ mcpUrl: MCP_URL, person: row.login, browserFetch: net.fromClient });
  const fetch = net.fromClient;
  const connection = await connectSdkV2({ mcpUrl: MCP_URL, signIn: application, mode: 'auto', fetch });
  return { provider, server, net, clock, events, application, connection };
}

const refreshesAt = ({ requests }: RunningProvider) =>
  requests.filter(({ form }) => form.get('grant_type') === 'refresh_token').length;

/** Of the access token that the provider gave last, as a tool tells it. */
function newestToken({ tokens }: RunningProvider) {
  const values = [...tokens].filter(([, { kind }]) => kind === 'access').map(([value]) => value);
  return { digest: digestOf(values.at(-1)!) };
}

/** So much later an access token of the provider has ended, and ours with it. */
function secondsToExpiry({ tokens }: RunningProvider, clock: ManualClock): number {
  const ends = [...tokens.values()]
    .filter(({ kind, expiresAtSeconds }) => kind === 'access' && Number.isFinite(expiresAtSeconds))
    .map(({ expiresAtSeconds }) => expiresAtSeconds - clock.now() / 1000);
  return Math.max(3600, ...ends) + 60;
}

/** RFC 7009, as the client finds the endpoint: the SDK has no call for it. */
async function revoke({ net, application }: Login, token: string): Promise<number> {
  const found = await discoverOAuthServerInfo(MCP_URL, {
    fetchFn: (url, init) => net.fromClient(String(url), init ?? {}),
  });
  const { client_id, client_secret } = application.clientInformation()!;
  const body = new URLSearchParams({ token, client_id, ...(client_secret && { client_secret }) });
  const address = String(Reflect.get(found.authorizationServerMetadata ?? {}, 'revocation_endpoint'));
  return (await net.fromClient(address, { method: 'POST', body })).status;
}

async function statusOfCall({ net }: Login, token: string): Promise<number> {
  const { headers, body } = mcpMessage('modern', 'tools/call', { name: 'whoami', arguments: {} });
  const init = { method: 'POST', body, headers: { ...headers, authorization: `Bearer ${token}` } };
  const response = await net.fromClient(MCP_URL, init);
  await response.text();
  return response.status;
}

export function itLogsInThrough(row: ProxyRow): void {
  describe(`[C4] ${row.name}, through our issuer`, () => {
    let login: Login;
    beforeAll(async () => {
      login = await logIn(row);
    });
    afterAll(async () => {
      await login?.connection.close();
      await login?.server.close();
      await login?.provider.close();
    });
    const whoami = () => login.connection.callTool('whoami');
    const providerToken = () => login.connection.callTool('provider-token');
    const expected = { ...row.person, scopes: ['mcp:read'] };

    it('tells a tool who calls it', async () => {
      expect(await whoami()).toEqual(expected);
    });

    it('is asked for new tokens once, however many calls wait for them', async () => {
      const { provider, clock, application } = login;
      const before = application.tokens();
      expect(await providerToken()).toEqual(newestToken(provider));
      clock.advance(secondsToExpiry(provider, clock));
      const answers = await Promise.all([whoami(), providerToken(), whoami(), providerToken(), whoami()]);
      const token = newestToken(provider);
      expect(answers).toEqual([expected, token, expected, token, expected]);
      expect(application.tokens()!.access_token).not.toBe(before!.access_token);
      expect(application.tokens()!.refresh_token).not.toBe(before!.refresh_token);
      expect(refreshesAt(provider)).toBe(row.refreshes === false ? 0 : 1);
    });

    it('is told when the client ends its session, and the next call is refused', async () => {
      const { provider, application } = login;
      const { access_token, refresh_token } = application.tokens()!;
      expect(await statusOfCall(login, access_token)).toBe(200);
      expect(await revoke(login, refresh_token!)).toBe(200);
      expect(await statusOfCall(login, access_token)).toBe(401);
      const ended = () => [...provider.tokens.values()].map((token) => token.ended || token.grant.ended);
      if (row.revocation === undefined) {
        expect(provider.requests.filter(({ path }) => /revoke|revocation/.test(path))).toEqual([]);
        return;
      }
      await vi.waitFor(() => expect(ended()).not.toContain(false), { timeout: 10_000 });
      expect(provider.requests.map(({ path }) => path)).toContain(row.revocation);
    });

    it('[G5, PX-7] shows the client nothing of its tokens, and is asked for no resource of ours', () => {
      const { net, provider, events } = login;
      const received = net.received();
      expect(received).toContain('access_token');
      expect(net.providerTokens.length).toBeGreaterThan(0);
      for (const token of new Set([...net.providerTokens, ...provider.tokens.keys()]))
        expect(received).not.toContain(token);
      const resources = provider.requests.flatMap(({ query, form }) => [
        ...query.getAll('resource'),
        ...form.getAll('resource'),
      ]);
      expect(resources).toEqual([]);
      expect(events.filter(({ type }) => type === 'upstream.failed')).toEqual([]);
    });
  });
}
