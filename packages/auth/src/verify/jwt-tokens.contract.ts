import type http from 'node:http';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type FaultyProxy, startFaultyProxy } from '../../../../e2e/servers/faulty-proxy.ts';
import { type ManualClock, manualClock } from '../core/clock.ts';
import type { AuthEvent } from '../core/events.ts';
import { guardedFetch } from '../net/guarded-fetch.ts';
import { jwtVerifier } from './jwt.ts';
import type { JwtVerifierOptions } from './jwt-options.ts';
import type { TokenWish, VerifierUnderTest } from './verifier.contract.ts';

export const RESOURCE = 'https://mcp.example.com/mcp';
export const ISSUER = 'https://id.example.com';

export type SigningKey = Parameters<SignJWT['sign']>[0];

export interface Signer {
  readonly algorithm: string;
  readonly kid?: string;
  readonly privateKey: SigningKey;
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly pem: string;
}

export async function signer(algorithm: string, kid?: string): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), alg: algorithm, use: 'sig', ...(kid ? { kid } : {}) };
  return { algorithm, kid, privateKey, jwk, pem: await exportSPKI(publicKey) };
}

export interface Signed {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** A token with good claims, changed as wished; a claim that is `undefined` is left out. */
export async function sign(
  clock: ManualClock,
  by: Pick<Signer, 'algorithm' | 'kid' | 'privateKey'>,
  { claims = {}, header = {} }: Signed = {},
): Promise<string> {
  const now = Math.floor(clock.now() / 1000);
  const all = {
    iss: ISSUER,
    sub: 'u-1',
    aud: RESOURCE,
    client_id: 'c-1',
    scope: 'a b',
    iat: now,
    exp: now + 600,
    ...claims,
  };
  const payload = JSON.parse(JSON.stringify(all)) as JWTPayload;
  const kid = by.kid === undefined ? {} : { kid: by.kid };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: by.algorithm, typ: 'at+jwt', ...kid, ...header })
    .sign(by.privateKey);
}

export interface KeyServer {
  readonly proxy: FaultyProxy;
  readonly url: string;
  show(...signers: readonly Signer[]): void;
}

/** A real server of a key set; what it is asked, with its query, is in `proxy.requests`. */
export async function startKeyServer(...first: readonly Signer[]): Promise<KeyServer> {
  const proxy = await startFaultyProxy();
  let keys = first.map(({ jwk }) => jwk);
  const listener: http.RequestListener = (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
  proxy.passTo(listener);
  return {
    proxy,
    url: `${proxy.url}/keys`,
    show: (...signers) => {
      keys = signers.map(({ jwk }) => jwk);
    },
  };
}

export interface JwtWorld {
  readonly clock: ManualClock;
  readonly events: AuthEvent[];
  open(
    options: Partial<JwtVerifierOptions> & Pick<JwtVerifierOptions, 'keys'>,
  ): ReturnType<typeof jwtVerifier>;
}

export function jwtWorld(clock = manualClock()): JwtWorld {
  const events: AuthEvent[] = [];
  const fetch = guardedFetch({ trust: 'operator' });
  return {
    clock,
    events,
    open: (options) =>
      jwtVerifier(
        { issuer: ISSUER, ...options },
        { fetch, clock, onEvent: (event) => void events.push(event) },
      ),
  };
}

/** For the contract suite: how wishes become claims, and what nobody signed. */
export function jwtUnderTest(
  world: JwtWorld,
  good: Signer,
  stranger: Signer,
  rest: Pick<VerifierUnderTest, 'verifier' | 'end'> & Partial<VerifierUnderTest>,
): VerifierUnderTest {
  const { clock, events } = world;
  const claimsOf = ({ subject, clientId, scopes, audience, expiresInSeconds = 600 }: TokenWish) => ({
    sub: subject ?? 'u-1',
    client_id: clientId ?? 'c-1',
    scope: (scopes ?? ['a']).join(' '),
    aud: audience ?? RESOURCE,
    exp: clock.now() / 1000 + expiresInSeconds,
  });
  return {
    resource: RESOURCE,
    issuer: ISSUER,
    clock,
    events,
    hasAudience: true,
    leewaySeconds: 30,
    token: (wish = {}) => sign(clock, good, { claims: claimsOf(wish) }),
    forged: (n) => sign(clock, { ...stranger, kid: good.kid }, { claims: { sub: `u-${n}` } }),
    ...rest,
  };
}
