import type { Connection, ConnectionSource, RawResult } from './connection.ts';
import type { ActingAs } from './database.ts';
import { wrapperName } from './wrapper/wrapper.ts';

export interface AskedQuery {
  readonly sql: string;
  readonly values: readonly (string | readonly string[])[];
}

/** What a connection answers; `undefined` leaves it to the usual answers of a sound server. */
export type Script = (query: AskedQuery) => RawResult | Promise<RawResult> | undefined;

export const NOTHING: RawResult = { fields: [], rows: [] };

export function rawRows(...rows: readonly (readonly (string | null)[])[]): RawResult {
  return { fields: (rows[0] ?? []).map((_, i) => ({ name: `c${i}`, typeId: 25 })), rows };
}

/** A role with nothing but its name. */
const PLAIN_ROLE = [...Array.from({ length: 9 }, () => 'false'), 'sound', null];

/** A connection that answers as a sound server would, but for what a test says: for the order of things, and for what goes wrong. */
export function scriptedConnection(script: Script = () => undefined, user = 'service') {
  const asked: AskedQuery[] = [];
  const state = { allowed: Number.NaN, destroyed: undefined as Error | undefined };
  let actingUser: readonly [string, string] = [user, user];
  let failPending: ((reason: Error) => void) | undefined;
  const usual = ({ sql }: AskedQuery): RawResult => {
    const role = /^SET LOCAL (ROLE|SESSION AUTHORIZATION) "(.*)"$/.exec(sql);
    if (role) actingUser = [role[2]!, role[1] === 'ROLE' ? user : role[2]!];
    if (sql === 'ROLLBACK') actingUser = [user, user];
    if (sql.startsWith('SELECT current_user')) return rawRows(actingUser);
    if (sql.includes('FROM pg_catalog.pg_roles AS r\nWHERE')) return rawRows(PLAIN_ROLE);
    return NOTHING;
  };
  const connection: Connection = {
    user,
    async query(sql, values = []) {
      if (state.destroyed) throw state.destroyed;
      const query = { sql, values };
      asked.push(query);
      const given = script(query);
      return given instanceof Promise
        ? Promise.race([
            given,
            new Promise<never>((_resolve, reject) => {
              failPending = reject;
            }),
          ])
        : (given ?? usual(query));
    },
    allowBytes(maxBytes) {
      state.allowed = maxBytes;
    },
    destroy(reason) {
      state.destroyed ??= reason;
      failPending?.(reason);
    },
  };
  return { connection, asked, state };
}

/** Hands out one connection; tells for whom, and what came back. */
export function sourceOf(connection: Connection) {
  const acquired: ActingAs[] = [];
  const released: Connection[] = [];
  const source: ConnectionSource = {
    async acquire(as) {
      acquired.push(as);
      return connection;
    },
    release: (back) => void released.push(back),
  };
  return { source, acquired, released };
}

/** Is this the call of the wrapper of that role? */
export const callsWrapper = (sql: string, role: string) => sql.includes(`portcullis.${wrapperName(role)}(`);
