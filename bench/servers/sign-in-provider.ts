// The program that is an identity provider in the form of Keycloak: it signs everybody in as one person, and can take its time.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { serveParent } from '../processes/serve-parent.ts';
import { listen } from './listen.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const keys = await generateKeyPair('RS256', { extractable: true });
const publicKey = { ...(await exportJWK(keys.publicKey)), kid: 'first', alg: 'RS256', use: 'sig' };
/** Before each answer about itself: its metadata, its keys. */
let delayMilliseconds = 0;
/** By code: what the ID token has to repeat. */
const codes = new Map<string, { readonly nonce: string | null; readonly clientId: string | null }>();

const json = (body: unknown): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body,
});

function metadata(realm: string) {
  const endpoints = `${realm}/protocol/openid-connect`;
  return {
    issuer: realm,
    authorization_endpoint: `${endpoints}/auth`,
    token_endpoint: `${endpoints}/token`,
    jwks_uri: `${endpoints}/certs`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  };
}

/** Nobody is asked anything. */
function authorize(query: URLSearchParams): Answer {
  const code = randomUUID();
  codes.set(code, { nonce: query.get('nonce'), clientId: query.get('client_id') });
  const back = new URL(query.get('redirect_uri') ?? '');
  back.searchParams.set('code', code);
  back.searchParams.set('state', query.get('state') ?? '');
  return { status: 302, headers: { location: back.href } };
}

async function exchange(realm: string, request: IncomingMessage): Promise<Answer> {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { nonce, clientId } = codes.get(new URLSearchParams(body).get('code') ?? '')!;
  const idToken = await new SignJWT({ nonce, name: 'Alice' })
    .setProtectedHeader({ alg: 'RS256', kid: 'first' })
    .setIssuer(realm)
    .setSubject('u-1')
    .setAudience(clientId ?? '')
    .setIssuedAt()
    .setExpirationTime('5 min')
    .sign(keys.privateKey);
  const tokens = { access_token: randomUUID(), refresh_token: randomUUID(), id_token: idToken };
  return json({ ...tokens, token_type: 'Bearer', expires_in: 3600 });
}

async function answer(realm: string, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '', realm);
  if (pathname.endsWith('/auth')) return authorize(searchParams);
  if (pathname.endsWith('/token')) return exchange(realm, request);
  await sleep(delayMilliseconds);
  return json(pathname.endsWith('/certs') ? { keys: [publicKey] } : metadata(realm));
}

const port = await listen((chosen) => (request, response) => {
  answer(`http://localhost:${chosen}/realms/main`, request).then(
    ({ status, headers, body }) => response.writeHead(status, headers).end(body && JSON.stringify(body)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});

serveParent({
  port: () => port,
  answerAfter: ({ milliseconds }: { readonly milliseconds: number }) => {
    delayMilliseconds = milliseconds;
  },
});
