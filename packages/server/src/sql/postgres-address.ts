import type { ConnectionOptions } from 'node:tls';
import { OperatorError } from '@portcullis/auth/core/operator-error';

/** How far the way to the database is trusted, as PostgreSQL 34.19 names it. */
export type SslMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

export interface PostgresTls {
  /** Default `verify-full`: encrypted, by a known authority, for this host name. Anything less lets somebody on the way pose as the database. */
  readonly mode?: SslMode;
  /** Authorities that may have signed the server's certificate, in PEM. Default: those that Node knows. */
  readonly ca?: string;
  /** The certificate this server shows, in PEM, for `cert` authentication. */
  readonly cert?: string;
  /** The key of `cert`, in PEM. */
  readonly key?: string;
}

/** Where the database is, and who the service account is. */
export interface PostgresAddress {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string;
}

/**
 * PostgreSQL 34.1.1.2: `postgres://user:password@host:port/database`, with `?host=` and `?user=` for a Unix socket.
 * @throws OperatorError, without the URL, since it may hold a password.
 */
export function parsePostgresUrl(text: string): PostgresAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) throw wrong('is not a URL of PostgreSQL');
  const user = decode(url.username) || url.searchParams.get('user') || '';
  if (user === '') throw wrong('names no user: the service account');
  const password = decode(url.password) || url.searchParams.get('password') || undefined;
  return {
    host: url.searchParams.get('host') || decode(url.hostname).replace(/^\[|\]$/g, '') || 'localhost',
    port: Number(url.searchParams.get('port') || url.port || 5432),
    database: decode(url.pathname.slice(1)) || user,
    user,
    ...(password === undefined ? {} : { password }),
  };
}

/** What `node:tls` is told, or `false` for none. */
export function tlsOptions({ mode = 'verify-full', ca, cert, key }: PostgresTls): ConnectionOptions | false {
  if (mode === 'disable') return false;
  const options: ConnectionOptions = { ca, cert, key, minVersion: 'TLSv1.2' };
  if (mode === 'require') return { ...options, rejectUnauthorized: false };
  if (mode === 'verify-ca') return { ...options, checkServerIdentity: () => undefined };
  return options;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('has a % that is not followed by two hexadecimal digits');
  }
}

function wrong(message: string): OperatorError {
  return new OperatorError([
    {
      setting: 'database.url',
      source: 'database',
      message: `The address of the database ${message}.`,
      remedy: 'Write postgres://user:password@host:5432/name.',
    },
  ]);
}
