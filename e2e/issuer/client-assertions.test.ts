/** AS-14, AS-20: clients that show who they are with a key of their own, as hosted clients do through their metadata document. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import {
  auth,
  Client,
  createPrivateKeyJwtAuth,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { structured } from '../clients/connection.ts';
import { writeDocuments } from '../clients/documents.ts';
import { plainClient, REDIRECT_URI } from '../clients/plain-client.ts';
import { statusAtGate } from '../clients/plain-mcp.ts';
import { sdkSignIn } from '../clients/sdk-sign-in.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';

interface Signing {
  readonly id: string;
  readonly algorithm: string;
  readonly publicJwk: Record<string, unknown>;
  readonly privateJwk: Record<string, unknown>;
}

/** A client with its document at a URL, and a new key. */
function signing(name: string, algorithm: string): Signing {
  const pair =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    id: `https://${name}.example/oauth/client.json`,
    algorithm,
    publicJwk: { ...pair.publicKey.export({ format: 'jwk' }), use: 'sig' },
    privateJwk: { ...pair.privateKey.export({ format: 'jwk' }) },
  };
}

const INLINE = signing('inline', 'ES256');
const BY_URI = signing('by-uri', 'RS256');
const STRANGER = signing('stranger', 'ES256');
const KEYS = 'https://by-uri.example/oauth/jwks.json';

const document = (id: string, keys: Record<string, unknown>) => ({
  client_id: id,
  client_name: 'A client that signs',
  redirect_uris: ['http://localhost/callback', REDIRECT_URI],
  token_endpoint_auth_method: 'private_key_jwt',
  ...keys,
});

let server: RunningPortcullis;
beforeAll(async () => {
  const home = temporaryFolder();
  const documents = {
    [INLINE.id]: document(INLINE.id, { jwks: { keys: [INLINE.publicJwk] } }),
    [BY_URI.id]: document(BY_URI.id, { jwks_uri: KEYS }),
    [KEYS]: { keys: [BY_URI.publicJwk] },
  };
  server = await startPortcullis({ home, flags: ['--cimd', writeDocuments(home, documents)] });
});

/** What the official SDK signs its requests with. */
const signs = ({ id, algorithm, privateJwk }: Signing) =>
  createPrivateKeyJwtAuth({ issuer: id, subject: id, privateKey: privateJwk, alg: algorithm });

/** The same, as fields of a form. */
async function assertion(client: Signing, path: string, url = server.url) {
  const fields = new URLSearchParams();
  await signs(client)(new Headers(), fields, `${url}${path}`);
  return Object.fromEntries(fields);
}

describe.each([
  ['in its document', INLINE],
  ['at a URI', BY_URI],
])('the official client, with its keys %s', (_, client) => {
  it('[AS-14, AS-20, AS-11, AS-19] logs in, calls a tool, refreshes, and gives its token back', async () => {
    const identification = { kind: 'document', url: client.id } as const;
    const signIn = sdkSignIn({ mcpUrl: server.mcpUrl, person: 'alice', identification });
    const authProvider = { ...signIn, addClientAuthentication: signs(client) };
    const open = () => new StreamableHTTPClientTransport(new URL(server.mcpUrl), { authProvider });
    const first = open();
    await expect(new Client({ name: 'signing', version: '1' }).connect(first)).rejects.toThrow(
      UnauthorizedError,
    );
    await first.finishAuth(signIn.answer());
    const mcp = new Client({ name: 'signing', version: '1' });
    await mcp.connect(open());
    expect(structured(await mcp.callTool({ name: 'whoami', arguments: {} }))).toMatchObject({
      subject: 'alice',
      client: client.id,
    });
    await mcp.close();

    const before = signIn.tokens()!;
    expect(await auth(authProvider, { serverUrl: server.mcpUrl })).toBe('AUTHORIZED');
    const after = signIn.tokens()!;
    expect(after.access_token).not.toBe(before.access_token);
    expect(await statusAtGate(server.mcpUrl, after.access_token)).toBe(200);

    const plain = plainClient(server.url);
    const give = (fields: Record<string, string>) =>
      plain.post('/revoke', { token: after.refresh_token, ...fields });
    expect((await give({ client_id: client.id })).status).toBe(401);
    expect(await statusAtGate(server.mcpUrl, after.access_token)).toBe(200);
    expect((await give(await assertion(client, '/revoke'))).status).toBe(200);
    expect(await statusAtGate(server.mcpUrl, after.access_token)).toBe(401);
  });

  it('[AS-20] is nobody without its key: by its id, by the key of another, or by an assertion that was used', async () => {
    const plain = plainClient(server.url);
    const { exchanged } = await plain.approve({ client: { id: client.id, redirectUri: REDIRECT_URI } });
    const used = await assertion(client, '/token');
    expect((await plain.post('/introspect', { token: 'x', ...used })).status).toBe(200);
    for (const attempt of [
      {},
      { client_secret: 'x' },
      used,
      await assertion({ ...STRANGER, id: client.id }, '/token'),
      await assertion(STRANGER, '/token'),
    ]) {
      const answer = await plain.token({ ...exchanged, ...attempt });
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    }
    const answer = await plain.token({ ...exchanged, ...(await assertion(client, '/token')) });
    expect(answer.status).toBe(200);
    expect(server.everything()).not.toContain(used.client_assertion);
  });
});

describe('an address of keys', () => {
  let inside: Server;
  let asked = 0;
  let fetching: RunningPortcullis;
  beforeAll(async () => {
    inside = createServer((_request, response) => void response.end('{}'));
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
    '[::ffff:7f00:1]',
    '169.254.169.254',
    '10.0.0.1',
    'a.localhost',
  ])(
    '[G8, AS-20] that is a private one, at %s, is not asked, and looks like one that does not answer',
    async (host) => {
      const { port } = inside.address() as { port: number };
      const plain = plainClient(fetching.url);
      for (const place of [`${host}:${port}`, host]) {
        const client = await plain.register({
          token_endpoint_auth_method: 'private_key_jwt',
          jwks_uri: `https://${place}/jwks.json`,
        });
        const { exchanged } = await plain.approve({ client });
        const proof = await assertion({ ...STRANGER, id: client.id }, '/token', fetching.url);
        const answer = await plain.token({ ...exchanged, ...proof });
        expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
        expect(answer.text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|timeout/i);
      }
      expect(asked).toBe(0);
    },
  );
});
