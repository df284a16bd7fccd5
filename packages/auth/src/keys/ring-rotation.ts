import { nowSeconds } from '../core/clock.ts';
import { changeRing, type RingAccess } from './ring-access.ts';
import { type KeyPurpose, newRingKey, type RingDocument, type RingKey } from './ring-document.ts';

/**
 * Step one of a rotation: a new key that everyone accepts and nobody uses yet. Does nothing when there is one already. Step two may follow
 * once every process has read the ring again.
 */
export async function addNextKey(access: RingAccess, purpose: KeyPurpose): Promise<RingDocument> {
  return changeRing(access, (document) => {
    if (document.keys.some((key) => key.purpose === purpose && key.state === 'next')) return document;
    const key = newRingKey(purpose, 'next', nowSeconds(access.clock), access.random);
    return { ...document, keys: [...document.keys, key] };
  });
}

/** Step two: the next key is used for what is new; the one before it is accepted until it is retired. */
export async function promoteNextKey(access: RingAccess, purpose: KeyPurpose): Promise<RingDocument> {
  return changeRing(access, (document) => {
    const next = document.keys.find((key) => key.purpose === purpose && key.state === 'next');
    if (next === undefined) throw new RingRotationError('no-next-key');
    return { ...document, keys: document.keys.map((key) => promoted(key, next)) };
  });
}

/**
 * Takes a key out of the ring: what still hangs on it is refused or unreadable from then on. A key that is current can be retired only as
 * compromised; a new one takes its place at once.
 */
export async function retireKey(
  access: RingAccess,
  kid: string,
  options: { readonly compromised?: boolean } = {},
): Promise<RingDocument> {
  return changeRing(access, (document) => {
    const key = document.keys.find((candidate) => candidate.kid === kid);
    if (key === undefined) throw new RingRotationError('unknown-key');
    const others = document.keys.filter((candidate) => candidate !== key);
    if (key.state !== 'current') return { ...document, keys: others };
    if (!options.compromised) throw new RingRotationError('key-is-current');
    const successor = newRingKey(key.purpose, 'current', nowSeconds(access.clock), access.random);
    return { ...document, keys: [...others, successor] };
  });
}

/** Why a rotation can not be done as asked. */
export class RingRotationError extends Error {
  override readonly name = 'RingRotationError';
  readonly reason: 'no-next-key' | 'unknown-key' | 'key-is-current';

  constructor(reason: RingRotationError['reason']) {
    super(reason);
    this.reason = reason;
  }
}

function promoted(key: RingKey, next: RingKey): RingKey {
  if (key === next) return { ...key, state: 'current' };
  return key.purpose === next.purpose && key.state === 'current' ? { ...key, state: 'accepted' } : key;
}
