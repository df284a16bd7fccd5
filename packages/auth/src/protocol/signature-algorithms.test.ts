import { describe, expect, it } from 'vitest';
import { ASYMMETRIC_ALGORITHMS } from './signature-algorithms.ts';

describe('signatures of private keys', () => {
  it('are none of a shared secret, none of nothing, and each there once', () => {
    expect(
      ASYMMETRIC_ALGORITHMS.filter((name) => !/^(?:[RPE]S(?:256|384|512)|Ed(?:DSA|25519))$/.test(name)),
    ).toEqual([]);
    expect(new Set(ASYMMETRIC_ALGORITHMS).size).toBe(11);
  });
});
