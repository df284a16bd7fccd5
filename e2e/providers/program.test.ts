import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sdkSignIn } from '../clients/sdk-sign-in.ts';
import { connectSdkV2 } from '../clients/sdk-v2.ts';
import { freePort } from '../servers/free-port.ts';
import { startInspectingProxy } from '../servers/inspecting-proxy.ts';
import { runPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';
import { CLIENT_REDIRECT, MCP_URL, type RunningProvider } from './provider.ts';
import { PROXY_ROWS } from './proxy-rows.ts';
import { REMOTE_ROWS } from './remote-rows.ts';

type Row = (typeof PROXY_ROWS)[number] | (typeof REMOTE_ROWS)[number];

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const called = (rows: readonly Row[], name: string): Row => {
  const row = rows.find((each) => each.name === name);
  if (!row) throw new Error(`no row ${name}`);
  return row;
};

/** What an operator writes down of the console. */
function upstreamOf(row: Row, { values }: RunningProvider, members: Record<string, unknown>) {
  const { clientId, clientSecret, options } = values;
  const isRemote = 'client' in row;
  const needsSecret = !isRemote || row.preset.remoteNeeds?.includes('clientSecret');
  return {
    preset: row.preset.id,
    ...(isRemote && row.client !== 'registers with us' && !row.preset.remoteNeeds?.includes('clientId')
      ? {}
      : { clientId }),
    ...(needsSecret && clientSecret !== undefined ? { clientSecret } : {}),
    ...options,
    ...members,
  };
}

const hostsOf = (row: Row): readonly string[] =>
  row.preset.id === 'github' ? ['github.com', 'api.github.com'] : [new URL(row.person.issuer).hostname];

async function world(row: Row, members: Record<string, unknown> = {}) {
  const port = await freePort();
  const provider = await row.start({
    addresses: 'real',
    redirectUris: [`http://localhost:${port}/auth/callback`, CLIENT_REDIRECT],
  });
  closing.push(provider.close);
  const proxy = await startInspectingProxy({ hosts: hostsOf(row), reach: provider.reach });
  closing.push(proxy.close);
  const home = temporaryFolder();
  writeFileSync(join(home, 'house.pem'), proxy.ca);
  const settings = (outbound: Record<string, unknown>) =>
    JSON.stringify({
      upstream: upstreamOf(row, provider, members),
      outbound,
      ...('client' in row ? { scopes: { baseline: row.baselineScopes, required: row.requiredScopes } } : {}),
    });
  const outbound = { proxy: 'env:HOUSE_PROXY', ca: 'file:house.pem' };
  return {
    provider,
    proxy,
    refusedStart: (without: 'proxy' | 'ca') => {
      const { [without]: _left, ...rest } = outbound;
      return runPortcullis({ home, port, settings: settings(rest), env: { HOUSE_PROXY: proxy.url } });
    },
    async start() {
      const server = await startPortcullis({
        home,
        port,
        settings: settings(outbound),
        env: { HOUSE_PROXY: proxy.url },
      });
      closing.push(() => server.stop());
      return server;
    },
    /** People and clients reach the provider by its real address too. */
    browserFetch: (url: string, init: RequestInit) =>
      fetch(new URL(url).hostname === 'localhost' ? url : provider.reach(url), {
        ...init,
        redirect: 'manual',
      }),
  };
}

async function logIn(row: Row, at: Awaited<ReturnType<typeof world>>) {
  const server = await at.start();
  const { browserFetch } = at;
  const signIn = sdkSignIn({ mcpUrl: server.mcpUrl, person: row.login, browserFetch });
  const connection = await connectSdkV2({ mcpUrl: server.mcpUrl, signIn, mode: 'auto', fetch: browserFetch });
  closing.push(connection.close);
  return { server, signIn, connection };
}

describe('portcullis serve, in a network with a proxy and certificates of its own', () => {
  it.each([
    ['Auth0 with an API', PROXY_ROWS],
    ['GitHub', PROXY_ROWS],
    ['Okta, server of the organisation', PROXY_ROWS],
    ['Microsoft Entra ID, one tenant', PROXY_ROWS],
    ['Okta, single-page application', REMOTE_ROWS],
    ['Keycloak, where a client registers itself', REMOTE_ROWS],
    ['Supabase', REMOTE_ROWS],
  ] as const)('lets people of %s in, with the settings that its console shows', async (name, rows) => {
    const row = called(rows, name);
    // The audience that Keycloak writes is set there, by a mapper.
    const audience = row.preset.id === 'keycloak' ? { audience: MCP_URL } : {};
    const at = await world(row, 'client' in row ? { mode: 'remote', ...audience } : {});
    const { server, connection } = await logIn(row, at);
    const { issuer, subject } = row.person;
    expect(await connection.callTool('whoami')).toMatchObject({ issuer, subject });
    expect(at.proxy.passed.length).toBeGreaterThan(0);
    expect(at.proxy.refused()).toBe(0);
    const everything = server.everything();
    expect(everything).not.toContain('in-the-house');
    const { clientSecret } = at.provider.values;
    if (clientSecret !== undefined) expect(everything).not.toContain(clientSecret);
  });

  it('does not start without the proxy, or without its certificate, and names the setting', async () => {
    const at = await world(called(PROXY_ROWS, 'Auth0 with an API'));
    for (const without of ['proxy', 'ca'] as const) {
      const { code, stderr } = await at.refusedStart(without);
      expect([without, code]).toEqual([without, 78]);
      expect(stderr).toContain('upstream.domain');
      expect(stderr).toContain('can not be reached');
      expect(stderr).not.toContain('in-the-house');
    }
  });
});
