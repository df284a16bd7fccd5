import { createHash } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export type Claims = Readonly<Record<string, unknown>>;

/** The keys that a provider signs with; all of them are in its key set, the first of a use signs. */
export interface SigningKeys {
  /** `use` picks the key, for providers that sign ID tokens and access tokens with different ones. */
  sign(claims: Claims, header?: Claims, use?: string): Promise<string>;
  readonly jwks: { readonly keys: readonly JWK[] };
  /** The key set without the keys of one use. */
  jwksWithout(use: string): { readonly keys: readonly JWK[] };
  /** A new key takes over; the old one stays in the key set unless `forget`. */
  rotate(use?: string, forget?: boolean): Promise<void>;
  /** Nobody signs with these any more. */
  release(): void;
}

interface Key {
  readonly use: string;
  readonly pair: CryptoKeyPair;
  readonly jwk: JWK;
}

let made = 0;

/** Making RSA keys is slow: those of stand-ins that were closed are used again, under other names. */
const spare = new Map<string, CryptoKeyPair[]>();

interface CryptoKeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

async function makeKey(alg: string, use: string): Promise<Key> {
  const pair = spare.get(alg)?.pop() ?? (await generateKeyPair(alg, { extractable: true }));
  made += 1;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: `stand-in-${use}-${made}`, alg, use: 'sig' };
  return { use, pair, jwk };
}

export async function makeSigningKeys(alg: string, uses: readonly string[] = ['any']): Promise<SigningKeys> {
  let keys = await Promise.all(uses.map((use) => makeKey(alg, use)));
  const find = (use: string) => keys.find((key) => key.use === use) ?? keys[0]!;
  return {
    sign(claims, header = {}, use = uses[0]!) {
      const { pair, jwk } = find(use);
      return new SignJWT({ ...claims } as JWTPayload)
        .setProtectedHeader({ alg, kid: jwk.kid!, ...header } as { alg: string })
        .sign(pair.privateKey);
    },
    get jwks() {
      return { keys: keys.map(({ jwk }) => jwk) };
    },
    jwksWithout: (use) => ({ keys: keys.filter((key) => key.use !== use).map(({ jwk }) => jwk) }),
    async rotate(use = uses[0]!, forget = false) {
      const key = await makeKey(alg, use);
      keys = [key, ...(forget ? keys.filter((old) => old.use !== use) : keys)];
    },
    release() {
      spare.set(alg, [...(spare.get(alg) ?? []), ...keys.map(({ pair }) => pair)]);
      keys = [];
    },
  };
}

/** OpenID Connect Core §3.1.3.6: `at_hash` of an access token, for algorithms with SHA-256. */
export function tokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}
