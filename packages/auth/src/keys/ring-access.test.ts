import { describe, expect, it } from 'vitest';
import { fromBase64Url, utf8 } from '../core/encoding.ts';
import { OperatorError } from '../core/operator-error.ts';
import { CONTEXT, secretOf, setUp, VALUE } from './ring.contract.ts';
import { openKeyRing } from './ring.ts';

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
    await expect(opening).rejects.toThrow(/PORTCULLIS_MASTER_SECRET \(environment\).*previousSecret/);
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
