import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import { fromBase64Url, utf8 } from '../core/encoding.ts';
import type { AuthEvent } from '../core/events.ts';
import { OperatorError } from '../core/operator-error.ts';
import { systemRandom } from '../core/random.ts';
import type { MasterSecret } from './master-secret.ts';
import { openKeyRing } from './ring.ts';
import type { RingAccess } from './ring-access.ts';
import { addNextKey, promoteNextKey, RingRotationError, retireKey } from './ring-rotation.ts';
import type { RingStorage } from './ring-storage.ts';

const secretOf = (fill: number): MasterSecret => ({ bytes: new Uint8Array(32).fill(fill) });
const CONTEXT = ['deployment', 'session', 'key'];
const VALUE = utf8('a value');

interface Backend extends RingStorage {
  loads: number;
  bytes: Uint8Array | undefined;
}

/** One value with versions, as a store keeps it. */
function ringBackend(): Backend {
  let version = 0;
  return {
    loads: 0,
    bytes: undefined,
    async load() {
      this.loads += 1;
      return this.bytes && { bytes: this.bytes, version: String(version) };
    },
    async create(bytes) {
      if (this.bytes !== undefined) return false;
      this.bytes = bytes;
      version += 1;
      return true;
    },
    async replace(expected, bytes) {
      if (expected !== String(version)) return false;
      this.bytes = bytes;
      version += 1;
      return true;
    },
  };
}

function setUp() {
  const storage = ringBackend();
  const clock = manualClock();
  const events: AuthEvent[] = [];
  const access = (more: Partial<RingAccess> = {}): RingAccess => ({
    storage,
    masterSecret: secretOf(1),
    clock,
    random: systemRandom,
    onEvent: (event) => events.push(event),
    deployment: 'here',
    ...more,
  });
  return { storage, clock, events, access };
}

describe('opening the ring', () => {
  it('is one ring for processes that start together', async () => {
    const { access } = setUp();
    const rings = await Promise.all(Array.from({ length: 8 }, () => openKeyRing(access())));
    const sealed = rings[0]!.seal(CONTEXT, VALUE);
    for (const ring of rings) {
      expect(ring.open(CONTEXT, sealed)).toEqual(Buffer.from(VALUE));
      expect(ring.publicKeys()).toEqual(rings[0]!.publicKeys());
    }
  });

  it('is the same ring after a restart', async () => {
    const { access } = setUp();
    const before = await openKeyRing(access());
    const token = before.sign('at+jwt', { sub: 'ann' });
    const after = await openKeyRing(access());
    expect(after.verify('at+jwt', token)).toMatchObject({ claims: { sub: 'ann' } });
  });

  it('stops with another master secret, and leaves the ring as it is', async () => {
    const { access, storage } = setUp();
    await openKeyRing(access());
    const bytes = storage.bytes;
    const opening = openKeyRing(
      access({
        masterSecret: secretOf(2),
        origin: { setting: 'PORTCULLIS_MASTER_SECRET', source: 'environment' },
      }),
    );
    await expect(opening).rejects.toThrow(OperatorError);
    await expect(opening).rejects.toThrow(/PORTCULLIS_MASTER_SECRET \(environment\).*previous secret/);
    expect(storage.bytes).toBe(bytes);
  });

  it('is wrapped anew when the new secret comes with the previous one', async () => {
    const { access } = setUp();
    const before = await openKeyRing(access());
    const sealed = before.seal(CONTEXT, VALUE);
    const both = access({ masterSecret: secretOf(2), previousMasterSecret: secretOf(1) });
    const [one, two] = await Promise.all([openKeyRing(both), openKeyRing(both)]);
    expect(one.open(CONTEXT, sealed)).toEqual(Buffer.from(VALUE));
    expect(two.open(CONTEXT, sealed)).toEqual(Buffer.from(VALUE));
    const newAlone = await openKeyRing(access({ masterSecret: secretOf(2) }));
    expect(newAlone.open(CONTEXT, sealed)).toEqual(Buffer.from(VALUE));
    await expect(openKeyRing(access())).rejects.toThrow(OperatorError);
  });

  it('stops when the ring is damaged or of another deployment', async () => {
    const { access, storage } = setUp();
    await openKeyRing(access());
    await expect(openKeyRing(access({ deployment: 'elsewhere' }))).rejects.toThrow(OperatorError);
    storage.bytes = storage.bytes!.with(storage.bytes!.length - 1, storage.bytes!.at(-1)! ^ 1);
    await expect(openKeyRing(access())).rejects.toThrow(/damaged/);
    storage.bytes = utf8('nonsense');
    await expect(openKeyRing(access())).rejects.toThrow(/damaged/);
  });

  it('shows public keys only', async () => {
    const { access } = setUp();
    const [jwk, ...others] = (await openKeyRing(access())).publicKeys();
    expect(others).toEqual([]);
    expect(Object.keys(jwk!).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(fromBase64Url(jwk!.kid)).toHaveLength(8);
  });
});

describe('rotation in two steps', () => {
  it('loses nothing, at no step, in no process', async () => {
    const { access, clock } = setUp();
    const a = await openKeyRing(access());
    const b = await openKeyRing(access());
    const sealed = [a.seal(CONTEXT, VALUE)];
    const tokens = [a.sign('at+jwt', { n: 0 })];
    const readable = async (): Promise<void> => {
      for (const ring of [a, b, await openKeyRing(access())]) {
        for (const value of sealed) expect(ring.open(CONTEXT, value)).toEqual(Buffer.from(VALUE));
        for (const token of tokens) expect(ring.verify('at+jwt', token)).toHaveProperty('claims');
      }
    };
    for (const purpose of ['seal', 'sign'] as const) {
      await addNextKey(access(), purpose);
      clock.advance(2);
      expect(await a.reload()).toBe(true);
      await readable();
      // `b` has not read the ring yet: what `a` writes is still readable for it.
      sealed.push(a.seal(CONTEXT, VALUE));
      tokens.push(a.sign('at+jwt', { n: tokens.length }));
      await readable();
      expect(await b.reload()).toBe(true);
      await promoteNextKey(access(), purpose);
      clock.advance(2);
      expect(await a.reload()).toBe(true);
      sealed.push(a.seal(CONTEXT, VALUE));
      tokens.push(a.sign('at+jwt', { n: tokens.length }));
      await readable();
      expect(await b.reload()).toBe(true);
      await readable();
    }
    expect(a.publicKeys()).toHaveLength(2);
  });

  it('adds one next key however often it is asked', async () => {
    const { access } = setUp();
    await openKeyRing(access());
    await Promise.all([addNextKey(access(), 'sign'), addNextKey(access(), 'sign')]);
    const document = await addNextKey(access(), 'sign');
    expect(document.keys.filter((key) => key.purpose === 'sign').map((key) => key.state)).toEqual([
      'current',
      'next',
    ]);
  });

  it('says when a key becomes current', async () => {
    const { access, clock, events } = setUp();
    const ring = await openKeyRing(access());
    await addNextKey(access(), 'sign');
    const { keys } = await promoteNextKey(access(), 'sign');
    clock.advance(2);
    await ring.reload();
    const kid = keys.find((key) => key.purpose === 'sign' && key.state === 'current')!.kid;
    expect(events).toEqual([{ type: 'keys.rotated', purpose: 'sign', kid }]);
  });

  it('retires what is no longer current, and a current key only as compromised', async () => {
    const { access, clock } = setUp();
    const ring = await openKeyRing(access());
    const token = ring.sign('at+jwt', {});
    const sealed = ring.seal(CONTEXT, VALUE);
    const first = ring.publicKeys()[0]!.kid;
    await expect(retireKey(access(), first)).rejects.toThrow(new RingRotationError('key-is-current'));
    await expect(retireKey(access(), 'nobody')).rejects.toThrow(new RingRotationError('unknown-key'));
    await expect(promoteNextKey(access(), 'sign')).rejects.toThrow(new RingRotationError('no-next-key'));
    await retireKey(access(), first, { compromised: true });
    clock.advance(2);
    await ring.reload();
    expect(ring.verify('at+jwt', token)).toBe('key-unknown');
    expect(ring.verify('at+jwt', ring.sign('at+jwt', {}))).toHaveProperty('claims');
    expect(ring.open(CONTEXT, sealed)).toEqual(Buffer.from(VALUE));

    await addNextKey(access(), 'seal');
    const { keys } = await promoteNextKey(access(), 'seal');
    const old = keys.find((key) => key.purpose === 'seal' && key.state === 'accepted')!;
    await retireKey(access(), old.kid);
    clock.advance(2);
    await ring.reload();
    expect(ring.open(CONTEXT, sealed)).toBe('unknown-key');
  });
});

describe('reload', () => {
  it('reads at most once a second, and once for all who ask', async () => {
    const { access, clock, storage } = setUp();
    const ring = await openKeyRing(access());
    const before = storage.loads;
    await Promise.all([ring.reload(), ring.reload(), ring.reload()]);
    expect(await ring.reload()).toBe(false);
    expect(storage.loads - before).toBe(1);
    clock.advance(1);
    await ring.reload();
    expect(storage.loads - before).toBe(2);
  });

  it('keeps the keys it has when the ring is wrapped by a secret it was not given', async () => {
    const { access, events } = setUp();
    const ring = await openKeyRing(access());
    const token = ring.sign('at+jwt', {});
    await openKeyRing(
      access({ masterSecret: secretOf(2), previousMasterSecret: secretOf(1), onEvent: () => {} }),
    );
    expect(await ring.reload()).toBe(false);
    expect(events).toMatchObject([{ type: 'notice' }]);
    expect(ring.verify('at+jwt', token)).toHaveProperty('claims');
  });

  it('does not hide that the store can not be read', async () => {
    const { access, storage } = setUp();
    const ring = await openKeyRing(access());
    storage.load = () => Promise.reject(new Error('away'));
    await expect(ring.reload()).rejects.toThrow('away');
  });

  it('keeps the keys it has when the store has been wiped', async () => {
    const { access, storage } = setUp();
    const ring = await openKeyRing(access());
    const token = ring.sign('at+jwt', {});
    storage.bytes = undefined;
    expect(await ring.reload()).toBe(false);
    expect(ring.verify('at+jwt', token)).toHaveProperty('claims');
  });
});

describe('keys of the master secret', () => {
  it('outlive the store', async () => {
    const mac = (await openKeyRing(setUp().access())).deriveMac('client id', VALUE);
    const other = await openKeyRing(setUp().access());
    expect(other.verifyMac('client id', VALUE, mac)).toBe(true);
  });

  it('differ by label, data and secret; the previous secret is still believed', async () => {
    const { access } = setUp();
    const ring = await openKeyRing(access());
    const mac = ring.deriveMac('client id', VALUE);
    expect(mac).toHaveLength(32);
    expect(ring.verifyMac('client secret', VALUE, mac)).toBe(false);
    expect(ring.verifyMac('client id', utf8('another'), mac)).toBe(false);
    expect(ring.verifyMac('client id', VALUE, mac.subarray(1))).toBe(false);
    const changed = await openKeyRing(
      access({ masterSecret: secretOf(2), previousMasterSecret: secretOf(1) }),
    );
    expect(changed.verifyMac('client id', VALUE, mac)).toBe(true);
    expect(changed.deriveMac('client id', VALUE)).not.toEqual(mac);
    const later = await openKeyRing(access({ masterSecret: secretOf(2) }));
    expect(later.verifyMac('client id', VALUE, mac)).toBe(false);
  });
});
