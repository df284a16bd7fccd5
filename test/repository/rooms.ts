type Rule = readonly string[] | 'every room above';

function withEverythingAbove(
  table: Readonly<Record<string, Rule>>,
): Readonly<Record<string, readonly string[]>> {
  const names = Object.keys(table);
  return Object.fromEntries(
    Object.entries(table).map(([name, rule]) => [
      name,
      typeof rule === 'string' ? names.slice(0, names.indexOf(name)) : rule,
    ]),
  );
}

/**
 * Who may import whom, types included. The order is the order of the house: a room sees only rooms before it.
 * `ARCHITECTURE.md` tells the same of the rooms that are there; `rooms.test.ts` compares both.
 */
export const AUTH_ROOMS: Readonly<Record<string, readonly string[]>> = withEverythingAbove({
  core: [],
  protocol: ['core'],
  net: ['core'],
  keys: ['core'],
  store: ['core', 'keys'],
  sessions: ['core', 'protocol', 'keys', 'store'],
  access: ['core', 'store'],
  pages: ['core'],
  http: ['core', 'protocol', 'store', 'pages'],
  upstream: ['core', 'protocol', 'net'],
  verify: ['core', 'protocol', 'net', 'keys', 'sessions', 'upstream'],
  'sign-in': ['core', 'protocol', 'keys', 'sessions', 'pages', 'http', 'upstream'],
  gate: ['core', 'protocol', 'sessions', 'access', 'http', 'pages', 'verify', 'upstream'],
  issuer: 'every room above',
  providers: ['core', 'protocol', 'upstream', 'verify', 'sign-in'],
  'auth.ts': 'every room above',
  config: 'every room above',
  adapters: ['core'],
});

/** `sql` and `gateway` do not know each other; `mcp` makes tools of both. */
export const SERVER_ROOMS: Readonly<Record<string, readonly string[]>> = withEverythingAbove({
  log: [],
  settings: ['log'],
  sql: ['log', 'settings'],
  gateway: ['log', 'settings'],
  mcp: ['log', 'settings', 'sql', 'gateway'],
  admin: ['log', 'settings'],
  doctor: ['log', 'settings'],
  app: 'every room above',
  cli: 'every room above',
});

/**
 * Files of the library that need Node; a `*` stands for the rest of a name. Everything else runs wherever there are web standards and
 * `node:crypto` and `node:buffer` (docs/decisions/0002-synchronous-primitives.md).
 */
export const NODE_ONLY: readonly string[] = [
  'packages/auth/src/adapters/express.ts',
  'packages/auth/src/adapters/incoming-*.ts',
  'packages/auth/src/adapters/node.ts',
  'packages/auth/src/adapters/open-streams.ts',
  'packages/auth/src/adapters/outgoing-answer.ts',
  'packages/auth/src/adapters/parsed-body.ts',
  'packages/auth/src/keys/master-secret-file.ts',
  'packages/auth/src/net/guarded-fetch.ts',
  'packages/auth/src/net/guarded-lookup.ts',
  'packages/auth/src/net/limited-body.ts',
  'packages/auth/src/store/file-*.ts',
];

export const EVERYWHERE: readonly string[] = ['node:crypto', 'node:buffer'];
