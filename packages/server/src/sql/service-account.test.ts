import { OperatorError } from '@portcullis/auth/core/operator-error';
import { describe, expect, it } from 'vitest';
import { judgeServiceAccount, type ServiceAccountFacts } from './service-account.ts';

const PLAIN: ServiceAccountFacts = {
  superuser: false,
  bypassesRowSecurity: false,
  createsRoles: false,
  memberOf: [],
  usesWrappers: true,
  serverVersion: 150_000,
};
const people = { saidTwice: false, actsAsPeople: true };

describe('the service account', () => {
  it('needs nothing but the wrappers', () => {
    expect(judgeServiceAccount(PLAIN, 'wrapped', people)).toEqual([]);
    expect(() => judgeServiceAccount({ ...PLAIN, usesWrappers: false }, 'wrapped', people)).toThrow(
      OperatorError,
    );
    expect(
      judgeServiceAccount({ ...PLAIN, usesWrappers: false }, 'wrapped', { ...people, actsAsPeople: false }),
    ).toEqual([]);
  });

  it('is told what it does not need', () => {
    const notes = (facts: Partial<ServiceAccountFacts>) =>
      judgeServiceAccount({ ...PLAIN, ...facts }, 'wrapped', people).join();
    expect(notes({ superuser: true, bypassesRowSecurity: true, createsRoles: true })).toMatch(
      /account is a superuser, which/,
    );
    expect(notes({ bypassesRowSecurity: true, createsRoles: true, memberOf: ['a', 'b'] })).toMatch(
      /bypasses row security and may create roles and is a member of a, b, which/,
    );
  });

  it('is no superuser in a mode without a wall, unless said twice', () => {
    for (const mode of ['set-role', 'session-authorization'] as const) {
      const facts = { ...PLAIN, superuser: true };
      expect(() => judgeServiceAccount(facts, mode, people)).toThrow(OperatorError);
      expect(judgeServiceAccount(facts, mode, { ...people, saidTwice: true }).join()).toMatch(/no wall/);
      expect(judgeServiceAccount(facts, mode, { ...people, actsAsPeople: false }).join()).not.toMatch(
        /no wall/,
      );
      expect(judgeServiceAccount(PLAIN, mode, people).join()).toMatch(/no wall/);
    }
  });

  it('is on a server that is new enough', () => {
    expect(() => judgeServiceAccount({ ...PLAIN, serverVersion: 110_022 }, 'wrapped', people)).toThrow(
      /too old/,
    );
  });
});
