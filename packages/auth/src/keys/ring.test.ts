import { describe, expect, it } from 'vitest';
import { utf8 } from '../core/encoding.ts';
import { secretOf, setUp, VALUE } from './ring.contract.ts';
import { openKeyRing } from './ring.ts';

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
    expect(later.verifyMac('client id', VALUE, mac)).toBe(true);
  });
});
