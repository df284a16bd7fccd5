import type { Duplex } from 'node:stream';
import { Client, type QueryArrayConfig, DatabaseError as ReportedError } from 'pg';
import type { Connection, RawResult } from './connection.ts';
import { DatabaseError, ServerError } from './database-error.ts';
import { type PostgresAddress, type PostgresTls, tlsOptions } from './postgres-address.ts';
import { cancelStatement } from './postgres-cancel.ts';

/** Who a connection is opened as. */
export interface Login {
  readonly user: string;
  readonly password?: string;
  /** In place of the certificate that every connection shows. */
  readonly cert?: string;
  readonly key?: string;
}

export interface PostgresConnection extends Connection {
  /** Whether it was destroyed, or was lost. */
  readonly lost: boolean;
  /** Told once, when the connection is lost while nobody uses it. */
  onLost(listener: () => void): void;
  /** Several statements of our own, by the simple protocol: for an administrator's script. */
  script(sql: string): Promise<void>;
  /** Says goodbye. */
  end(): Promise<void>;
}

/** Parts of a client that its types leave out. */
interface ClientInside {
  readonly connection: { readonly stream: Duplex };
  readonly processID: number;
  readonly secretKey: number;
}

/** Every value as the text that the server sent. */
const AS_SENT = { getTypeParser: () => (text: string) => text };

const CONNECT_MS = 10_000;

export async function openPostgresConnection(
  address: PostgresAddress,
  tlsSettings: PostgresTls,
  login: Login,
): Promise<PostgresConnection> {
  const tls = tlsOptions(
    login.cert === undefined ? tlsSettings : { ...tlsSettings, cert: login.cert, key: login.key },
  );
  const client = new Client({
    host: address.host,
    port: address.port,
    database: address.database,
    user: login.user,
    // Given as a function, and the others given at all, so that nothing is taken from the environment or from ~/.pgpass.
    password: () => login.password ?? noPassword(),
    options: ' ',
    client_encoding: 'UTF8',
    sslnegotiation: 'postgres',
    ssl: tls,
    application_name: 'portcullis',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (cause) {
    // The driver leaves the socket open when no password is there to send: the server would hold a process for it, and this one would stay alive.
    (client as unknown as ClientInside).connection.stream.destroy();
    const sqlState = cause instanceof ReportedError ? cause.code : undefined;
    throw new DatabaseError('unavailable', 'The database can not be reached now.', { cause, sqlState });
  }
  return wrap(client, login.user, (processId, secretKey) =>
    cancelStatement({ host: address.host, port: address.port, tls, processId, secretKey }),
  );
}

function noPassword(): never {
  throw new Error('The database asks for a password, and none is configured.');
}

function wrap(
  client: Client,
  user: string,
  cancel: (processId: number, secretKey: number) => void,
): PostgresConnection {
  const { connection, processID, secretKey } = client as unknown as ClientInside;
  let allowed = Number.MAX_SAFE_INTEGER;
  let lost: Error | undefined;
  let failPending: ((reason: Error) => void) | undefined;
  let tellLost = () => {};
  const lose = (reason: Error) => {
    if (lost) return;
    lost = reason;
    const pending = failPending;
    connection.stream.destroy();
    if (pending) {
      cancel(processID, secretKey);
      pending(reason);
    } else tellLost();
  };
  client.on('end', () => lose(new DatabaseError('unavailable', 'The connection to the database was lost.')));
  connection.stream.on('data', (chunk: Buffer) => {
    allowed -= chunk.length;
    if (allowed < 0)
      lose(new DatabaseError('too-large', 'The result is too large. Ask for fewer rows or columns.'));
  });
  return {
    user,
    get lost() {
      return lost !== undefined;
    },
    onLost(listener) {
      tellLost = listener;
    },
    query(sql, values = []) {
      if (lost) return Promise.reject(lost);
      return new Promise<RawResult>((resolve, reject) => {
        failPending = reject;
        client.query(statement(sql, values)).then(
          ({ fields, rows }) => {
            failPending = undefined;
            resolve({ fields: fields.map(({ name, dataTypeID }) => ({ name, typeId: dataTypeID })), rows });
          },
          (error: unknown) => {
            failPending = undefined;
            reject(lost ?? reported(error));
          },
        );
      });
    },
    allowBytes(maxBytes) {
      allowed = maxBytes;
    },
    destroy: lose,
    async script(sql) {
      await client.query(sql).catch((error: unknown) => {
        throw reported(error);
      });
    },
    end: () => client.end(),
  };
}

/** `queryMode` is what makes the driver use the extended protocol where there are no values; its types do not know it. */
function statement(
  text: string,
  values: readonly (string | readonly string[])[],
): QueryArrayConfig & { readonly queryMode: 'extended' } {
  return { text, values: [...values], rowMode: 'array', types: AS_SENT, queryMode: 'extended' };
}

function reported(error: unknown): Error {
  if (!(error instanceof ReportedError)) return error instanceof Error ? error : new Error(String(error));
  const { message, code, detail, hint } = error;
  return new ServerError({ message, code: code ?? 'XX000', detail, hint });
}
