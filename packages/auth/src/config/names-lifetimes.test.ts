import { describe, expect, it } from 'vitest';
import { DEFAULT_LIFETIMES } from '../sessions/lifetimes.ts';
import { LIFETIME_ROWS } from './names-lifetimes.ts';

describe('LIFETIME_ROWS', () => {
  it('has a row for every lifetime, with its default, and no other', () => {
    const rows = Object.fromEntries(
      Object.values(LIFETIME_ROWS).map((row) => [row.name.replace('lifetimes.', ''), row.default]),
    );
    expect(rows).toEqual(DEFAULT_LIFETIMES);
  });

  it('counts all in seconds, and says so', () => {
    for (const row of Object.values(LIFETIME_ROWS)) expect(row).toMatchObject({ unit: 'seconds' });
  });
});
