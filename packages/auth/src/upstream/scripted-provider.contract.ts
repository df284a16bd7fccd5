import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { manualClock, nowSeconds } from '../core/clock.ts';
import type { Fetch } from '../core/fetch.ts';
import { type Random, systemRandom } from '../core/random.ts';
import { openProvider } from './open-provider.ts';
import type { ProviderOptions } from './provider-options.ts';

export const ISSUER = 'https://idp.example';
export const CLIENT_SECRET = 'the-client-secret';
export const CALLBACK_URL = 'https://mcp.example.com/auth/callback';

export const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  userinfo_endpoint: `${ISSUER}/userinfo`,
  revocation_endpoint: `${ISSUER}/revoke`,
  jwks_uri: `${ISSUER}/keys`,
  id_token_signing_alg_values_supported: ['ES256'],
  userinfo_signing_alg_values_supported: ['ES256'],
};

export interface SentRequest {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
}

export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

const key = await generateKeyPair('ES256', { extractable: true });
const publicKey = { ...(await exportJWK(key.publicKey)), kid: 'k', alg: 'ES256', use: 'sig' };

/** Claims, signed with the key that the provider shows. */
export function sign(claims: Readonly<Record<string, unknown>>): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'k' }).sign(key.privateKey);
}

export interface ScriptedProviderOptions {
  readonly options?: Partial<ProviderOptions>;
  /** Members in place of those of `METADATA`; `undefined` takes one away. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly random?: Random;
}

/** A provider that is known, and that answers each path with what a test put there. Nothing else of it is made up. */
export async function scriptedProvider(script: ScriptedProviderOptions = {}) {
  const clock = manualClock();
  const sent: SentRequest[] = [];
  const answers = new Map<string, () => Response | Promise<Response>>([
    ['/.well-known/openid-configuration', () => json({ ...METADATA, ...script.metadata })],
    ['/keys', () => json({ keys: [publicKey] })],
  ]);
  const fetch: Fetch = async (url, init) => {
    const path = new URL(url).pathname;
    sent.push({
      path,
      method: init?.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init?.headers)),
      form: Object.fromEntries(new URLSearchParams(init?.body?.toString() ?? '')),
    });
    return answers.get(path)?.() ?? new Response('not here', { status: 404 });
  };
  const provider = await openProvider(
    { issuer: ISSUER, clientId: 'my-id', clientSecret: CLIENT_SECRET, ...script.options },
    { fetch, clock, random: script.random ?? systemRandom },
  );
  sent.length = 0;
  return {
    provider,
    clock,
    sent,
    answer: (path: string, give: () => Response | Promise<Response>) => void answers.set(path, give),
    claims: (over: Readonly<Record<string, unknown>> = {}) => ({
      iss: ISSUER,
      aud: 'my-id',
      sub: 'u-1',
      iat: nowSeconds(clock),
      exp: nowSeconds(clock) + 300,
      ...over,
    }),
  };
}

/** What a call throws, or `undefined`. */
export async function faultOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (fault: unknown) => fault,
  );
}
