import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { AUTH_SETTINGS } from './names.ts';
import { editDistance, nearestName } from './nearest-name.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

describe('editDistance', () => {
  it('is nothing for the same, and the same in both directions', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['port', 'prot', 1],
    ['port', 'ports', 1],
    ['port', 'part', 1],
    ['', 'abc', 3],
  ])('%s to %s is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });
});

describe('nearestName', () => {
  const known = ['port', 'publicUrl', 'upstream.clientId', 'upstream.clientSecret', 'database.maxRows'];

  it.each([
    ['prot', 'port'],
    ['public_url', 'publicUrl'],
    ['publicURL', 'publicUrl'],
    ['clientId', 'upstream.clientId'],
    ['idp.clientSecret', 'upstream.clientSecret'],
    ['database.maxRow', 'database.maxRows'],
    ['xyzzy', undefined],
    ['', undefined],
    ['a'.repeat(100_000), undefined],
  ])('%s', (written, expected) => {
    expect(nearestName(written, known)).toBe(expected);
  });
});

describe('values of a setting', () => {
  const remedy = (name: keyof typeof AUTH_SETTINGS, raw: string) => {
    const reading = AUTH_SETTINGS[name].type.read(raw, { folder: '/', files: memoryFiles() });
    return 'fault' in reading ? reading.remedy : 'none';
  };

  it.each([
    ['gogle', 'google'],
    ['Google', 'google'],
    ['AUTH0', 'auth0'],
    ['entra', 'azure'],
    ['Entra-ID', 'azure'],
    ['aad', 'azure'],
    ['microsoft', 'azure'],
    ['cognito', 'aws'],
    ['authkit', 'workos'],
  ])('%s was probably %s', (raw, meant) => {
    expect(remedy('upstream.preset', raw)).toContain(`Did you mean ${meant}?`);
  });

  it('are not guessed where nothing is near, nor under names that mean nothing there', () => {
    expect(remedy('upstream.preset', 'hasOwnProperty')).toMatch(/^Write one of/);
    expect(remedy('upstream.mode', 'entra')).toMatch(/^Write one of/);
  });
});
