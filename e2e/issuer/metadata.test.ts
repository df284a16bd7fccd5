import { beforeAll, describe, expect, it } from 'vitest';
import { plainClient } from '../clients/plain-client.ts';
import { firstMessage, mcpMessage, rpcAnswer, sendMcp } from '../clients/plain-mcp.ts';
import { ScriptedBrowser } from '../clients/scripted-browser.ts';
import { freePort } from '../servers/free-port.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { fetchThrough, startReverseProxy } from '../servers/reverse-proxy.ts';

const TWICE = ['--dev-people', '--i-know-anyone-can-sign-in'];

interface Place {
  /** The issuer, as people know it. */
  readonly url: string;
  readonly server: RunningPortcullis;
  /** The network between clients and the public URL. */
  readonly fetch: typeof globalThis.fetch;
}

type Open = () => Promise<Place>;
const asFetch = (through: ReturnType<typeof fetchThrough>) =>
  ((url: string | URL | Request, init: RequestInit = {}) =>
    through(String(url), init)) as typeof globalThis.fetch;

const PLACES: Readonly<Record<string, Open>> = {
  'without a path': async () => {
    const server = await startPortcullis();
    return { url: server.url, server, fetch: globalThis.fetch };
  },
  'with a path in the public URL': async () => {
    const port = await freePort();
    const server = await startPortcullis({ port, publicUrl: `http://localhost:${port}/tools/sql` });
    return { url: server.url, server, fetch: globalThis.fetch };
  },
  'behind a proxy that strips the path': async () => {
    let target = 0;
    const proxy = await startReverseProxy({ target: () => target, stripPath: '/tools/sql' });
    const url = `http://localhost:${proxy.port}/tools/sql`;
    const server = await startPortcullis({ publicUrl: url });
    target = server.port;
    return { url, server, fetch: globalThis.fetch };
  },
  'behind a proxy that ends TLS': async () => {
    let target = 0;
    const url = 'https://mcp.example.com';
    const forwarded = {
      host: 'mcp.example.com',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'https',
    };
    const proxy = await startReverseProxy({ target: () => target, headers: forwarded });
    const env = { PORTCULLIS_TRUSTED_PROXIES: '127.0.0.1' };
    const server = await startPortcullis({ publicUrl: url, flags: TWICE, env });
    target = server.port;
    return { url, server, fetch: asFetch(fetchThrough(url, proxy.port)) };
  },
};

/** Where clients were seen to look, for an issuer and a resource at these URLs. */
function wellKnownUrls(issuer: string): { readonly server: string[]; readonly resource: string[] } {
  const { origin, pathname } = new URL(issuer);
  const mount = pathname.replace(/\/$/, '');
  const names = ['oauth-authorization-server', 'openid-configuration'];
  return {
    server: names.flatMap((name) => [
      `${origin}/.well-known/${name}${mount}`,
      `${origin}${mount}/.well-known/${name}`,
    ]),
    resource: [
      `${origin}/.well-known/oauth-protected-resource${mount}/mcp`,
      `${origin}${mount}/mcp/.well-known/oauth-protected-resource`,
    ],
  };
}

describe.each(Object.entries(PLACES))('%s', (name, open) => {
  let place: Place;
  beforeAll(async () => {
    place = await open();
  });
  // What lies beside the stripped path never comes through the proxy: the operator routes it, or clients look below the path.
  const reachable = (url: string) => !name.includes('strips') || url.startsWith(`${place.url}/`);
  const getJson = async (url: string) => {
    const answer = await place.fetch(url, { headers: { 'mcp-protocol-version': '2025-11-25' } });
    expect({ url, status: answer.status }).toEqual({ url, status: 200 });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    return (await answer.json()) as Record<string, unknown>;
  };

  it('[C3, AS-1, AS-2, AS-7] server metadata is one document at every path that clients try', async () => {
    const urls = wellKnownUrls(place.url).server.filter(reachable);
    const documents = await Promise.all(urls.map(getJson));
    for (const document of documents) expect(document).toEqual(documents[0]);
    expect(documents[0]).toMatchObject({
      issuer: place.url,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    });
    for (const [member, value] of Object.entries(documents[0]!))
      if (/_endpoint$|^jwks_uri$/.test(member)) expect(String(value).startsWith(`${place.url}/`)).toBe(true);
  });

  it('[C3, RS-3, RS-4, RS-5] resource metadata is one document at every path, and names the URL that people type', async () => {
    const documents = await Promise.all(wellKnownUrls(place.url).resource.filter(reachable).map(getJson));
    for (const document of documents) {
      expect(document).toMatchObject({ resource: `${place.url}/mcp`, authorization_servers: [place.url] });
      expect(document.scopes_supported).toEqual(['mcp:read']);
    }
  });

  it('[C3, RS-2, PX-10] a login that follows what the documents say works, with one issuer everywhere', async () => {
    const client = plainClient(place.url, (url, init) => place.fetch(url, init));
    const challenge =
      (await place.fetch(`${place.url}/mcp`, { method: 'POST' })).headers.get('www-authenticate') ?? '';
    const named = /resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? '';
    expect(named).toBe(wellKnownUrls(place.url).resource[0]);
    const { answer, tokens, response } = await client.logIn();
    expect(response.status).toBe(200);
    expect(answer.searchParams.get('iss')).toBe(place.url);
    const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1]!, 'base64url').toString());
    expect(claims).toMatchObject({ iss: place.url, aud: `${place.url}/mcp` });
    for (const message of [
      firstMessage('modern'),
      firstMessage('legacy'),
      mcpMessage('modern', 'tools/list'),
    ]) {
      const headers = { ...message.headers, authorization: `Bearer ${tokens.access_token}` };
      const called = await place.fetch(`${place.url}/mcp`, { method: 'POST', headers, body: message.body });
      expect(called.status).toBe(200);
    }
  });
});

describe('over https', () => {
  let place: Place;
  beforeAll(async () => {
    place = await PLACES['behind a proxy that ends TLS']!();
  });

  it('[AS-13] answers carry Strict-Transport-Security', async () => {
    for (const path of ['/', '/mcp', '/authorize', '/.well-known/oauth-authorization-server']) {
      const answer = await place.fetch(`${place.url}${path}`);
      expect({ path, hsts: answer.headers.get('strict-transport-security') }).toEqual({
        path,
        hsts: expect.stringMatching(/^max-age=\d{7,}/),
      });
    }
  });

  it('[PX-3] the cookie is __Host-, Secure, HttpOnly and SameSite=Lax', async () => {
    const client = plainClient(place.url, (url, init) => place.fetch(url, init));
    const browser = new ScriptedBrowser((url, init) => place.fetch(url, init));
    const { response } = await browser.request(client.authorizationUrl(await client.register()));
    expect(response.headers.getSetCookie()).toHaveLength(1);
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-/);
    for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/'])
      expect(cookie.split('; ')).toContain(attribute);
    expect(cookie).not.toMatch(/domain=/i);
  });
});

describe('well-known documents', () => {
  let server: RunningPortcullis;
  beforeAll(async () => {
    server = await startPortcullis();
  });
  const ask = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, init);

  it('[RS-3] of the resource answer at the root too', async () => {
    const root = await (await ask('/.well-known/oauth-protected-resource')).json();
    expect(root).toMatchObject({ resource: server.mcpUrl });
  });

  it('[C3] that are not there are 404 in JSON, and no page', async () => {
    for (const path of [
      '/.well-known/oauth-protected-resource/other',
      '/.well-known/none',
      '/mcp/.well-known/none',
    ]) {
      const answer = await ask(path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toBe('application/json');
    }
  });

  it('[RS-23] can be read across origins, and ask before', async () => {
    const origin = 'https://inspector.example';
    const preflight = await ask('/.well-known/oauth-authorization-server', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'mcp-protocol-version',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain(
      'mcp-protocol-version',
    );
    const read = await ask('/.well-known/oauth-authorization-server', { headers: { origin } });
    expect(read.headers.get('access-control-allow-origin')).toBe('*');
    expect((await ask('/.well-known/oauth-authorization-server', { method: 'HEAD' })).status).toBe(200);
  });

  it('[AS-3] advertise what works, and what is advertised works', async () => {
    const document = (await (await ask('/.well-known/oauth-authorization-server')).json()) as Record<
      string,
      unknown
    >;
    expect(document).toMatchObject({
      client_id_metadata_document_supported: true,
      grant_types_supported: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_methods_supported: expect.arrayContaining([
        'none',
        'client_secret_basic',
        'client_secret_post',
      ]),
      registration_endpoint: `${server.url}/register`,
      revocation_endpoint: `${server.url}/revoke`,
      introspection_endpoint: `${server.url}/introspect`,
    });
    expect(document.scopes_supported).toContain('mcp:read');
    const client = plainClient(server.url);
    for (const method of ['client_secret_basic', 'client_secret_post']) {
      const registered = await client.register({ token_endpoint_auth_method: method });
      expect(registered.secret).toBeDefined();
      const { exchanged } = await client.approve({ client: registered });
      const basic = Buffer.from(`${registered.id}:${registered.secret}`).toString('base64');
      const { status } =
        method === 'client_secret_basic'
          ? await client.token(exchanged, { authorization: `Basic ${basic}` })
          : await client.token({ ...exchanged, client_secret: registered.secret });
      expect({ method, status }).toEqual({ method, status: 200 });
    }
  });

  it('[AS-3] do not advertise what is switched off', async () => {
    const closed = await startPortcullis({
      env: {
        PORTCULLIS_REGISTRATION: 'off',
        PORTCULLIS_CLIENTS: '[{"id":"one","redirectUris":["http://localhost/cb"]}]',
      },
      flags: ['--cimd', 'off'],
    });
    const { body } = await plainClient(closed.url).get('/.well-known/oauth-authorization-server');
    expect(body.registration_endpoint).toBeUndefined();
    expect(body.client_id_metadata_document_supported).toBe(false);
    const refused = await plainClient(closed.url).postJson('/register', {
      redirect_uris: ['http://localhost/cb'],
    });
    expect(refused).toMatchObject({ status: 403, body: { error: 'access_denied' } });
    await closed.stop();
  });

  it('[C1] say the same of the server to both eras', async () => {
    const { tokens } = await plainClient(server.url).logIn();
    const lists = await Promise.all(
      (['legacy', 'modern'] as const).map(async (era) => {
        const answer = rpcAnswer(
          await sendMcp(server.mcpUrl, mcpMessage(era, 'tools/list'), tokens.access_token),
        );
        return (answer.result as { tools: { name: string }[] }).tools.map(({ name }) => name);
      }),
    );
    expect(lists[0]).toEqual(lists[1]);
    expect(lists[0]).toContain('whoami');
  });
});
