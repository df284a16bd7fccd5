import { afterAll, describe, expect, it } from 'vitest';
import { plainClient } from '../clients/plain-client.ts';
import { statusAtGate, whoami } from '../clients/plain-mcp.ts';
import { ScriptedBrowser } from '../clients/scripted-browser.ts';
import { FAULTS } from '../servers/faulty-proxy.ts';
import { OIDC_PATHS } from '../servers/oidc-provider.ts';
import { startPortcullis } from '../servers/portcullis.ts';
import { type Behind, isCallback, startInFront } from './provider-behind.ts';

const opened: Behind[] = [];
afterAll(async () => {
  for (const { provider } of opened) await provider.close();
});
/** So long after a sign-in a refresh asks the provider again. */
const LATER = 120;
/** Far less than the ten seconds that a provider has for one answer. */
const READY_MILLISECONDS = 5000;
const inFront: typeof startInFront = async (...options) => {
  const behind = await startInFront(...options);
  opened.push(behind);
  return behind;
};

describe('a session of a person of a provider', () => {
  it('[S2] is refreshed there once, however many ask in however many processes', async () => {
    const { provider, server, options } = await inFront({ state: 'state', movableClock: true });
    const second = await startPortcullis({
      ...options,
      port: undefined,
      home: server.home,
      publicUrl: server.url,
    });
    const client = plainClient(server.url);
    const { client: by, tokens } = await client.logIn({ login: 'u-1' });
    const ways = [client, plainClient(second.directUrl)];
    for (const each of [server, second]) await each.advance(LATER);
    const before = provider.tokenRequests('refresh_token');
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => ways[index % 2]!.refresh(by, tokens.refresh_token)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    const asked = provider.tokenRequests('refresh_token') - before;
    expect(asked).toBe(1);
    for (const { body } of answers)
      expect(await whoami(server.mcpUrl, String(body.access_token))).toBe('u-1');
    await Promise.all([server.stop(), second.stop()]);
  });

  it('[PX-8, S5] ends when the provider says that the person is gone, and only theirs', async () => {
    const { provider, server } = await inFront({ movableClock: true });
    const client = plainClient(server.url);
    const [gone, stays] = [await client.logIn({ login: 'u-1' }), await client.logIn({ login: 'u-2' })];
    provider.removeAccount('u-1');
    await server.advance(LATER);
    const refused = await client.refresh(gone.client, gone.tokens.refresh_token);
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await statusAtGate(server.mcpUrl, gone.tokens.access_token)).toBe(401);
    const asked = provider.tokenRequests('refresh_token');
    expect((await client.refresh(gone.client, gone.tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect(provider.tokenRequests('refresh_token')).toBe(asked);
    expect((await client.refresh(stays.client, stays.tokens.refresh_token)).status).toBe(200);
    await server.stop();
  });

  it.each(['serverError', 'tooMany', 'html', 'invalidClient', 'drop'] as const)(
    '[PX-8, E2, E1] outlives a provider that answers with %s: 503, and nobody is logged out',
    async (fault) => {
      const { provider, server } = await inFront({ movableClock: true });
      const client = plainClient(server.url);
      const { client: by, tokens } = await client.logIn({ login: 'u-1' });
      await server.advance(LATER);
      provider.proxy.fail(OIDC_PATHS.token, FAULTS[fault]);
      const away = await client.refresh(by, tokens.refresh_token);
      expect(away).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
      expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
      const incident = String(away.headers.get('x-incident-id'));
      expect(await server.incident(incident)).toMatchObject({ level: 'error', at: 'token' });
      expect(await statusAtGate(server.mcpUrl, tokens.access_token)).toBe(200);
      provider.proxy.mend();
      expect((await client.refresh(by, tokens.refresh_token)).status).toBe(200);
      await server.stop();
    },
  );
});

describe('a start', () => {
  it('[G1] without the provider runs on the last good copy, and says so', async () => {
    const { provider, server, options } = await inFront({ state: 'state' });
    const { tokens } = await plainClient(server.url).logIn({ login: 'u-1' });
    await server.stop();
    await provider.close();
    const again = await startPortcullis({ ...options, home: server.home });
    expect(await whoami(again.mcpUrl, tokens.access_token)).toBe('u-1');
    const said = again.log().filter(({ level }) => level === 'error' || level === 'warn' || level === 'info');
    expect(JSON.stringify(said)).toMatch(/copy|can not be reached|unavailable/);
    await again.stop();
  });

  it('[G1] while the provider hangs is ready soon, and all is well when it is back', async () => {
    const { provider, server, options } = await inFront({ state: 'state', movableClock: true });
    const client = plainClient(server.url);
    const { client: by, tokens } = await client.logIn({ login: 'u-1' });
    await server.stop();
    const hangs = { kind: 'delay', seconds: 60 } as const;
    for (const path of [OIDC_PATHS.discovery, OIDC_PATHS.keys]) provider.proxy.fail(path, hangs);
    const asked = provider.requests.length;
    const began = performance.now();
    const again = await startPortcullis({ ...options, home: server.home });
    expect((await fetch(`${again.url}/livez`)).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(READY_MILLISECONDS);
    expect(
      provider.requests
        .slice(asked)
        .map(({ path }) => path)
        .sort(),
    ).toEqual([OIDC_PATHS.discovery, OIDC_PATHS.keys].sort());
    expect(again.everything()).toContain('the last good copy is used');
    expect(await whoami(again.mcpUrl, tokens.access_token)).toBe('u-1');
    provider.proxy.mend();
    await again.advance(LATER);
    const before = provider.tokenRequests('refresh_token');
    const { status, body } = await client.refresh(by, tokens.refresh_token);
    expect([status, provider.tokenRequests('refresh_token') - before]).toEqual([200, 1]);
    expect(await whoami(again.mcpUrl, String(body.access_token))).toBe('u-1');
    await again.stop();
  });

  it('[G2] with a provider ends the sessions of development people', async () => {
    const { server, options } = await inFront({ state: 'state' });
    await server.stop();
    const { env: _provider, ...without } = options;
    const development = await startPortcullis({ ...without, home: server.home });
    const client = plainClient(development.url);
    const login = await client.logIn({ person: 'alice' });
    expect(await statusAtGate(development.mcpUrl, login.tokens.access_token)).toBe(200);
    await development.stop();
    const real = await startPortcullis({ ...options, home: server.home });
    expect(await statusAtGate(real.mcpUrl, login.tokens.access_token)).toBe(401);
    const refused = await client.refresh(login.client, login.tokens.refresh_token);
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    await real.stop();
  });

  it('[PX-4] with other rules applies them to a login that is under way', async () => {
    const { server, options } = await inFront({ state: 'state' });
    const client = plainClient(server.url);
    const browser = new ScriptedBrowser();
    const url = client.authorizationUrl(await client.register());
    const callback = await browser.walk(url, { login: 'u-1', until: isCallback });
    await server.stop();
    const env = { ...options.env, PORTCULLIS_REDIRECT_URIS_DENY: 'http://127.0.0.1:*' };
    const strict = await startPortcullis({ ...options, env, home: server.home });
    const { response } = await browser.request(callback.href);
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    await strict.stop();
  });
});
