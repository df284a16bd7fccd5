import { describe, expect, it } from 'vitest';
import { fromBase64Url } from '../core/encoding.ts';
import { systemRandom } from '../core/random.ts';
import { secretOf } from './ring.contract.ts';
import {
  KEY_PURPOSES,
  newRingDocument,
  newRingKey,
  sealKeyOf,
  unwrapRing,
  wrapRing,
} from './ring-document.ts';

describe('the ring document', () => {
  it('begins with one current key for each purpose', () => {
    const { keys } = newRingDocument(1000, systemRandom);
    expect(keys.map((key) => [key.purpose, key.state, key.created])).toEqual(
      KEY_PURPOSES.map((purpose) => [purpose, 'current', 1000]),
    );
    for (const key of keys) expect(fromBase64Url(key.kid)).toHaveLength(8);
  });

  it('opens with its secret and for its deployment alone, and tells another secret from damage', () => {
    const document = newRingDocument(1000, systemRandom);
    const wrapped = wrapRing(document, secretOf(1), 'here', systemRandom);
    expect(unwrapRing(wrapped, secretOf(1), 'here')).toEqual(document);
    expect(unwrapRing(wrapped, secretOf(2), 'here')).toBe('other-secret');
    expect(unwrapRing(wrapped, secretOf(1), 'elsewhere')).toBe('damaged');
    expect(unwrapRing(wrapped.with(30, wrapped[30]! ^ 1), secretOf(1), 'here')).toBe('damaged');
    expect(unwrapRing(new Uint8Array(), secretOf(1), 'here')).toBe('damaged');
  });

  it('shows nothing of its keys when wrapped', () => {
    const document = newRingDocument(1000, systemRandom);
    const wrapped = Buffer.from(wrapRing(document, secretOf(1), 'here', systemRandom)).toString('latin1');
    for (const key of document.keys) expect(wrapped).not.toContain(key.kid);
  });

  it('holds seal keys of 32 bytes and no others', () => {
    const key = newRingKey('seal', 'next', 1, systemRandom);
    if (key.purpose !== 'seal') expect.unreachable();
    expect(sealKeyOf(key).bytes).toHaveLength(32);
    expect(() => sealKeyOf({ ...key, secret: 'short' })).toThrow(TypeError);
  });
});
