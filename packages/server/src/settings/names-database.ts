import { optionalSetting, section, setting } from '@portcullis/auth/config/row';
import { oneOf, onOff, wholeNumber } from '@portcullis/auth/config/value-types';
import { isLoopbackHost } from '@portcullis/auth/core/url';
import {
  certificates,
  type DatabasePlace,
  databasePlace,
  postgresUrl,
  privateKey,
} from './database-types.ts';

export type SslMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

/** The database, and how statements run in it. */
export const DATABASE_ROWS = section('Database', {
  'database.url': setting<DatabasePlace>({
    type: databasePlace,
    flag: '--database <url|none>',
    flagHelp: 'The database that the tools ask; without it, a sample in memory',
    default: { kind: 'embedded' },
    description:
      'The database that the tools ask: a PostgreSQL URL with the service account, `embedded` for a sample in memory, `none` for no database.',
    example: 'env:DATABASE_URL',
    wrong:
      'The start stops when the account can do more than it should, and tools answer with an error while the database is away.',
  }),
  'database.administratorUrl': optionalSetting({
    type: postgresUrl,
    defaultText: 'none',
    description:
      'The same database with an administrator as its user, for `portcullis database prepare` alone. The server never uses it: leave it out where the server runs.',
    example: 'env:DATABASE_ADMINISTRATOR_URL',
    wrong: '`portcullis database prepare` can only print its SQL.',
  }),
  'database.identity': setting({
    type: oneOf('person', 'service'),
    default: ({ value }) => (value('auth') === false ? 'service' : 'person'),
    defaultText: '`person`, and `service` where nobody signs in (`auth: off`)',
    description: 'As whom statements run: as the person who signed in, or all as the service account.',
    example: 'person',
    wrong: 'With `service`, everybody sees what the service account sees.',
  }),
  'database.mode': setting({
    type: oneOf('wrapped', 'login', 'session-authorization', 'set-role'),
    default: 'wrapped',
    description:
      'How a statement becomes the person’s: inside a function of theirs (`portcullis database prepare` makes them), or on a connection of theirs. The other two are no wall: a statement can switch back.',
    example: 'wrapped',
    wrong: 'With `session-authorization` or `set-role`, a clever statement acts as the service account.',
  }),
  'database.iKnowServiceAccountIsSuperuser': setting({
    type: onOff,
    default: false,
    description:
      'Says for the second time that `session-authorization` or `set-role` runs with a superuser as service account.',
    example: 'off',
    wrong: 'A clever statement has the whole database cluster.',
  }),
  'database.maxRows': setting({
    type: wholeNumber({ min: 1, max: 1_000_000 }),
    default: 1000,
    unit: 'rows',
    description: 'The most rows of one answer; more are cut off, and the answer says so.',
    example: '1000',
    wrong: 'Too many: models drown in rows, and memory fills.',
  }),
  'database.maxBytes': setting({
    type: wholeNumber({ min: 1000, max: 1_000_000_000 }),
    default: 5 * 1024 * 1024,
    unit: 'bytes',
    description: 'The most bytes of one answer, counted as they come from the database.',
    example: '5242880',
    wrong: 'Too many: a few callers at once fill the memory.',
  }),
  'database.timeoutSeconds': setting({
    type: wholeNumber({ min: 1, max: 3600 }),
    default: 30,
    unit: 'seconds',
    description: 'How long one statement may run.',
    example: '30',
    wrong: 'Too long: slow statements hold the connections that others wait for.',
  }),
  'database.sslMode': setting<SslMode>({
    type: oneOf('disable', 'require', 'verify-ca', 'verify-full'),
    default: ({ value }) => sslModeFor(value('database.url') as DatabasePlace | undefined),
    defaultText:
      'what `sslmode` in the URL says; else `verify-full`, and `disable` for a database on this machine',
    description: 'Whether the way to the database is encrypted, and what of its certificate is checked.',
    example: 'verify-full',
    wrong: 'With less than `verify-full`, somebody on the way can pose as the database.',
  }),
  'database.sslCa': optionalSetting({
    type: certificates,
    defaultText: 'the authorities that Node knows',
    description: 'The authorities that may have signed the certificate of the database.',
    example: 'file:/etc/ssl/database-ca.pem',
    wrong: 'The connection is refused.',
  }),
  'database.sslCertificate': optionalSetting({
    type: certificates,
    defaultText: 'none',
    description: 'The certificate that this server shows to the database, where it asks for one.',
    example: 'file:/etc/portcullis/database-client.pem',
    wrong: 'The connection is refused.',
  }),
  'database.sslKey': optionalSetting({
    type: privateKey,
    secret: true,
    defaultText: 'none',
    description: 'The key of `database.sslCertificate`.',
    example: 'file:/run/secrets/database-client-key',
    wrong: 'The connection is refused.',
  }),
});

/** The mode that the URL asks for, or the strict one where the way leads over a network. */
export function sslModeFor(place: DatabasePlace | undefined): SslMode {
  if (place?.kind !== 'postgres') return 'disable';
  const url = new URL(place.url);
  const asked = url.searchParams.get('sslmode');
  if (asked === 'disable' || asked === 'require' || asked === 'verify-ca') return asked;
  if (asked !== null) return 'verify-full';
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  return host === '' || host.startsWith('/') || isLoopbackHost(host) ? 'disable' : 'verify-full';
}
