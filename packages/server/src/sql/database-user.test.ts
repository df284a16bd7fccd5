import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RoleFacts, refuseName, refuseRole } from './database-user.ts';

const PLAIN: RoleFacts = {
  superuser: false,
  bypassesRowSecurity: false,
  createsRoles: false,
  createsDatabases: false,
  replicates: false,
  reachesServer: false,
  memberOfSuperuser: false,
  memberOfService: false,
  usesWrapperSchema: false,
  wrapper: 'sound',
  searchPath: null,
};

describe('the name of a database user', () => {
  it.each(['alice', 'Alice', 'a b', 'pgx', 'none ', 'NONE', 'ü'.repeat(31), 'x'.repeat(63)])(
    'may be %j',
    (name) => {
      expect(refuseName(name, 'service')).toBeUndefined();
    },
  );

  it.each([
    '',
    'none',
    'public',
    'pg_',
    'pg_monitor',
    'service',
    'a\0b',
    '\ud800',
    'x'.repeat(64),
    'ü'.repeat(32),
  ])('may not be %j', (name) => {
    expect(refuseName(name, 'service')).toBeTypeOf('string');
  });

  it('is never longer than a name of the server', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (name) => {
        if (refuseName(name, 'service') === undefined)
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the role of a person', () => {
  it('is nothing but a person', () => {
    expect(refuseRole(PLAIN, true)).toBeUndefined();
    const flags = Object.entries(PLAIN).filter(([, value]) => value === false);
    expect(flags).toHaveLength(9);
    for (const [flag] of flags) expect(refuseRole({ ...PLAIN, [flag]: true }, true)).toBeTypeOf('string');
  });

  it('needs its wrapper only where wrappers are used', () => {
    for (const wrapper of ['absent', 'altered'] as const) {
      expect(refuseRole({ ...PLAIN, wrapper }, true)).toContain('prepare');
      expect(refuseRole({ ...PLAIN, wrapper }, false)).toBeUndefined();
    }
  });
});
