import { beforeAll, describe, expect, it } from 'vitest';
import { HOSTED_DOCUMENT, HOSTED_REDIRECT, NATIVE_DOCUMENT, writeDocuments } from '../clients/documents.ts';
import {
  type Client,
  type Fields,
  type PlainClient,
  plainClient,
  REDIRECT_URI,
} from '../clients/plain-client.ts';
import { statusAtGate, whoami } from '../clients/plain-mcp.ts';
import { ScriptedBrowser } from '../clients/scripted-browser.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';

let server: RunningPortcullis;
let client: PlainClient;
let registered: Client;
beforeAll(async () => {
  const home = temporaryFolder();
  const clients = [
    { id: 'public-one', redirectUris: ['http://localhost/cb', 'https://app.example/cb?tenant=1'] },
    { id: 'secret-one', redirectUris: ['https://app.example/cb'], secret: 'a-secret-with:colon&more' },
  ];
  server = await startPortcullis({
    home,
    flags: ['--cimd', writeDocuments(home)],
    env: {
      PORTCULLIS_CLIENTS: JSON.stringify(clients),
      PORTCULLIS_SCOPES_SUPPORTED: 'mcp:read mcp:write',
      PORTCULLIS_REDIRECT_URIS_DENY: 'https://*.denied.example',
    },
  });
  client = plainClient(server.url);
  registered = await client.register();
});

const authorize = (fields: Fields, by = registered) => client.get(client.authorizationUrl(by, fields));

describe('an authorization request that proves no client or no redirect URI', () => {
  const WRONG: Readonly<Record<string, Fields>> = {
    'an unknown client': { client_id: 'nobody' },
    'no client': { client_id: undefined },
    'a client id that was changed': { client_id: 'pc1.AAAA.AAAA' },
    'a metadata document that is not in the file': { client_id: 'https://other.example/client.json' },
    'another path': { redirect_uri: 'http://127.0.0.1:41234/other' },
    'another host': { redirect_uri: 'https://evil.example/callback' },
    'localhost for 127.0.0.1': { redirect_uri: 'http://localhost:41234/callback' },
    'https for http': { redirect_uri: 'https://127.0.0.1:41234/callback' },
    'a query that was added': { redirect_uri: `${REDIRECT_URI}?a=b` },
    'a fragment': { redirect_uri: `${REDIRECT_URI}#a` },
    'user info': { redirect_uri: 'http://127.0.0.1:41234@evil.example/callback' },
    'dot segments': { redirect_uri: 'http://127.0.0.1:41234/x/../callback' },
    'encoded dot segments': { redirect_uri: 'http://127.0.0.1:41234/%2e%2e/callback' },
    'a backslash': { redirect_uri: 'http://127.0.0.1:41234\\@evil.example/callback' },
    'upper case': { redirect_uri: 'http://127.0.0.1:41234/Callback' },
    'a slash at the end': { redirect_uri: `${REDIRECT_URI}/` },
    'a line break': { redirect_uri: `${REDIRECT_URI}\r\nx-evil: 1` },
    'two redirect URIs': { redirect_uri: [REDIRECT_URI, 'https://evil.example/'] },
    'two clients': { client_id: ['nobody', 'nobody-else'] },
    'a script': { redirect_uri: 'javascript:alert(1)' },
  };

  it.each(Object.entries(WRONG))('[AS-4, G7, E2] gets a page and no redirect: %s', async (_name, fields) => {
    const answer = await authorize(fields);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.text).not.toMatch(/http-equiv="refresh"/);
    expect(answer.text).not.toContain('href="http');
    // What happened, and what to do about it.
    expect(answer.text).toMatch(/What you can do[\s\S]*<li>/);
    const incident = /Incident <code>(\w+)/.exec(answer.text)?.[1] ?? '';
    expect((await server.incident(incident)).reason).toMatch(/^(client|request)\./);
  });
});

describe('an authorization request of a proven client', () => {
  const WRONG: Readonly<Record<string, readonly [Fields, string]>> = {
    'no PKCE': [{ code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    'PKCE plain': [{ code_challenge_method: 'plain' }, 'invalid_request'],
    'PKCE without a method': [{ code_challenge_method: undefined }, 'invalid_request'],
    'a challenge that is none': [{ code_challenge: 'short' }, 'invalid_request'],
    'another response type': [{ response_type: 'token' }, 'unsupported_response_type'],
    'no response type': [{ response_type: undefined }, 'invalid_request'],
    'another response mode': [{ response_mode: 'fragment' }, 'invalid_request'],
    'a request object': [{ request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    'a request URI': [{ request_uri: 'http://127.0.0.1:1/' }, 'request_uri_not_supported'],
    'a parameter twice': [{ scope: ['mcp:read', 'mcp:write'] }, 'invalid_request'],
    'an unknown scope': [{ scope: 'everything' }, 'invalid_scope'],
    'an unknown resource': [{ resource: 'https://other.example/mcp' }, 'invalid_target'],
    'a sibling of the resource': [{ resource: 'http://localhost:1/mcp' }, 'invalid_target'],
    'prompt none': [{ prompt: 'none' }, 'login_required'],
  };

  it.each(Object.entries(WRONG))(
    '[AS-6, AS-21, AS-2] goes back with error, state and iss: %s',
    async (_name, [fields, error]) => {
      const state = 'a state & more';
      const answer = await authorize({ state, ...fields });
      expect(answer.status).toBe(303);
      const location = new URL(answer.headers.get('location') ?? '');
      expect(location.origin + location.pathname).toBe(REDIRECT_URI);
      expect(Object.fromEntries(location.searchParams)).toMatchObject({ error, state, iss: server.url });
      expect(location.searchParams.get('code')).toBeNull();
      const incident = /incident (\w+)/.exec(location.searchParams.get('error_description') ?? '')?.[1] ?? '';
      expect((await server.incident(incident)).reason).toBeTypeOf('string');
    },
  );

  it('[AS-6] that the person denies goes back with access_denied', async () => {
    const answer = await new ScriptedBrowser().walk(client.authorizationUrl(registered), {
      decision: 'deny',
    });
    expect(Object.fromEntries(answer.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'state-of-the-client',
      iss: server.url,
    });
  });

  it('[AS-7, AS-9] gets a code with iss, and tokens with everything that RFC 6749 asks for', async () => {
    const { answer, response } = await client.logIn();
    expect(answer.searchParams.get('iss')).toBe(server.url);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'mcp:read' });
    expect(response.body).not.toHaveProperty('id_token');
  });
});

describe('clients of every kind', () => {
  const uri = (redirectUri: string, id?: string, secret?: string) => async (): Promise<Client> =>
    id === undefined
      ? {
          ...(await client.register({ redirect_uris: [redirectUri.replace(/(\/\/[^/[]+):\d+/, '$1')] })),
          redirectUri,
        }
      : { id, secret, redirectUri };

  const KINDS: Readonly<Record<string, () => Promise<Client>>> = {
    'registered, 127.0.0.1 with any port': uri('http://127.0.0.1:51111/callback'),
    'registered, localhost with any port': uri('http://localhost:52222/oauth/callback'),
    'registered, IPv6 loopback': uri('http://[::1]/callback'),
    'registered, a custom scheme': uri('cursor://anysphere.cursor-mcp/oauth/callback'),
    'registered, a custom scheme with a dot': uri('com.example.app:/callback'),
    'registered, https': uri('https://claude.ai/api/mcp/auth_callback'),
    'a document, localhost with any port': uri('http://localhost:53333/callback', NATIVE_DOCUMENT),
    'a document, 127.0.0.1 with any port': uri('http://127.0.0.1:54444/callback', NATIVE_DOCUMENT),
    'a document, https': uri(HOSTED_REDIRECT, HOSTED_DOCUMENT),
    'static, loopback with any port': uri('http://localhost:55555/cb', 'public-one'),
    'static, https with a query': uri('https://app.example/cb?tenant=1', 'public-one'),
  };

  it.each(Object.entries(KINDS))('[C2, AS-4, AS-16] log in: %s', async (_name, kind) => {
    const by = await kind();
    const { answer, tokens, response } = await client.logIn({ client: by, person: 'bob' });
    expect(response.status).toBe(200);
    expect(answer.href.startsWith(by.redirectUri)).toBe(true);
    expect(await whoami(server.mcpUrl, tokens.access_token)).toBe('bob');
  });

  it.each([
    ['without scope and resource', { scope: undefined, resource: undefined }],
    ['with every scope there is', { scope: 'mcp:read mcp:write offline_access', prompt: 'consent' }],
    ['with scopes of which some are unknown', { scope: 'mcp:read openid profile' }],
    ['with the resource in upper case', { resource: '__UPPER__' }],
    ['without state', { state: undefined }],
    [
      'with parameters that nobody knows',
      { audience: 'x', nonce: 'y', login_hint: 'alice', display: 'popup' },
    ],
  ] as [string, Fields][])('[C2, AS-10, RS-25] log in %s', async (_name, fields) => {
    const resource = server.mcpUrl.replace('http://localhost', 'HTTP://LOCALHOST');
    const authorize = fields.resource === '__UPPER__' ? { resource } : fields;
    const { tokens, answer } = await client.logIn({ authorize });
    expect(await statusAtGate(server.mcpUrl, tokens.access_token)).toBe(200);
    expect(tokens.scope.split(' ')).toContain('mcp:read');
    if ('state' in fields) expect(answer.searchParams.has('state')).toBe(false);
  });

  it.each(['basic', 'post'])(
    '[AS-16, AS-20] with a secret are asked for it, and take it by %s',
    async (way) => {
      const by: Client = { id: 'secret-one', redirectUri: 'https://app.example/cb' };
      const secret = 'a-secret-with:colon&more';
      const { exchanged } = await client.approve({ client: by });
      for (const wrong of [undefined, 'wrong', `${secret}x`]) {
        const refused = await client.token({ ...exchanged, client_secret: wrong });
        expect(refused).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
      }
      const basic = Buffer.from(`secret-one:${encodeURIComponent(secret)}`).toString('base64');
      const { status } =
        way === 'basic'
          ? await client.token({ ...exchanged, client_id: undefined }, { authorization: `Basic ${basic}` })
          : await client.token({ ...exchanged, client_secret: secret });
      expect(status).toBe(200);
    },
  );

  it('[G7, AS-16] are not sent where the operator forbids it, whatever they registered', async () => {
    const by = await client.register({ redirect_uris: ['https://app.denied.example/cb'] });
    const answer = await client.get(client.authorizationUrl(by));
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.status).toBe(400);
  });
});
