import type { Durability } from '@portcullis/auth/store/store';
import { describe, expect, it } from 'vitest';
import type { DatabaseDescription } from '../sql/database.ts';
import { settingsOf } from './settings.contract.ts';
import { type StartUpFacts, startUpLines } from './start-up-lines.ts';
import { waysIn } from './ways-in.ts';

const PROVIDER = { 'upstream.issuer': 'https://idp.example', 'upstream.clientId': 'c' };
const durable: Durability = {
  shared: false,
  survivesRestart: true,
  survivesPowerCut: true,
  description: 'files in /var/lib/x.',
};

const kept = { durability: durable, keysLine: 'wrapped by the secret in /etc/x', together: false };
const database: DatabaseDescription = {
  product: 'PostgreSQL',
  mode: 'wrapped',
  wall: true,
  summary: 'PostgreSQL "db"',
  notes: [],
};

const lines = (given: Record<string, string> = {}, over: Partial<StartUpFacts> = {}) => {
  const settings = settingsOf(given);
  return startUpLines({ settings, ways: waysIn(settings), kept, database, ...over });
};

describe('the first lines', () => {
  it('say where to connect, who can sign in, and where things lie', () => {
    expect(lines({ ...PROVIDER, 'username.rules': 'claim:db_user' })).toEqual([
      'Portcullis is ready.',
      '',
      '  Connect   http://localhost:8000/mcp',
      '  Sign in   with idp.example',
      '  Database  PostgreSQL "db"',
      '  State     files in /var/lib/x; survives a restart and a power cut',
      '  Keys      wrapped by the secret in /etc/x',
      '',
    ]);
  });

  it('warn where clients do not find out where people sign in, and where nobody is asked', () => {
    const jwt = { 'jwt.issuer': 'https://a.example', 'jwt.jwksUri': 'https://a.example/keys' };
    expect(lines(jwt).join('\n')).toMatch(/Warning .*each needs a token.*authorizationServers/);
    expect(lines({ ...jwt, authorizationServers: 'https://a.example' }).join('\n')).not.toMatch(
      /needs a token/,
    );
    const open = { ...PROVIDER, consent: 'off', 'redirectUris.allow': 'https://app.example.com/*' };
    expect(lines(open).join('\n')).toMatch(/Warning .*Nobody is asked/);
    expect(lines({ ...PROVIDER, auth: 'off' }).join('\n')).toMatch(
      /Warning .*provider of the settings is not asked/,
    );
  });

  it('warn when nobody of the provider has a name in the database', () => {
    expect(lines(PROVIDER).join('\n')).toMatch(/Warning .*username\.rules/);
    expect(lines(PROVIDER, { database: undefined }).join('\n')).not.toMatch(/username/);
  });

  it.each([
    [{}, 'as alice, bob, carol (admin) (development people: no passwords)'],
    [{ developmentPeople: 'dora,emil[a b]' }, 'as dora, emil (a, b) (development people: no passwords)'],
    [{ ...PROVIDER, 'upstream.title': 'The company' }, 'with The company'],
    [
      { ...PROVIDER, developmentPeople: 'dora' },
      'with idp.example, or as dora (development people: no passwords)',
    ],
    [{ auth: 'off' }, 'nobody has to: everybody who reaches this address can call every tool'],
  ])('name every way to sign in: %j', (given, text) => {
    const line = lines(given as Record<string, string>).find((each) => each.startsWith('  Sign in'));
    expect(line).toBe(`  Sign in   ${text}`);
  });

  it.each([
    [{ survivesRestart: false, survivesPowerCut: false }, 'a restart logs everybody out'],
    [{ survivesRestart: true, survivesPowerCut: false }, 'survives a restart, not a power cut'],
  ])('say what the state survives: %j', (facts, text) => {
    const durability = { ...durable, ...facts, description: 'in memory.' };
    expect(lines({}, { kept: { ...kept, durability } })).toContain(`  State     in memory; ${text}`);
  });

  it('say nothing of state and keys where nobody signs in', () => {
    expect(lines({ auth: 'off' }, { kept: undefined }).join('\n')).not.toMatch(/^ {2}(State|Keys) /m);
  });

  it('say when there is no database, and when it has no wall', () => {
    expect(lines({}, { database: undefined })).toContain('  Database  none');
    expect(lines({}, { database: { ...database, wall: false } })).toContain(
      '  Database  PostgreSQL "db" (no wall: a statement can switch back)',
    );
  });

  it('warn of what is easily overlooked', () => {
    const warnings = (all: readonly string[]) => all.filter((line) => line.startsWith('  Warning   '));
    expect(warnings(lines())).toEqual([]);
    expect(warnings(lines({}, { kept: { ...kept, together: true } }))).toEqual([
      expect.stringContaining('one folder'),
    ]);
    const service = { 'database.identity': 'service', 'database.url': 'embedded' };
    expect(warnings(lines(service, { database: { ...database, wall: false } }))).toEqual([
      expect.stringContaining('as the service account'),
    ]);
    expect(lines(service, { database: { ...database, wall: false } }).join('\n')).not.toContain('no wall');
    expect(warnings(lines(service, { database: undefined }))).toEqual([]);
  });
});
