import { z } from 'zod';

const nullableText = z.string().nullable();
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const table = {
  schema: z.string(),
  name: z.string(),
  kind: z.string().describe('table, view, materialized view, partitioned table or foreign table'),
  comment: nullableText,
  estimatedRows: z.number().nullable().describe('An estimate, or null where rows depend on who asks'),
};

/** What each tool takes and gives. */
export const inputs = {
  nothing: z.object({}),
  schema: z.object({
    schema: z.string().min(1).max(63).optional().describe('Only this schema. Without it, every schema.'),
  }),
  table: z.object({
    schema: z.string().min(1).max(63).describe('As list_tables gives it'),
    table: z.string().min(1).max(63).describe('Name of the table or view, as list_tables gives it'),
  }),
  query: z.object({
    query: z
      .string()
      .min(1)
      .max(100_000)
      .describe('One PostgreSQL statement that reads: SELECT, VALUES, WITH, EXPLAIN or SHOW'),
  }),
} as const;

export const outputs = {
  whoami: z.object({
    issuer: z.string().describe('Who vouches for this person'),
    subject: z.string().describe('The person, as the issuer names them'),
    name: nullableText,
    email: nullableText.describe('Only when the issuer says that it is verified'),
    groups: z.array(z.string()),
    scopes: z.array(z.string()).describe('What this client was allowed'),
    client: z.string().describe('client_id of the client that asks'),
    databaseUser: nullableText.describe('The database user that statements run as'),
    databaseProblem: nullableText.describe('Why there is no database user, if there is none'),
  }),
  schemas: z.object({ schemas: z.array(z.object({ name: z.string(), comment: nullableText })) }),
  tables: z.object({ tables: z.array(z.object(table)) }),
  table: z.object({
    ...table,
    rowSecurity: z.boolean().describe('Whether the database shows each person other rows'),
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        nullable: z.boolean(),
        default: nullableText,
        comment: nullableText,
      }),
    ),
    primaryKey: z.array(z.string()),
    foreignKeys: z.array(
      z.object({
        columns: z.array(z.string()),
        references: z.object({ schema: z.string(), table: z.string(), columns: z.array(z.string()) }),
      }),
    ),
  }),
  functions: z.object({
    functions: z.array(
      z.object({
        schema: z.string(),
        name: z.string(),
        kind: z.string(),
        arguments: z.string(),
        returns: nullableText,
        comment: nullableText,
      }),
    ),
  }),
  query: z.object({
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    rows: z
      .array(z.array(cell))
      .describe(
        'Values in the order of columns. bigint, numeric, dates and everything else that a JSON number can not hold exactly are text.',
      ),
    rowCount: z.number().int(),
    truncated: z.boolean().describe('Whether there were more rows than the limit'),
  }),
} as const;
