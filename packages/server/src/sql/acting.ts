import type { BoundStatement } from './bound-statement.ts';
import type { Connection } from './connection.ts';
import type { ActingAs, ActingMode, QueryLimits, QueryResult } from './database.ts';
import { runDirectly, runWrapped } from './run-statement.ts';
import { quoteIdentifier } from './wrapper/identifier.ts';

/** What `current_user` and `session_user` say. */
export interface SessionIdentity {
  readonly user: string;
  readonly sessionUser: string;
}

/** How one call becomes the one it acts as, on a connection that belongs to `connection.user`. */
export interface Acting {
  /** The statement that makes the transaction somebody else's, in the modes that have one. */
  readonly enterSql: string | undefined;
  /** What the session must say from then on until the end of the call. */
  expected(connectionUser: string): SessionIdentity;
  run(connection: Connection, statement: BoundStatement, limits: QueryLimits): Promise<QueryResult>;
}

const asConnected = (user: string): SessionIdentity => ({ user, sessionUser: user });

export function actingFor(as: ActingAs, mode: ActingMode): Acting {
  if (as.kind === 'service') return { enterSql: undefined, expected: asConnected, run: runDirectly };
  const { username } = as;
  switch (mode) {
    case 'wrapped':
      return {
        enterSql: undefined,
        expected: asConnected,
        run: (connection, statement, limits) => runWrapped(connection, username, statement, limits),
      };
    case 'login':
      return {
        enterSql: undefined,
        expected: () => ({ user: username, sessionUser: username }),
        run: runDirectly,
      };
    case 'session-authorization':
      return {
        enterSql: `SET LOCAL SESSION AUTHORIZATION ${quoteIdentifier(username)}`,
        expected: () => ({ user: username, sessionUser: username }),
        run: runDirectly,
      };
    case 'set-role':
      return {
        enterSql: `SET LOCAL ROLE ${quoteIdentifier(username)}`,
        expected: (connectionUser) => ({ user: username, sessionUser: connectionUser }),
        run: runDirectly,
      };
  }
}
