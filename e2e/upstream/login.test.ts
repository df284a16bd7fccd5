import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  challengeOf,
  newVerifier,
  type PlainClient,
  plainClient,
  readAnswer,
} from '../clients/plain-client.ts';
import { callTool, statusAtGate } from '../clients/plain-mcp.ts';
import { ScriptedBrowser } from '../clients/scripted-browser.ts';
import { sdkV2 } from '../clients/sdk-v2.ts';
import { OIDC_PATHS } from '../servers/oidc-provider.ts';
import { signInAtProvider } from '../servers/scripted-browser.ts';
import { type Behind, CLIENT_SECRET, DIRECT_CALLBACK, isCallback, startInFront } from './provider-behind.ts';

let behind: Behind;
let client: PlainClient;
beforeAll(async () => {
  behind = await startInFront({ database: 'embedded' });
  client = plainClient(behind.server.url);
});
afterAll(() => behind.provider.close());

const authorizations = () => behind.provider.requests.filter(({ path }) => path === OIDC_PATHS.authorization);

describe('a person of a provider', () => {
  it('[PX-7, C2] is who the provider says, in the tools and in the database', async () => {
    const { tokens } = await client.logIn({ login: 'u-1' });
    const { structuredContent } = await callTool(behind.server.mcpUrl, tokens.access_token, 'whoami');
    expect(structuredContent).toMatchObject({
      issuer: behind.provider.issuer,
      subject: 'u-1',
      email: 'alice@example.com',
      databaseUser: 'alice',
    });
  });

  it('[C1, G13] asks as themselves through an SDK client', async () => {
    for (const [login, name] of [
      ['u-1', 'alice'],
      ['u-2', 'bob'],
    ] as const) {
      const connection = await sdkV2('auto')({ mcpUrl: behind.server.mcpUrl, person: login });
      const query = 'SELECT DISTINCT account_manager FROM sales.customers';
      expect((await connection.callTool('execute_query', { query })).rows).toEqual([[name]]);
      await connection.close();
    }
  });

  it('[PX-10] meets this server as the issuer, and no trace of the provider in what it publishes', async () => {
    for (const path of [
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-protected-resource/mcp',
      '/jwks',
    ])
      expect((await client.get(path)).text).not.toContain(behind.provider.issuer);
    const text = behind.server.startUp.join('\n');
    expect(text).toContain('Example Login');
    expect(text).not.toMatch(/development people|alice/);
  });
});

describe('towards the provider', () => {
  it('[PX-1] nobody is sent before our own page was approved', async () => {
    const browser = new ScriptedBrowser();
    await client.logIn({ login: 'u-1', browser });
    const before = authorizations().length;
    // The browser is signed in at the provider now, and another client tries to slip through.
    const stranger = await client.register({
      client_name: 'Stranger',
      redirect_uris: ['https://evil.example/cb'],
    });
    const step = await browser.request(client.authorizationUrl(stranger));
    expect(step.html).toMatch(/name="action"/);
    expect(step.html).toContain('evil.');
    expect(authorizations()).toHaveLength(before);
    const denied = await browser.submit(step, { action: 'deny' });
    expect(denied.html).not.toContain(behind.provider.issuer);
    expect(authorizations()).toHaveLength(before);
  });

  it('[PX-6, PX-5] PKCE, state and nonce are our own, and fresh for each approval', async () => {
    const by = await client.register();
    const start = authorizations().length;
    const challenge = challengeOf(newVerifier());
    for (let round = 0; round < 2; round += 1)
      await new ScriptedBrowser().walk(client.authorizationUrl(by, { code_challenge: challenge }), {
        login: 'u-1',
        until: isCallback,
      });
    const [first, second] = authorizations().slice(start);
    for (const sent of [first, second]) {
      expect(sent?.query.get('code_challenge_method')).toBe('S256');
      expect(sent?.query.get('code_challenge')).not.toBe(challenge);
      expect(sent?.query.get('state')).not.toBe('state-of-the-client');
      expect(sent?.query.get('state')?.length).toBeGreaterThanOrEqual(22);
      expect(sent?.query.get('nonce')).toBeTruthy();
      expect(sent?.query.get('client_id')).toBe('portcullis');
      expect(sent?.query.get('redirect_uri')).toBe(`${behind.server.url}/auth/callback`);
    }
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(first?.query.get(name)).not.toBe(second?.query.get(name));
  });

  it('[G5, RS-16] no token of ours ever goes, nor its secret into a log', async () => {
    const { tokens, client: by, exchanged } = await client.logIn({ login: 'u-2' });
    await callTool(behind.server.mcpUrl, tokens.access_token, 'whoami');
    await client.refresh(by, tokens.refresh_token);
    const said = JSON.stringify(
      behind.provider.requests.map((r) => [r.path, [...r.query], r.headers, [...r.form]]),
    );
    for (const secret of [
      tokens.access_token,
      tokens.refresh_token,
      String(exchanged.code),
      String(exchanged.code_verifier),
    ])
      expect(said).not.toContain(secret);
    const written = behind.server.everything();
    expect(written).not.toContain(CLIENT_SECRET);
    const issued = behind.provider.requests.flatMap(({ form }) => [
      form.get('code'),
      form.get('refresh_token'),
      form.get('code_verifier'),
    ]);
    for (const secret of issued) if (secret) expect(written).not.toContain(secret);
  });
});

describe('the callback', () => {
  async function callbackOf(browser: ScriptedBrowser): Promise<URL> {
    const url = client.authorizationUrl(await client.register());
    return await browser.walk(url, { login: 'u-1', until: isCallback });
  }
  const exchanges = () => behind.provider.tokenRequests('authorization_code');

  it('[PX-5, G3] succeeds in the browser that approved, once', async () => {
    const [victim, attacker] = [new ScriptedBrowser(), new ScriptedBrowser()];
    const callback = await callbackOf(attacker);
    const before = exchanges();
    const stolen = await victim.request(callback.href);
    expect(stolen.response.status).toBe(403);
    expect(stolen.response.headers.get('location')).toBeNull();
    expect(exchanges()).toBe(before);
    const own = await attacker.request(callback.href);
    expect(own.response.status).toBe(303);
    expect(own.response.headers.get('location')).toContain('code=');
    const replay = await attacker.request(callback.href);
    expect(replay.response.headers.get('location')).toBeNull();
    expect(replay.response.status).toBe(400);
    expect(exchanges()).toBe(before + 1);
  });

  it.each([
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['a made-up state', (url: URL) => url.searchParams.set('state', `${'A'.repeat(22)}.${'A'.repeat(11)}`)],
    ['two states', (url: URL) => url.searchParams.append('state', 'x')],
    ['nothing', (url: URL) => void [...url.searchParams.keys()].map((key) => url.searchParams.delete(key))],
  ])('[PX-5, E2] with %s is a page', async (_name, change) => {
    const browser = new ScriptedBrowser();
    const url = await callbackOf(browser);
    change(url);
    const { response, html } = await browser.request(url.href);
    expect([400, 403]).toContain(response.status);
    expect(response.headers.get('location')).toBeNull();
    expect(html).toMatch(/Incident <code>/);
  });

  it('[PX-9, PX-6] that names another issuer is exchanged nowhere', async () => {
    const browser = new ScriptedBrowser();
    const url = await callbackOf(browser);
    const before = exchanges();
    url.searchParams.set('iss', 'https://other.example');
    const { response } = await browser.request(url.href);
    expect(response.headers.get('location') ?? '').not.toContain('code=');
    expect(exchanges()).toBe(before);
  });

  it('[PX-6] with the code of somebody else’s login gets nobody in', async () => {
    const [victim, attacker] = [new ScriptedBrowser(), new ScriptedBrowser()];
    const [mine, theirs] = [await callbackOf(attacker), await callbackOf(victim)];
    mine.searchParams.set('code', theirs.searchParams.get('code') ?? '');
    const { response } = await attacker.request(mine.href);
    expect(response.headers.get('location') ?? '').not.toContain('code=');
  });

  it('[PX-11] translates what the provider refuses, word for word nothing', async () => {
    const by = await client.register();
    const answer = await new ScriptedBrowser().walk(client.authorizationUrl(by), { login: 'deny' });
    expect(answer.origin + answer.pathname).toBe(by.redirectUri);
    expect(answer.searchParams.get('error')).toBe('access_denied');
    expect(answer.searchParams.get('iss')).toBe(behind.server.url);
    expect(answer.href).not.toContain('person+said');
    const browser = new ScriptedBrowser();
    const url = await callbackOf(browser);
    for (const key of [...url.searchParams.keys()]) if (key !== 'state') url.searchParams.delete(key);
    url.searchParams.set('error', '<script>alert(1)</script>');
    url.searchParams.set('error_description', '<img src=x>');
    url.searchParams.set('error_uri', 'https://evil.example/');
    const { html, response } = await browser.request(url.href);
    expect(html + (response.headers.get('location') ?? '')).not.toMatch(
      /<script>|<img|evil\.example|%3Cscript/i,
    );
  });
});

describe('tokens of the provider', () => {
  it('[PX-7, G5] are refused at the gate, and never reach a client', async () => {
    const verifier = newVerifier();
    const query = new URLSearchParams({
      client_id: 'direct',
      redirect_uri: DIRECT_CALLBACK,
      response_type: 'code',
      scope: 'openid profile',
      code_challenge: challengeOf(verifier),
      code_challenge_method: 'S256',
    });
    const back = await signInAtProvider(`${behind.provider.issuer}/auth?${query}`, 'u-1', DIRECT_CALLBACK);
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      client_id: 'direct',
      redirect_uri: DIRECT_CALLBACK,
      code_verifier: verifier,
    });
    const { status, body } = await readAnswer(
      await fetch(`${behind.provider.issuer}/token`, { method: 'POST', body: form }),
    );
    expect(status).toBe(200);
    const by = await client.register();
    for (const name of ['access_token', 'id_token', 'refresh_token']) {
      expect(await statusAtGate(behind.server.mcpUrl, String(body[name]))).toBe(401);
      expect((await client.refresh(by, String(body[name]))).body.error).toBe('invalid_grant');
    }
    const { response } = await client.logIn({ login: 'u-1' });
    expect(Object.keys(response.body).sort()).toEqual([
      'access_token',
      'expires_in',
      'refresh_token',
      'scope',
      'token_type',
    ]);
  });
});
