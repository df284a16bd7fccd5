import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CLIENT_DOCUMENTS,
  HOSTED_DOCUMENT,
  HOSTED_REDIRECT,
  NATIVE_DOCUMENT,
  writeDocuments,
} from '../clients/documents.ts';
import { type PlainClient, plainClient } from '../clients/plain-client.ts';
import { ScriptedBrowser } from '../clients/scripted-browser.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';

const at = (name: string) => `https://broken.example/${name}.json`;
const good = (name: string, change: Record<string, unknown> = {}) => ({
  ...CLIENT_DOCUMENTS[NATIVE_DOCUMENT],
  client_id: at(name),
  ...change,
});

/** Documents that must not count, each for one reason. */
const BROKEN: Readonly<Record<string, unknown>> = {
  another: good('another', { client_id: NATIVE_DOCUMENT }),
  'no-name': good('no-name', { client_name: undefined }),
  'no-redirects': good('no-redirects', { redirect_uris: [] }),
  'unsafe-redirects': good('unsafe-redirects', { redirect_uris: ['javascript:alert(1)'] }),
  secret: good('secret', { client_secret: 'x' }),
  'secret-method': good('secret-method', { token_endpoint_auth_method: 'client_secret_basic' }),
  'private-key': good('private-key', { jwks: { keys: [{ kty: 'EC', d: 'x' }] } }),
  'no-object': ['a list'],
};

let server: RunningPortcullis;
let client: PlainClient;
beforeAll(async () => {
  const home = temporaryFolder();
  const broken = Object.fromEntries(Object.entries(BROKEN).map(([name, document]) => [at(name), document]));
  server = await startPortcullis({
    home,
    flags: ['--cimd', writeDocuments(home, { ...CLIENT_DOCUMENTS, ...broken })],
  });
  client = plainClient(server.url);
});

const REDIRECT = 'http://localhost:40000/callback';
const ask = (id: string, of = client) => of.get(of.authorizationUrl({ id, redirectUri: REDIRECT }));

describe('a metadata document', () => {
  it.each(Object.keys(BROKEN))('[AS-14, E2] that is wrong is refused with a page: %s', async (name) => {
    const answer = await ask(at(name));
    expect(answer.status).toBe(400);
    expect(answer.headers.get('location')).toBeNull();
    const incident = /Incident <code>(\w+)/.exec(answer.text)?.[1] ?? '';
    expect((await server.incident(incident)).reason).toBe('client.metadata-invalid');
  });

  it.each([
    'http://client.example/oauth/native.json',
    'https://client.example',
    'https://client.example/',
    'https://user@client.example/oauth/native.json',
    'https://client.example/oauth/native.json#x',
    'https://client.example/oauth/../oauth/native.json',
    'https://client.example/oauth/%2e%2e/oauth/native.json',
    'https://CLIENT.example/oauth/native.json',
    'https://client.example:443/oauth/native.json',
  ])('[AS-14, G7] is no client under another spelling: %s', async (id) => {
    const answer = await ask(id);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers.get('location')).toBeNull();
  });

  it('[AS-14, G11] shows its host and where the access goes, and never loads the logo', async () => {
    const { html } = await new ScriptedBrowser().request(
      client.authorizationUrl({ id: HOSTED_DOCUMENT, redirectUri: HOSTED_REDIRECT }),
    );
    expect(html).toContain('described by <bdi>hosted.example</bdi>');
    expect(html).not.toContain('logo.png');
  });

  it('[AS-4, AS-14] names its redirect URIs itself: another is refused', async () => {
    const answer = await client.get(
      client.authorizationUrl({ id: HOSTED_DOCUMENT, redirectUri: 'https://evil.example/' }),
    );
    expect(answer.status).toBe(400);
    expect(answer.headers.get('location')).toBeNull();
  });
});

describe('a metadata document that would have to be fetched', () => {
  let inside: Server;
  let asked = 0;
  let fetching: RunningPortcullis;
  beforeAll(async () => {
    inside = createServer((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    inside.on('connection', () => {
      asked += 1;
    });
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
    fetching = await startPortcullis({ flags: ['--cimd', 'on'] });
  });
  afterAll(() => {
    inside.closeAllConnections();
    inside.close();
  });

  it.each([
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '2130706433',
    '0x7f.1',
    '0.0.0.0',
    '169.254.169.254',
    '10.0.0.1',
    'a.localhost',
  ])('[G8, AS-14] is not, from the private address %s', async (host) => {
    const { port } = inside.address() as { port: number };
    for (const place of [`${host}:${port}`, host]) {
      const answer = await ask(`https://${place}/client.json`, plainClient(fetching.url));
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers.get('location')).toBeNull();
      // What is behind the wall is not told: every address of this kind gets the same words.
      expect(answer.text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|timeout/i);
    }
    expect(asked).toBe(0);
  });
});
