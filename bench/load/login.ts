import { createHash, randomBytes } from 'node:crypto';
import { type LoginElsewhere, walk } from './browser.ts';
import type { Send } from './connection.ts';

/** The client that logs in, known to both sides by hand: public, with PKCE. */
export const CLIENT_ID = 'bench';
export const REDIRECT_URI = 'https://client.example/callback';
export const SCOPE = 'mcp:read';

/** Where a server has its endpoints. */
export interface Endpoints {
  readonly origin: string;
  readonly authorize: string;
  readonly token: string;
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** A whole login: authorization request, consent, sign-in, code, tokens. */
export async function logIn(
  send: Send,
  { origin, authorize, token }: Endpoints,
  elsewhere?: LoginElsewhere,
): Promise<Tokens> {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    scope: SCOPE,
    state: 'state-of-the-client',
    resource: `${origin}/mcp`,
  });
  const answer = await walk(send, origin, `${authorize}?${query}`, elsewhere);
  const code = answer.searchParams.get('code');
  if (code === null) throw new Error(`no code: ${answer}`);
  return askForTokens(send, token, {
    grant_type: 'authorization_code',
    code,
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
  });
}

export function refresh(send: Send, { token }: Endpoints, refreshToken: string): Promise<Tokens> {
  return askForTokens(send, token, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: CLIENT_ID,
  });
}

async function askForTokens(send: Send, target: string, fields: Record<string, string>): Promise<Tokens> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const reply = await send('POST', target, headers, new URLSearchParams(fields).toString());
  const tokens = reply.status === 200 ? (JSON.parse(reply.body) as Partial<Tokens>) : {};
  // Both sides have to give the same: an access token that is a JWT, and a refresh token.
  if (tokens.access_token?.split('.').length !== 3 || !tokens.refresh_token) {
    throw new Error(`${target}: ${reply.status} ${reply.body}`);
  }
  return tokens as Tokens;
}
