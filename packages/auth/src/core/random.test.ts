import { describe, expect, it } from 'vitest';
import { randomToken, systemRandom } from './random.ts';

describe('random values', () => {
  it('have the bits that were asked for, 256 unless told', () => {
    expect(randomToken(systemRandom)).toMatch(/^[\w-]{43}$/);
    expect(randomToken(systemRandom, 128)).toMatch(/^[\w-]{22}$/);
    expect(new Set(Array.from({ length: 100 }, () => randomToken(systemRandom, 128))).size).toBe(100);
    expect(randomToken({ bytes: (length) => new Uint8Array(length) }, 64)).toBe('AAAAAAAAAAA');
  });

  it('are never given out twice, whatever lengths are asked for', () => {
    const lengths = Array.from({ length: 2000 }, (_, i) => 16 + (i % 50));
    const seen = lengths.map((length) => systemRandom.bytes(length));
    expect(seen.map((bytes) => bytes.byteLength)).toEqual(lengths);
    const starts = seen.map((bytes) => Buffer.from(bytes.subarray(0, 16)).toString('hex'));
    expect(new Set(starts).size).toBe(starts.length);
    expect(starts).not.toContain('00'.repeat(16));
    expect(systemRandom.bytes(100_000).some((byte) => byte !== 0)).toBe(true);
    // What somebody does to their bytes changes nobody else's.
    const [first, second] = [systemRandom.bytes(8), systemRandom.bytes(8)];
    const kept = [...second];
    first.fill(0);
    expect([...second]).toEqual(kept);
  });
});
