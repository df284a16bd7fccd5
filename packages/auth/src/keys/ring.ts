import type { KeyObject } from 'node:crypto';
import { equalBytes, fromBase64Url } from '../core/encoding.ts';
import type { AuthEvent } from '../core/events.ts';
import { OperatorError } from '../core/operator-error.ts';
import { createSigner, createVerifier } from './jws.ts';
import type { KeyRing, PublicJwk } from './key-ring.ts';
import { type MacMaker, macMaker, macRoot } from './mac-keys.ts';
import { openOrCreateRing, type RingAccess, readRing, type StoredRing } from './ring-access.ts';
import { privateKeyOf, publicKeyOf, type RingDocument, type RingKey, sealKeyOf } from './ring-document.ts';
import { openWith, type SealKey, sealedWithKid, sealWith } from './seal.ts';

/** Milliseconds between two reads of the ring, so that forged key ids can not make the store busy. */
const RELOAD_INTERVAL_MILLISECONDS = 1000;

/** Everything that is worked out once for each state of the ring. */
interface LoadedRing {
  readonly version: string;
  readonly currentKids: ReadonlySet<string>;
  readonly sealCurrent: SealKey;
  readonly sealKeys: ReadonlyMap<string, SealKey>;
  readonly sign: KeyRing['sign'];
  readonly verify: KeyRing['verify'];
  readonly formerMacs: readonly MacMaker[];
  readonly publicKeys: readonly PublicJwk[];
}

/**
 * Opens the key ring of a deployment, or makes it when there is none yet.
 * @throws OperatorError when the master secret is not the one the ring was made with.
 */
export async function openKeyRing(access: RingAccess): Promise<KeyRing> {
  let ring = load(await openOrCreateRing(access));
  let lastReload = Number.NEGATIVE_INFINITY;
  let reloading: Promise<boolean> | undefined;
  let lastFailure: { readonly error: unknown } | undefined;
  const listeners: (() => void)[] = [];
  const macs = [access.masterSecret, access.previousMasterSecret]
    .filter((secret) => secret !== undefined)
    .map((secret) => macMaker(macRoot(secret)));

  async function readAgain(): Promise<boolean> {
    const stored = await readRing(access).catch((error: unknown) => {
      // Wrapped by a secret that this process does not have yet: the keys in memory go on serving until it is started anew.
      if (!(error instanceof OperatorError)) throw error;
      access.onEvent({ type: 'notice', message: error.message });
      return undefined;
    });
    // Gone from the store: what is in memory stays good until the next start, which makes a new one.
    if (stored === undefined || stored.version === ring.version) return false;
    for (const event of rotations(ring, stored.document)) access.onEvent(event);
    ring = load(stored);
    for (const listener of listeners) listener();
    return true;
  }

  return {
    seal: (context, plaintext) => sealWith(ring.sealCurrent, access.random, context, plaintext),
    open(context, sealed) {
      const kid = sealedWithKid(sealed);
      if (kid === undefined) return 'damaged';
      const key = ring.sealKeys.get(kid);
      return key === undefined ? 'unknown-key' : (openWith(key.bytes, context, sealed) ?? 'damaged');
    },
    sign: (typ, claims) => ring.sign(typ, claims),
    verify: (typ, token) => ring.verify(typ, token),
    publicKeys: () => ring.publicKeys,
    deriveMac: (label, data) => macs[0]!(label, data),
    verifyMac: (label, data, mac) =>
      [...macs, ...ring.formerMacs].some((make) => equalBytes(make(label, data), mac)),
    onChange: (listener) => void listeners.push(listener),
    async reload() {
      if (reloading !== undefined) return reloading;
      const now = access.clock.now();
      if (Math.abs(now - lastReload) < RELOAD_INTERVAL_MILLISECONDS) {
        // Not knowing is not the same as knowing that nothing changed.
        if (lastFailure) throw lastFailure.error;
        return false;
      }
      lastReload = now;
      reloading = readAgain();
      try {
        lastFailure = undefined;
        return await reloading;
      } catch (error) {
        lastFailure = { error };
        throw error;
      } finally {
        reloading = undefined;
      }
    },
  };
}

function load(stored: StoredRing): LoadedRing {
  const { keys } = stored.document;
  const signing = keys.filter((key) => key.purpose === 'sign');
  const sealing = keys.filter((key) => key.purpose === 'seal');
  const sealKeys = new Map(sealing.map((key) => [key.kid, sealKeyOf(key)]));
  const publicKeys = new Map(signing.map((key) => [key.kid, publicKeyOf(key)]));
  const signCurrent = current(signing);
  return {
    version: stored.version,
    currentKids: new Set(keys.filter((key) => key.state === 'current').map((key) => key.kid)),
    sealKeys,
    sealCurrent: sealKeys.get(current(sealing).kid)!,
    sign: createSigner({ kid: signCurrent.kid, privateKey: privateKeyOf(signCurrent) }),
    verify: createVerifier(publicKeys),
    formerMacs: (stored.document.formerMacRoots ?? []).map((root) => macMaker(fromBase64Url(root)!)),
    publicKeys: Array.from(publicKeys, ([kid, key]) => publicJwk(kid, key)),
  };
}

function current<K extends RingKey>(keys: readonly K[]): K {
  const found = keys.find((key) => key.state === 'current');
  if (found === undefined) throw new TypeError('The key ring has no current key');
  return found;
}

function publicJwk(kid: string, key: KeyObject): PublicJwk {
  const { kty, crv, x, y } = key.export({ format: 'jwk' });
  if (kty === undefined || crv === undefined || x === undefined || y === undefined) {
    throw new TypeError('Not an elliptic-curve key');
  }
  return { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' };
}

/** A key becomes current in this process: the moment an operator waits for. */
function rotations(before: LoadedRing, after: RingDocument): AuthEvent[] {
  return after.keys
    .filter((key) => key.state === 'current' && !before.currentKids.has(key.kid))
    .map((key) => ({ type: 'keys.rotated', purpose: key.purpose, kid: key.kid }));
}
