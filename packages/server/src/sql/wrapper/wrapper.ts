import { createHash } from 'node:crypto';
import { quoteIdentifier, quoteLiteral } from './identifier.ts';

/** The schema that holds the wrapper functions. Nobody but the service account may use it. */
export const WRAPPER_SCHEMA = 'portcullis';

const ARGUMENTS =
  'statement pg_catalog.text, arguments pg_catalog.text[], described pg_catalog.bool, max_rows pg_catalog.int8, max_bytes pg_catalog.int8';
const ARGUMENT_TYPES =
  'pg_catalog.text, pg_catalog.text[], pg_catalog.bool, pg_catalog.int8, pg_catalog.int8';

/** SQLSTATE that a wrapper raises when the result outgrows `max_bytes`. */
export const TOO_LARGE_STATE = 'PTC01';
/** SQLSTATE that a wrapper raises when it does not run as the role it was made for. */
export const WRONG_ROLE_STATE = 'PTC02';

/** The function of one role. A role name may fill all 63 bytes of a name, so the function is named by a hash of it. */
export function wrapperName(role: string): string {
  return `run_${createHash('sha256').update(role, 'utf8').digest('hex').slice(0, 40)}`;
}

/**
 * The body of the function of one role, in PL/pgSQL. It runs one reading statement and gives its rows as text:
 *
 * - The role may alter its own function, into SECURITY INVOKER for one, but it can not change this text: so the text checks who it runs as.
 * - Everything is named with its schema, since the search path is the person's.
 * - `FOR ... IN EXECUTE` opens a cursor, which takes one statement that returns rows and no other; the cursor is used up in here.
 * - The first line out tells the columns. They are found on a form of the statement that yields no row: an outer join to nothing.
 *   A statement that can not stand in a subquery (EXPLAIN, SHOW) is described by its first row.
 * - Values become text in here, so that the output function of a type that somebody made runs as the person, like the statement.
 */
export function wrapperBody(role: string): string {
  // The line break ends a comment that the statement may end with.
  const inner = '(SELECT * FROM (%s\n) AS described LIMIT 0)';
  return `
#variable_conflict use_variable
DECLARE
  item pg_catalog.record;
  names pg_catalog.text[];
  types pg_catalog.text[];
  line pg_catalog.text;
  row_total pg_catalog.int8 := 0;
  byte_total pg_catalog.int8 := 0;
BEGIN
  IF current_user OPERATOR(pg_catalog.<>) ${quoteLiteral(role)}::pg_catalog.text THEN
    RAISE EXCEPTION 'this function runs as the wrong role' USING ERRCODE = '${WRONG_ROLE_STATE}';
  END IF;
  IF described THEN
    FOR item IN EXECUTE pg_catalog.format(
      'SELECT described.* FROM (SELECT 1) AS one LEFT JOIN ${inner} AS described ON true', statement)
      USING arguments
    LOOP
      names := ARRAY(SELECT pg_catalog.json_object_keys(pg_catalog.row_to_json(item)));
    END LOOP;
    FOR item IN EXECUTE pg_catalog.format(
      'SELECT ARRAY[%s]::pg_catalog.text[] AS types FROM (SELECT 1) AS one LEFT JOIN ${inner} AS described%s ON true',
      (SELECT pg_catalog.string_agg(pg_catalog.format('pg_catalog.pg_typeof(described.c%s)::pg_catalog.text', i), ', ')
        FROM pg_catalog.generate_subscripts(names, 1) AS g(i)),
      statement,
      (SELECT pg_catalog.format('(%s)', pg_catalog.string_agg(pg_catalog.format('c%s', i), ', '))
        FROM pg_catalog.generate_subscripts(names, 1) AS g(i) HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0))
      USING arguments
    LOOP
      types := item.types;
    END LOOP;
    RETURN NEXT pg_catalog.json_build_object('names', names, 'types', types)::pg_catalog.text;
  END IF;
  FOR item IN EXECUTE statement USING arguments LOOP
    IF names IS NULL THEN
      names := ARRAY(SELECT pg_catalog.json_object_keys(pg_catalog.row_to_json(item)));
      RETURN NEXT pg_catalog.json_build_object('names', names, 'types', NULL)::pg_catalog.text;
    END IF;
    line := item::pg_catalog.text;
    row_total := row_total OPERATOR(pg_catalog.+) 1::pg_catalog.int8;
    byte_total := byte_total OPERATOR(pg_catalog.+) pg_catalog.octet_length(line)::pg_catalog.int8;
    IF byte_total OPERATOR(pg_catalog.>) max_bytes THEN
      RAISE EXCEPTION 'the result is larger than % bytes', max_bytes USING ERRCODE = '${TOO_LARGE_STATE}';
    END IF;
    RETURN NEXT line;
    EXIT WHEN row_total OPERATOR(pg_catalog.>) max_rows;
  END LOOP;
END
`;
}

/** MD5 of the body, as `pg_catalog.md5(prosrc)` gives it: the server's own copy is compared before every call. */
export function wrapperFingerprint(role: string): string {
  return createHash('md5').update(wrapperBody(role), 'utf8').digest('hex');
}

/** The statements that make, or make again, the wrapper of one role. Run by an administrator, never by the service account. */
export function createWrapperSql(role: string, serviceAccount: string): string[] {
  const name = `${WRAPPER_SCHEMA}.${wrapperName(role)}`;
  const signature = `${name}(${ARGUMENT_TYPES})`;
  const body = wrapperBody(role);
  const tag = dollarTag(body);
  const owner = quoteIdentifier(role);
  const service = quoteIdentifier(serviceAccount);
  return [
    `DROP FUNCTION IF EXISTS ${signature}`,
    `CREATE FUNCTION ${name}(${ARGUMENTS})\nRETURNS SETOF pg_catalog.text LANGUAGE plpgsql VOLATILE STRICT SECURITY DEFINER PARALLEL UNSAFE\nAS ${tag}${body}${tag}`,
    `COMMENT ON FUNCTION ${signature} IS ${quoteLiteral(`Runs one reading statement as ${role}.`).trim()}`,
    `REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`,
    `GRANT EXECUTE ON FUNCTION ${signature} TO ${service}`,
    // An owner needs CREATE on the schema at the moment it becomes the owner, unless a superuser does this.
    `GRANT CREATE ON SCHEMA ${WRAPPER_SCHEMA} TO ${owner}`,
    `ALTER FUNCTION ${signature} OWNER TO ${owner}`,
    `REVOKE CREATE ON SCHEMA ${WRAPPER_SCHEMA} FROM ${owner}`,
  ];
}

/** The call: all that the service account ever says on behalf of a person. */
export function wrapperCall(role: string): string {
  return `SELECT line FROM ${WRAPPER_SCHEMA}.${wrapperName(role)}($1::pg_catalog.text, $2::pg_catalog.text[], $3::pg_catalog.bool, $4::pg_catalog.int8, $5::pg_catalog.int8) AS answer(line)`;
}

/** PostgreSQL 4.1.2.4: a tag for a dollar-quoted string that the text does not hold. */
export function dollarTag(body: string): string {
  let tag = '$portcullis$';
  for (let n = 1; body.includes(tag); n++) tag = `$portcullis${n}$`;
  return tag;
}
