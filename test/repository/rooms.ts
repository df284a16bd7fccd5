/**
 * Who may import whom, types included. The order is the order of the house: a room sees only rooms before it.
 * `ARCHITECTURE.md` has the same table in words; `rooms.test.ts` compares both.
 */
export const AUTH_ROOMS: Readonly<Record<string, readonly string[]>> = {
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
  issuer: [
    ...['core', 'protocol', 'net', 'keys', 'store', 'sessions', 'access', 'pages', 'http', 'upstream'],
    ...['verify', 'sign-in', 'gate'],
  ],
  providers: ['core', 'protocol', 'upstream', 'verify', 'sign-in'],
  adapters: ['core'],
  // `auth.ts`, the front door.
  '': [
    ...['core', 'protocol', 'net', 'keys', 'store', 'sessions', 'access', 'pages', 'http', 'upstream'],
    ...['verify', 'sign-in', 'gate', 'issuer', 'providers'],
  ],
  config: [
    ...['core', 'protocol', 'net', 'keys', 'store', 'sessions', 'access', 'pages', 'http', 'upstream'],
    ...['verify', 'sign-in', 'gate', 'issuer', 'providers', ''],
  ],
};

/** `sql` and `gateway` do not know each other; both are tools that `app` hangs into `mcp`. */
export const SERVER_ROOMS: Readonly<Record<string, readonly string[]>> = {
  log: [],
  settings: ['log'],
  mcp: ['log', 'settings'],
  sql: ['log', 'settings', 'mcp'],
  gateway: ['log', 'settings', 'mcp'],
  admin: ['log', 'settings'],
  doctor: ['log', 'settings'],
  app: ['log', 'settings', 'mcp', 'sql', 'gateway', 'admin'],
  cli: ['log', 'settings', 'mcp', 'sql', 'gateway', 'admin', 'doctor', 'app'],
};

/**
 * Files of the library that need Node. Everything else runs wherever there are web standards and `node:crypto` and `node:buffer`
 * (docs/decisions/0002-synchronous-primitives.md).
 */
export const NODE_ONLY: readonly string[] = [];

export const EVERYWHERE: readonly string[] = ['node:crypto', 'node:buffer'];
