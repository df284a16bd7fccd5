import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** An answer of one endpoint: an object is sent as JSON, a text as it is. */
export interface HandMadeAnswer {
  readonly status?: number;
  readonly contentType?: string;
  readonly body: unknown;
}

export interface HandMadeProvider {
  readonly issuer: string;
  /** What each path answers; change it between requests. Starts with discovery at both well-known names and `/jwks`. */
  readonly answers: Map<string, HandMadeAnswer>;
  /** Paths in the order they were asked for. */
  readonly asked: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly publicKey: JWK;
  /** Signs claims with the key of the provider; header members can be changed. */
  sign(
    claims: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  /** Makes a new signing key. The old one is gone from `/jwks`. */
  rotateKey(kid: string): Promise<void>;
  close(): Promise<void>;
}

/** A provider that says whatever a test wants, over real HTTP: for answers that a good one never gives. */
export async function startHandMadeProvider(): Promise<HandMadeProvider> {
  const answers = new Map<string, HandMadeAnswer>();
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://provider').pathname;
    asked.push(path);
    request.resume();
    request.on('end', () => {
      const {
        status = 200,
        contentType = 'application/json',
        body,
      } = answers.get(path) ?? {
        status: 404,
        body: {},
      };
      response.writeHead(status, { 'content-type': contentType });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
  };
  answers.set('/.well-known/openid-configuration', { body: metadata });
  let key: CryptoKey;
  let publicKey: JWK;
  async function rotateKey(kid: string): Promise<void> {
    const pair = await generateKeyPair('RS256', { extractable: true });
    key = pair.privateKey;
    publicKey = { ...(await exportJWK(pair.publicKey)), kid, alg: 'RS256', use: 'sig' };
    answers.set('/jwks', { body: { keys: [publicKey] } });
  }
  await rotateKey('first');
  return {
    issuer,
    answers,
    asked,
    metadata,
    get publicKey() {
      return publicKey;
    },
    sign: (claims, header = {}) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: publicKey.kid, ...header } as { alg: string })
        .sign(key),
    rotateKey,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
