import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { CLIENT_ASSERTION_TYPE } from '../../protocol/client-assertion.ts';

/** A client that signs, with a key of its own. */
export interface ClientSigner {
  readonly algorithm: string;
  /** What it publishes. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly privateJwk: Readonly<Record<string, unknown>>;
  sign(claims: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>;
}

const pairs = new Map<string, Promise<CryptoKeyPair>>();
type CryptoKeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** `owner` tells apart key pairs of the same algorithm; the same owner always has the same one, since RSA keys take long to make. */
export async function clientSigner(algorithm: string, owner: string, kid?: string): Promise<ClientSigner> {
  const name = `${algorithm} ${owner}`;
  const pair = pairs.get(name) ?? generateKeyPair(algorithm, { extractable: true });
  pairs.set(name, pair);
  const { publicKey, privateKey } = await pair;
  const named = kid === undefined ? {} : { kid };
  return {
    algorithm,
    publicJwk: { ...(await exportJWK(publicKey)), ...named },
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: algorithm, ...named, ...header }).sign(privateKey),
  };
}

let made = 0;

/** The claims of a good assertion; every call another `jti`. */
export function assertionClaims(
  clientId: string,
  audience: string,
  nowSeconds: number,
  over: Record<string, unknown> = {},
): Record<string, unknown> {
  made += 1;
  return {
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: `assertion-${made}`,
    iat: nowSeconds,
    exp: nowSeconds + 60,
    ...over,
  };
}

/** An assertion as it is sent. */
export function assertionFields(token: string): Record<string, string> {
  return { client_assertion_type: CLIENT_ASSERTION_TYPE, client_assertion: token };
}
