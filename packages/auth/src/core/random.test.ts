import { describe, expect, it } from 'vitest';
import { randomToken, systemRandom } from './random.ts';

describe('random values', () => {
  it('have the bits that were asked for, 256 unless told', () => {
    expect(randomToken(systemRandom)).toMatch(/^[\w-]{43}$/);
    expect(randomToken(systemRandom, 128)).toMatch(/^[\w-]{22}$/);
    expect(new Set(Array.from({ length: 100 }, () => randomToken(systemRandom, 128))).size).toBe(100);
    expect(randomToken({ bytes: (length) => new Uint8Array(length) }, 64)).toBe('AAAAAAAAAAA');
  });
});
