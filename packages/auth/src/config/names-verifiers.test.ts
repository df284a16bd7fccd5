import { describe, expect, it } from 'vitest';
import { introspectionProblems } from '../verify/introspection.ts';
import { jwtOptionProblems } from '../verify/jwt-options.ts';
import { INTROSPECTION_ROWS, JWT_ROWS } from './names-verifiers.ts';

const bounds = (says: string) => (/^whole number, (\d+) to (\d+)$/.exec(says)?.slice(1) ?? []).map(Number);
const keyNames: Readonly<Record<string, string>> = {
  keysMaxAgeSeconds: 'maxAgeSeconds',
  keysCooldownSeconds: 'cooldownSeconds',
  timeoutSeconds: 'timeoutSeconds',
};
const optionOf = (name: string) => name.replace('clockToleranceSeconds', 'leewaySeconds');

describe('settings of verifiers', () => {
  it('have the bounds that the verifier of JWTs has', () => {
    for (const row of Object.values(JWT_ROWS)) {
      const name = optionOf(row.name.replace('jwt.', ''));
      for (const value of bounds(row.type.says)) {
        const keys = {
          jwksUri: 'https://t.example/keys',
          ...(keyNames[name] ? { [keyNames[name]]: value } : {}),
        };
        const own = keyNames[name] ? {} : { [name]: value };
        expect([name, value, jwtOptionProblems({ issuer: 'x', keys, ...own })]).toEqual([name, value, []]);
      }
    }
  });

  it('have the bounds that introspection has', () => {
    const good = { endpoint: 'https://t.example/i', issuer: 'x', clientId: 'c', clientSecret: 's' };
    for (const row of Object.values(INTROSPECTION_ROWS)) {
      const name = optionOf(row.name.replace('introspection.', ''));
      for (const value of bounds(row.type.says))
        expect([name, value, introspectionProblems({ ...good, [name]: value })]).toEqual([name, value, []]);
    }
  });
});
