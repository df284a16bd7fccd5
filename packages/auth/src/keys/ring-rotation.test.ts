import { describe, expect, it } from 'vitest';
import { CONTEXT, setUp, VALUE } from './ring.contract.ts';
import { openKeyRing } from './ring.ts';
import { addNextKey, promoteNextKey, RingRotationError, retireKey } from './ring-rotation.ts';

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
