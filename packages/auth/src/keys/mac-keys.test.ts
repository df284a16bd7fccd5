import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import { utf8 } from '../core/encoding.ts';
import { systemRandom } from '../core/random.ts';
import { memoryStore } from '../store/memory.ts';
import { ringStorage } from '../store/ring-storage.ts';
import { macMaker, macRoot } from './mac-keys.ts';
import { openKeyRing } from './ring.ts';

const secretOf = (byte: number) => ({ bytes: new Uint8Array(32).fill(byte).map((b, i) => b * 7 + i) });
const DATA = utf8('what was signed');

describe('keys for MACs', () => {
  it('differ by secret and by label, and are the same every time', () => {
    const make = macMaker(macRoot(secretOf(1)));
    expect(make('a', DATA)).toEqual(macMaker(macRoot(secretOf(1)))('a', DATA));
    expect(make('a', DATA)).not.toEqual(make('b', DATA));
    expect(make('a', DATA)).not.toEqual(macMaker(macRoot(secretOf(2)))('a', DATA));
  });
});

describe('a master secret that was changed', () => {
  const clock = manualClock();
  const parts = { clock, random: systemRandom, onEvent: () => {}, deployment: 'test' };

  it('[S6] leaves every MAC good that was made before, also when it is given no more', async () => {
    const storage = ringStorage(memoryStore({ clock }));
    const first = await openKeyRing({ ...parts, storage, masterSecret: secretOf(1) });
    const mac = first.deriveMac('client-id', DATA);
    await openKeyRing({ ...parts, storage, masterSecret: secretOf(2), previousMasterSecret: secretOf(1) });
    const alone = await openKeyRing({ ...parts, storage, masterSecret: secretOf(2) });
    expect(alone.verifyMac('client-id', DATA, mac)).toBe(true);
    expect(alone.verifyMac('client-secret', DATA, mac)).toBe(false);
    expect(alone.deriveMac('client-id', DATA)).not.toEqual(mac);
    await openKeyRing({ ...parts, storage, masterSecret: secretOf(3), previousMasterSecret: secretOf(2) });
    const later = await openKeyRing({ ...parts, storage, masterSecret: secretOf(3) });
    expect(later.verifyMac('client-id', DATA, mac)).toBe(true);
  });

  it('is reached by a process that started before, once it reads the ring again', async () => {
    const storage = ringStorage(memoryStore({ clock }));
    await openKeyRing({ ...parts, storage, masterSecret: secretOf(1) });
    const both = { ...parts, storage, masterSecret: secretOf(2), previousMasterSecret: secretOf(1) };
    const running = await openKeyRing(both);
    expect(running.verifyMac('x', DATA, macMaker(macRoot(secretOf(1)))('x', DATA))).toBe(true);
    expect(running.verifyMac('x', DATA, macMaker(macRoot(secretOf(9)))('x', DATA))).toBe(false);
  });
});
