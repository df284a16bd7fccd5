import { describe, expect, it } from 'vitest';
import { newIncidentId } from './incident.ts';
import { systemRandom } from './random.ts';

describe('an incident id', () => {
  it('[E1] is ten letters that can be read out, from every corner of the alphabet', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 1000; i += 1) {
      const id = newIncidentId(systemRandom);
      expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{10}$/);
      for (const letter of id) seen.add(letter);
    }
    expect(seen.size).toBe(32);
    expect(newIncidentId({ bytes: (length) => new Uint8Array(length).fill(255) })).toBe('zzzzzzzzzz');
  });
});
