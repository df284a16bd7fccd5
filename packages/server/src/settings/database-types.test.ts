import { memoryFiles } from '@portcullis/auth/config/memory-files';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificates, databasePlace, postgresUrl, privateKey } from './database-types.ts';
import { sslModeFor } from './names-database.ts';

const context = { folder: '/', files: memoryFiles() };

describe('databasePlace', () => {
  it.each([
    ['embedded', { kind: 'embedded' }],
    ['none', { kind: 'none' }],
    ['postgresql://a:b@c:1/d', { kind: 'postgres', url: 'postgresql://a:b@c:1/d' }],
  ])('reads %s', (raw, value) => {
    expect(databasePlace.read(raw, context)).toEqual({ value });
  });

  it.each(['', 'nome', 'mysql://a/b', 'postgres:a', 'postgres://a:b%@c/d', 'postgres://a:b#c@d:x/e'])(
    'refuses %j, and does not repeat it',
    (raw) => {
      const reading = databasePlace.read(raw, context);
      expect(reading).toHaveProperty('fault');
      if (raw.length > 8) expect(JSON.stringify(reading)).not.toContain(raw);
    },
  );

  it('shows no password', () => {
    expect(postgresUrl.show?.('postgres://svc:hunter2@db/x')).not.toContain('hunter2');
    expect(databasePlace.show?.({ kind: 'postgres', url: 'postgres://svc:hunter2@db/x' })).not.toContain(
      'hunter2',
    );
  });

  it('takes or refuses any text, and what it takes has an encryption mode', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (rest) => {
        const reading = databasePlace.read(`postgres://${rest}`, context);
        if ('value' in reading)
          expect(sslModeFor(reading.value)).toMatch(/^(disable|require|verify-ca|verify-full)$/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('certificates and privateKey', () => {
  const certificate = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----';
  /** In two pieces, so that no file here looks as if it held a key. */
  const pem = ['PRIVATE', 'KEY'].join(' ');
  const key = `-----BEGIN ${pem}-----\nx\n-----END ${pem}-----`;

  it('do not take one for the other', () => {
    expect(certificates.read(certificate, context)).toHaveProperty('value');
    expect(certificates.read(`${certificate}\n${key}`, context)).toHaveProperty('fault');
    expect(privateKey.read(key, context)).toHaveProperty('value');
    expect(privateKey.read(certificate, context)).toHaveProperty('fault');
  });

  it('refuse paths, which would have to be references', () => {
    expect(certificates.read('/etc/ca.pem', context)).toHaveProperty('fault');
    expect(privateKey.read('/etc/key.pem', context)).toHaveProperty('fault');
  });
});
