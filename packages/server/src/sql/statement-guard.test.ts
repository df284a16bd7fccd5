import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { DatabaseError } from './database-error.ts';
import { judgeStatement, MAX_STATEMENT_BYTES, prepareJudge } from './statement-guard.ts';

const judge = (text: string) => judgeStatement(text, { timeoutSeconds: 30 });
const refusal = (text: string) => {
  try {
    return JSON.stringify(judge(text));
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return `${error.kind}: ${error.message}`;
  }
};

beforeAll(() => prepareJudge());

describe('one statement that reads', () => {
  it.each([
    ['SELECT 1', 'rows'],
    ['  SELECT 1 ;  -- done', 'rows'],
    ['VALUES (1), (2)', 'rows'],
    ['TABLE t', 'rows'],
    ['(SELECT 1) UNION SELECT 2 ORDER BY 1', 'rows'],
    ['WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x', 'rows'],
    ['SELECT \'DROP TABLE t; SELECT set_config\' AS "insert into"', 'rows'],
    ['SELECT current_setting($$role$$), pg_sleep(1.5), pg_sleep(30)', 'rows'],
    ['EXPLAIN SELECT 1', 'report'],
    ['EXPLAIN (VERBOSE, COSTS off, FORMAT json) VALUES (1)', 'report'],
    ['SHOW search_path', 'report'],
    ['SHOW ALL', 'report'],
  ])('lets %j through', (text, kind) => {
    expect(judge(text).kind).toBe(kind);
  });

  it('gives the statement alone', () => {
    expect(judge(" SELECT 'ö' ;-- ; x").text).toBe("SELECT 'ö'");
    expect(judge('/* ö */ SELECT 1').text).toBe('/* ö */ SELECT 1');
    expect(judge('SELECT 1 -- comment').text).toBe('SELECT 1 -- comment');
  });

  it.each([
    ['', /no statement/],
    [' ;; ', /no statement/],
    ['-- nothing', /no statement/],
    ['SELECT 1; SELECT 2', /one statement/],
    ['SELECT 1; SET ROLE bob', /one statement/],
    ['INSERT INTO t VALUES (1)', /not INSERT/],
    ['UPDATE t SET a = 1', /not UPDATE/],
    ['DELETE FROM t', /not DELETE/],
    ['MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE', /not MERGE/],
    ['WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x', /DELETE/],
    ['SELECT * FROM (WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x) AS y', /INSERT/],
    ['SELECT 1 INTO t', /INTO/],
    ['SELECT 1 UNION SELECT 2 INTO t', /INTO|statement:/],
    ['CREATE TABLE t AS SELECT 1', /CREATE TABLE AS/],
    ['SELECT * FROM t FOR UPDATE', /locked/],
    ['SELECT * FROM (SELECT * FROM t FOR KEY SHARE) AS x', /locked/],
    ['EXPLAIN ANALYZE SELECT 1', /ANALYZE/],
    ['EXPLAIN (ANALYZE false) SELECT 1', /ANALYZE/],
    ['EXPLAIN (SERIALIZE) SELECT 1', /SERIALIZE/],
    ['EXPLAIN INSERT INTO t VALUES (1)', /explained/],
    ['EXPLAIN EXECUTE x', /explained/],
    ['EXPLAIN SELECT set_config($$a$$, $$b$$, true)', /set_config/],
    ['SET ROLE bob', /VARIABLE SET/],
    ['RESET ALL', /VARIABLE SET/],
    ['DO $$ BEGIN END $$', /not DO/],
    ['CALL p()', /not CALL/],
    ['COPY t TO STDOUT', /not COPY/],
    ["COPY (SELECT 1) TO PROGRAM 'id'", /not COPY/],
    ['BEGIN', /TRANSACTION/],
    ['COMMIT', /TRANSACTION/],
    ['LISTEN x', /LISTEN/],
    ['LOCK TABLE t', /LOCK/],
    ['PREPARE x AS SELECT 1', /PREPARE/],
    ['DECLARE c CURSOR FOR SELECT 1', /DECLARE CURSOR/],
    ['VACUUM', /VACUUM/],
    ['SELECT $1', /parameter/],
    ['SELECT 1 \0; DROP TABLE t', /not valid text/],
    ['SELECT \ud800', /not valid text/],
    [`SELECT '${'x'.repeat(MAX_STATEMENT_BYTES)}'`, /longer than/],
    ["SELECT set_config('role', 'bob', true)", /set_config/],
    ["SELECT pg_catalog.set_config('role', 'bob', true)", /set_config/],
    ["SELECT \"set_config\"('role', 'bob', true)", /set_config/],
    ["SELECT SET_CONFIG('role', 'bob', true)", /set_config/],
    ["SELECT U&\"set\\005Fconfig\"('role', 'bob', true)", /set_config/],
    ["SELECT * FROM set_config('role', 'bob', true)", /set_config/],
    ["SELECT 1 ORDER BY set_config('role', 'bob', true)", /set_config/],
    ["VALUES (set_config('role', 'bob', true))", /set_config/],
    ["SELECT query_to_xml('SET ROLE bob', true, true, '')", /query_to_xml/],
    ["SELECT word FROM ts_stat('SELECT to_tsvector(set_config(''role'', ''bob'', true))')", /ts_stat/],
    ["SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, secret::tsquery FROM t')", /ts_rewrite/],
    ["SELECT * FROM crosstab4('SELECT a, b, c FROM t')", /crosstab4/],
    ["SELECT x.dblink_exec('a', 'b')", /dblink_exec/],
    ['SELECT lo_get(1)', /lo_get/],
    ['SELECT pg_advisory_lock(1)', /pg_advisory_lock/],
    ["SELECT pg_read_file('x')", /pg_read_file/],
    ["SELECT pg_ls_dir('x')", /pg_ls_dir/],
    ['SELECT pg_terminate_backend(1)', /pg_terminate_backend/],
    ['SELECT pg_sleep(31)', /time limit/],
    ['SELECT pg_sleep(1 + 1)', /time limit/],
    ["SELECT pg_sleep_for('1 hour')", /time limit/],
    ['SELEC 1', /^statement: syntax error at or near "SELEC"$/],
    ['SELECT (', /^statement: syntax error/],
    ["SELECT 'x", /^statement: unterminated/],
    ['SELECT 1 /*', /^statement: unterminated/],
  ])('refuses %j', (text, why) => {
    expect(refusal(text)).toMatch(why);
    expect(refusal(text)).toMatch(/^(refused|statement): /);
  });

  it('answers anything at all with a statement or a reason', () => {
    const words = fc.constantFrom(
      ...'SELECT FROM WITH AS ( ) , ; \' " $$ $1 -- /* */ INSERT UPDATE SET ROLE INTO EXPLAIN SHOW t f(x) 1 :: text U& E \\ \n \0 ö'.split(
        ' ',
      ),
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words, { maxLength: 20 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(refusal(text)).toMatch(/^(refused: |statement: |\{)/);
      }),
      { numRuns: 1000 },
    );
  });
});
