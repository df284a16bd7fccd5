import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personKey } from './identity.ts';

describe('a person', () => {
  it('[G10] is issuer and subject, and two people never share a key', () => {
    const people = fc.record({ issuer: fc.string(), subject: fc.string() });
    fc.assert(
      fc.property(people, people, (a, b) => {
        expect(personKey(a) === personKey(b)).toBe(a.issuer === b.issuer && a.subject === b.subject);
      }),
      { numRuns: 1000 },
    );
    expect(personKey({ issuer: 'a","b', subject: 'c' })).not.toBe(
      personKey({ issuer: 'a', subject: 'b","c' }),
    );
  });
});
