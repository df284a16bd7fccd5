// RFC 7523 §3, OpenID Connect Core §9 `private_key_jwt`: an assertion proven with a key of its client, and used once.
import { compactVerify, importJWK } from 'jose';
import { type Clock, nowSeconds } from '../../core/clock.ts';
import { lengthPrefixed, sha256Text } from '../../core/encoding.ts';
import { Refusal } from '../../core/refusal.ts';
import {
  CLIENT_ASSERTION_LEEWAY_SECONDS,
  type ClientAssertion,
  checkClientAssertion,
} from '../../protocol/client-assertion.ts';
import { type ClientKeys, fitsAlgorithm, type PublicJwk, sameAlgorithm } from '../../protocol/client-keys.ts';
import { withStore } from '../../sessions/guarded-store.ts';
import { assertionUses } from './assertion-uses.ts';
import type { Client } from './client.ts';
import type { KeySets } from './key-sets.ts';

export interface ClientAssertionsOptions {
  /** Where `jwks_uri` leads, for clients of each kind. Default: nowhere, so that only clients with `jwks` can authenticate. */
  readonly keySets?: (kind: Client['kind']) => KeySets;
  /** Adds one to a counter in the store and returns the sum. */
  readonly count: (key: string, ttlSeconds: number) => Promise<number>;
  /** Where the time comes from. */
  readonly clock: Clock;
}

/** How an assertion came. */
export interface AssertionArrival {
  /** Our names at the endpoint that was asked, of which the assertion has to name one. */
  readonly ours: readonly string[];
  /** The kind of its client: strangers can make no end of some. */
  readonly kind: Client['kind'];
  /** Address of the client, as far as trusted proxies tell. */
  readonly address: string | undefined;
}

export interface ClientAssertions {
  /** Can a client name its keys by `jwks_uri`? */
  readonly fetchesKeys: boolean;
  /**
   * Proves that a client made this assertion, for one of our names, for now, and that nobody used it before. What it says is weighed before
   * any key is looked for. @throws Refusal `client.*`; `store.unavailable` when nobody can tell whether it was used; `request.rate-limited`
   */
  verify(assertion: ClientAssertion, keys: ClientKeys, arrival: AssertionArrival): Promise<void>;
}

export function clientAssertions({ keySets, count, clock }: ClientAssertionsOptions): ClientAssertions {
  const remembered = assertionUses(clock);

  /** Only what is proven gets here, and of strangers no more than a store can hold: a key of their own is proven soon. */
  async function useOnce(assertion: ClientAssertion, { kind, address }: AssertionArrival): Promise<void> {
    const { clientId, tokenId, expiresAt } = assertion;
    const name = sha256Text(lengthPrefixed([clientId, tokenId]));
    const keepSeconds = Math.ceil(expiresAt) + CLIENT_ASSERTION_LEEWAY_SECONDS - nowSeconds(clock) + 1;
    const takeBack = remembered.add(name, { clientId, kind, address }, keepSeconds);
    const uses = await withStore(() => count(`client-assertion:${name}`, keepSeconds));
    if (uses === 1) return;
    // It was there before, and written by whoever used it first.
    takeBack();
    throw new Refusal('client.assertion-replayed', { clientId, uses });
  }

  return {
    fetchesKeys: keySets !== undefined,
    async verify(assertion, keys, arrival) {
      checkClientAssertion(assertion, { ours: arrival.ours, nowSeconds: clock.now() / 1000 });
      const { algorithm } = assertion;
      if (keys.algorithm !== undefined && !sameAlgorithm(keys.algorithm, algorithm))
        throw refused(assertion, 'the client signs with another algorithm');
      if (keys.jwks) await prove(assertion, keys.jwks);
      else await proveByUri(assertion, keys.jwksUri, keySets?.(arrival.kind));
      await useOnce(assertion, arrival);
    },
  };
}

async function proveByUri(
  assertion: ClientAssertion,
  jwksUri: string,
  keySets: KeySets | undefined,
): Promise<void> {
  if (!keySets) throw new Refusal('client.keys-invalid', { jwksUri, why: 'nothing is fetched here' });
  await proveBySet(assertion, jwksUri, keySets);
  keySets.keep(jwksUri);
}

/** A key that is not known may be new: the set is asked for once more, as often as its cool-down allows. */
async function proveBySet(assertion: ClientAssertion, jwksUri: string, keySets: KeySets): Promise<void> {
  const first = await keySets.get(jwksUri);
  if (isNamedIn(assertion, first.keys)) return prove(assertion, first.keys);
  if (assertion.kid === undefined && (await isProven(assertion, first.keys))) return;
  const { keys, fetchedAt } = await keySets.get(jwksUri, first.fetchedAt);
  if (fetchedAt === first.fetchedAt) throw refused(assertion, 'no key fits');
  await prove(assertion, keys);
}

function isNamedIn({ kid, algorithm }: ClientAssertion, keys: readonly PublicJwk[]): boolean {
  return kid !== undefined && keys.some((key) => fits(key, algorithm, kid));
}

async function prove(assertion: ClientAssertion, keys: readonly PublicJwk[]): Promise<void> {
  if (!(await isProven(assertion, keys))) throw refused(assertion, 'no key fits');
}

/** Without a `kid`, every key of the right kind is tried: there are at most `MAX_CLIENT_KEYS`. */
async function isProven(assertion: ClientAssertion, keys: readonly PublicJwk[]): Promise<boolean> {
  const { token, algorithm, kid } = assertion;
  for (const key of keys.filter((each) => fits(each, algorithm, kid)))
    if (await verifies(token, key, algorithm)) return true;
  return false;
}

/** A key without a name is tried for every assertion; a named one only where the assertion names it, or none. */
function fits(key: PublicJwk, algorithm: string, kid: string | undefined): boolean {
  return fitsAlgorithm(key, algorithm) && (key.kid === undefined || kid === undefined || key.kid === kid);
}

async function verifies(token: string, key: PublicJwk, algorithm: string): Promise<boolean> {
  const { alg: _, ...bare } = key;
  try {
    await compactVerify(token, await importJWK(bare, algorithm), { algorithms: [algorithm] });
    return true;
  } catch {
    // A bad signature, or a key that is none: either way this key does not prove it.
    return false;
  }
}

function refused({ clientId, kid, algorithm }: ClientAssertion, why: string): Refusal {
  return new Refusal('client.authentication-failed', { clientId, why, algorithm, kid: kid?.slice(0, 100) });
}
