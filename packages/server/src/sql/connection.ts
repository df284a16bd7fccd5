import type { ActingAs } from './database.ts';

export interface RawField {
  readonly name: string;
  /** Oid of the type. */
  readonly typeId: number;
}

export interface RawResult {
  readonly fields: readonly RawField[];
  /** Every value in the text form of its type. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** One connection to a server that speaks PostgreSQL. It serves one call at a time. */
export interface Connection {
  /** The name that `current_user` and `session_user` have whenever no call is under way. */
  readonly user: string;
  /**
   * One statement by the extended protocol, which takes no second one.
   * @throws ServerError for what the server reports; anything else means that the connection is lost.
   */
  query(sql: string, values?: readonly (string | readonly string[])[]): Promise<RawResult>;
  /** From now on, so many bytes may arrive before the connection is given up. */
  allowBytes(maxBytes: number): void;
  /** Stops the statement under way and gives the connection up, for good; it is never handed out again. */
  destroy(reason: Error): void;
}

/** Where connections come from. */
export interface ConnectionSource {
  /** A connection for a call that acts as `as`. Nobody waits longer than the signal says. */
  acquire(as: ActingAs, signal: AbortSignal): Promise<Connection>;
  /** Called once for every connection acquired. One that was destroyed meanwhile is thrown away. */
  release(connection: Connection): void;
}
