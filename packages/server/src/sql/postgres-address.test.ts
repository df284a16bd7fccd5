import { OperatorError } from '@portcullis/auth/core/operator-error';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePostgresUrl, tlsOptions } from './postgres-address.ts';

describe('the address of a database', () => {
  it.each([
    [
      'postgres://svc@db.example.test/shop',
      { host: 'db.example.test', port: 5432, database: 'shop', user: 'svc' },
    ],
    [
      'postgresql://svc:p%40ss%2Fw@10.0.0.1:6432/shop',
      { host: '10.0.0.1', port: 6432, database: 'shop', user: 'svc', password: 'p@ss/w' },
    ],
    ['postgres://svc@[::1]/shop', { host: '::1', port: 5432, database: 'shop', user: 'svc' }],
    [
      'postgres:///shop?host=/run/postgresql&port=5433&user=svc',
      { host: '/run/postgresql', port: 5433, database: 'shop', user: 'svc' },
    ],
    ['postgres://svc@db', { host: 'db', port: 5432, database: 'svc', user: 'svc' }],
  ])('reads %s', (url, address) => {
    expect(parsePostgresUrl(url)).toEqual(address);
  });

  it.each([
    '',
    'x',
    'mysql://svc@db/x',
    'postgres://db/x',
    'postgres://svc:hidden%zz@db/x',
    'postgres://svc:hidden@db:99999/x',
  ])('refuses %j, and does not repeat it', (url) => {
    expect(() => parsePostgresUrl(url)).toThrow(OperatorError);
    expect(() => parsePostgresUrl(url)).not.toThrow(/hidden/);
  });

  it('ends with an address or an OperatorError for anything', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl().map((url) => url.replace(/^https?/, 'postgres')),
        ),
        (text) => {
          try {
            expect(parsePostgresUrl(text).user).not.toBe('');
          } catch (error) {
            expect(error).toBeInstanceOf(OperatorError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('the way to a database', () => {
  it('is verified unless something less is asked for', () => {
    expect(tlsOptions({})).toMatchObject({ minVersion: 'TLSv1.2' });
    expect(tlsOptions({})).not.toHaveProperty('rejectUnauthorized');
    expect(tlsOptions({ mode: 'verify-full', ca: 'x' })).not.toHaveProperty('checkServerIdentity');
    expect(tlsOptions({ mode: 'verify-ca' })).toHaveProperty('checkServerIdentity');
    expect(tlsOptions({ mode: 'verify-ca' })).not.toHaveProperty('rejectUnauthorized');
    expect(tlsOptions({ mode: 'require' })).toMatchObject({ rejectUnauthorized: false });
    expect(tlsOptions({ mode: 'disable' })).toBe(false);
  });
});
