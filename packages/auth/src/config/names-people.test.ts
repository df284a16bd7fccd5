import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { ACCESS_ROWS, USERNAME_ROWS } from './names-people.ts';
import type { DefaultContext } from './row.ts';
import { DEFAULT_PEOPLE } from './special-types.ts';

describe('who may call, where nothing is set', () => {
  it('needs a token, and nothing is said for the second time', () => {
    expect(ACCESS_ROWS.auth.default).toBe(true);
    expect(ACCESS_ROWS.iKnowAnyoneCanCall.default).toBe(false);
    expect(ACCESS_ROWS.iKnowAnyoneCanSignIn.default).toBe(false);
  });

  it('has development people only while there is no provider', () => {
    const people = (issuer: string | undefined) => {
      const context: DefaultContext = {
        environment: {},
        folder: '/',
        files: memoryFiles(),
        value: (name) => (name === 'upstream.issuer' ? issuer : undefined),
      };
      const { default: compute } = ACCESS_ROWS.developmentPeople;
      return typeof compute === 'function' ? compute(context) : compute;
    };
    expect(people(undefined)).toEqual(DEFAULT_PEOPLE);
    expect(people('https://idp.example')).toEqual([]);
  });

  it('gives nobody of a provider a name in the database', () => {
    expect(USERNAME_ROWS['username.rules'].default).toEqual([]);
    expect(USERNAME_ROWS['username.emailDomains'].default).toEqual([]);
  });
});
