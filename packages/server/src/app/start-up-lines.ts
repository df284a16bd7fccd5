import type { Durability } from '@portcullis/auth/store/store';
import type { Settings } from '../settings/names.ts';
import type { DatabaseDescription } from '../sql/database.ts';
import type { WaysIn } from './ways-in.ts';

export interface StartUpFacts {
  readonly settings: Settings;
  /** Who lets people in, by those settings. */
  readonly ways: WaysIn;
  /** Where state and keys lie; nothing is kept where nobody signs in. */
  readonly kept:
    | { readonly durability: Durability; readonly keysLine: string; readonly together: boolean }
    | undefined;
  readonly database: DatabaseDescription | undefined;
}

/** What an operator has to know, in the first lines: where to connect, who can sign in, where state lies and what it survives. */
export function startUpLines(facts: StartUpFacts): readonly string[] {
  const { settings, kept } = facts;
  const rows: [string, string][] = [
    ['Connect', `${settings.publicUrl}/mcp`],
    ['Sign in', signInLine(facts)],
    ['Database', databaseLine(facts)],
  ];
  if (kept)
    rows.push(
      ['State', `${kept.durability.description.replace(/\.$/, '')}; ${survives(kept.durability)}`],
      ['Keys', kept.keysLine],
    );
  const lines = rows.map(([name, text]) => `  ${name.padEnd(9)} ${text}`);
  return [
    'Portcullis is ready.',
    '',
    ...lines,
    ...warnings(facts).map((warning) => `  Warning   ${warning}`),
    '',
  ];
}

function signInLine({ settings, ways: { providers, elsewhere } }: StartUpFacts): string {
  if (!settings.auth) return 'nobody has to: everybody who reaches this address can call every tool';
  const { developmentPeople } = settings;
  const ways = providers.map((title) => `with ${title}`);
  if (developmentPeople.length > 0) {
    const names = developmentPeople.map(
      ({ username, groups = [] }) => username + (groups.length > 0 ? ` (${groups.join(', ')})` : ''),
    );
    ways.push(`as ${names.join(', ')} (development people: no passwords)`);
  }
  if (elsewhere.length > 0) ways.push(`with a token of ${elsewhere.join(', or of ')}`);
  return ways.join(', or ');
}

function databaseLine({ settings, database }: StartUpFacts): string {
  if (!database) return 'none';
  const wall =
    database.wall || settings.database.identity === 'service' || database.summary.includes('no wall')
      ? ''
      : ' (no wall: a statement can switch back)';
  return database.summary + wall;
}

function survives({ survivesRestart, survivesPowerCut }: Durability): string {
  if (!survivesRestart) return 'a restart logs everybody out';
  return survivesPowerCut ? 'survives a restart and a power cut' : 'survives a restart, not a power cut';
}

function warnings({ settings, ways, kept, database }: StartUpFacts): string[] {
  const found: string[] = [];
  if (kept?.together)
    found.push('Keys and state lie in one folder: who copies it has both. Set secretFile elsewhere.');
  if (database && settings.database.identity === 'service')
    found.push('Statements run as the service account: everybody sees what it sees.');
  if (
    !settings.auth &&
    (settings.upstream.preset ?? settings.upstream.issuer ?? settings.jwt.issuer) !== undefined
  )
    found.push('The identity provider of the settings is not asked: auth is off.');
  if (settings.auth && !ways.clientsSignIn)
    found.push(
      'Clients are not told where people sign in: each needs a token. Set authorizationServers, if there is one.',
    );
  if (settings.consent === 'external' || settings.consent === 'off')
    found.push('Nobody is asked here before a client gets access (consent).');
  const { username } = settings;
  const { providers, elsewhere } = ways;
  if (
    database &&
    providers.length + elsewhere.length > 0 &&
    username.rules.length === 0 &&
    settings.database.identity === 'person'
  )
    found.push(
      'Nobody of the provider has a name in the database, and so nobody gets at the data. Set username.rules.',
    );
  return [...found, ...(database?.notes ?? [])];
}
