import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person } from './database.contract.ts';
import type { Database } from './database.ts';
import { letThrough } from './escapes.contract.ts';
import { postgresDatabase } from './postgres-database.ts';
import {
  describeWithPostgres,
  type PostgresServer,
  runAsAdmin,
  startPostgres,
} from './postgres-server.contract.ts';
import { quoteIdentifier, quoteLiteral } from './wrapper/identifier.ts';
import { createWrapperSql } from './wrapper/wrapper.ts';

/** Text that a PostgreSQL text can be. */
const text = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'"\'\\(){},; \n\r\t%$aé🚲') }))
  .map((value) => value.replaceAll('\0', ''));
const quoted = (value: string) => quoteLiteral(value).trim();
const value = fc.oneof(
  text.map((v) => ({ sql: `${quoted(v)}::text`, type: 'text', cell: v })),
  fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .map((v) => ({ sql: `'${v}'::bigint`, type: 'bigint', cell: `${v}` })),
  fc.integer().map((v) => ({ sql: `'${v}'::integer`, type: 'integer', cell: v })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((v) => !Object.is(v, -0))
    .map((v) => ({ sql: `'${v}'::float8`, type: 'double precision', cell: v })),
  fc.tuple(fc.bigInt(), fc.stringMatching(/^[0-9]{1,20}$/)).map(([whole, rest]) => ({
    sql: `${whole < 0n ? '' : '+'}${whole}.${rest}::numeric`,
    type: 'numeric',
    cell: `${whole}.${rest}`,
  })),
  fc.uint8Array({ maxLength: 40 }).map((v) => ({
    sql: `'\\x${Buffer.from(v).toString('hex')}'::bytea`,
    type: 'bytea',
    cell: `\\x${Buffer.from(v).toString('hex')}`,
  })),
  fc.boolean().map((v) => ({ sql: String(v), type: 'boolean', cell: v })),
  fc
    .constantFrom('text', 'bigint', 'date', 'jsonb', 'point')
    .map((type) => ({ sql: `NULL::${type}`, type, cell: null })),
);
const name = text
  .map((v) => v.slice(0, 12))
  .filter((v) => v !== '' && Buffer.byteLength(v) < 60 && !/\p{Surrogate}/u.test(v));

describeWithPostgres('PostgreSQL', () => {
  let server: PostgresServer;
  const databases: Database[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    await runAsAdmin(server, [
      'CREATE ROLE portcullis LOGIN; CREATE SCHEMA portcullis; GRANT USAGE ON SCHEMA portcullis TO portcullis; CREATE ROLE alice LOGIN',
      ...createWrapperSql('alice', 'portcullis'),
    ]);
    const options = { url: server.url('portcullis'), tls: { mode: 'disable' }, guard: letThrough() } as const;
    databases.push(postgresDatabase(options), postgresDatabase({ ...options, mode: 'login' }));
  }, 120_000);
  afterAll(async () => {
    for (const database of databases) await database.close();
    await server?.stop();
  });

  describe('results', () => {
    it('lose nothing, in either way of running a statement', async () => {
      const columns = fc.array(fc.record({ value, name }), { minLength: 1, maxLength: 10 });
      await fc.assert(
        fc.asyncProperty(columns, async (wanted) => {
          const query = `SELECT ${wanted.map((w) => `${w.value.sql} AS ${quoteIdentifier(w.name)}`).join(', ')}`;
          for (const database of databases) {
            const result = await database.execute(person('alice'), query);
            expect(result.columns).toEqual(wanted.map((w) => ({ name: w.name, type: w.value.type })));
            expect(result.rows).toEqual([wanted.map((w) => w.value.cell)]);
          }
        }),
        { numRuns: 1000 },
      );
    }, 120_000);
  });
});
