import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from './main.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'main-'));
  writeFileSync(join(folder, 'broken.yaml'), 'prot: 1\nupstream:\n  clientSecret: hunter2\n');
  writeFileSync(
    join(folder, 'good.yaml'),
    'upstream:\n  issuer: https://idp.example\n  clientId: me\n  clientSecret: env:SECRET\ndatabase:\n  url: postgres://svc:hunter2@db/x\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const PROVIDER = '"issuer": "https://b.example", "clientId": "c"';
const ASKS_NOBODY = {
  PORTCULLIS_CONSENT: 'external',
  PORTCULLIS_REDIRECT_URIS_ALLOW: 'https://a.example/cb',
};

async function run(args: readonly string[], environment: Record<string, string> = {}) {
  const written = { out: '', err: '' };
  const terminal = {
    out: (text: string) => {
      written.out += text;
    },
    err: (text: string) => {
      written.err += text;
    },
    outColour: false,
    errColour: false,
    folder,
    width: 100,
  };
  const exitCode = await main(['node', 'portcullis', ...args], environment, terminal);
  return { exitCode, ...written };
}

describe('main', () => {
  it('prints its version', async () => {
    expect(await run(['version'])).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect((await run(['--version'])).out).toBe((await run(['version'])).out);
  });

  it('prints help on request, and as an error where there is no command', async () => {
    expect(await run(['--help'])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('serve'),
      err: '',
    });
    expect(await run([])).toMatchObject({ exitCode: 78, out: '', err: expect.stringContaining('serve') });
  });

  it.each([
    [['serve', '--prot', '1']],
    [['servee']],
    [['serve', '--port']],
    [['config', 'x']],
    [['serve', 'x']],
  ])('stops for %j, a command line that is wrong', async (args) => {
    const { exitCode, out, err } = await run(args);
    expect([exitCode, out]).toEqual([78, '']);
    expect(err).toMatch(/error:/);
  });

  it.each([
    [['serve', '--port', '99999']],
    [['serve', '--host', '0.0.0.0']],
    [['serve', '--host', '0.0.0.0', '--no-auth']],
    [['serve', '--host', '0.0.0.0', '--dev-people']],
    [['serve', '--public-url', 'https://a.example', '--no-auth']],
    [['serve', '--host', '0.0.0.0', '--i-know-anyone-can-call', '--i-know-anyone-can-sign-in']],
    [['serve', '--public-url', 'http://a.example']],
    [['serve', '--config', 'nope.yaml']],
    [['serve', '--config', 'broken.yaml']],
    [['config', '--state', 'redis://x']],
  ])('stops for %j, settings that are wrong', async (args) => {
    const { exitCode, out, err } = await run(args);
    expect([exitCode, out]).toEqual([78, '']);
    expect(err).toContain('can not start');
    expect(err).toContain('→');
  });

  it('names every problem with its place, and no secret', async () => {
    const { err } = await run(['serve', '--config', 'broken.yaml', '--port', 'x'], { PORTCULLIS_HOTS: 'a' });
    expect(err).toContain('4 problems');
    expect(err).toMatch(/PORTCULLIS_HOTS.*environment[\s\S]*prot.*broken\.yaml:1[\s\S]*--port/);
    expect(err).toContain('upstream.clientSecret  (broken.yaml:3)');
    expect(err).not.toContain('hunter2');
  });
});

describe('portcullis config', () => {
  it('prints the settings with their places, for people', async () => {
    const { exitCode, out, err } = await run(['config', '--config', 'good.yaml', '--port', '9'], {
      SECRET: 'hunter3',
      PORTCULLIS_LOG_LEVEL: 'debug',
    });
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/^ {2}port +9 +--port$/m);
    expect(out).toMatch(/^ {2}log\.level +debug +environment$/m);
    expect(out).toMatch(/^ {2}upstream\.issuer +https:\/\/idp\.example +good\.yaml:2$/m);
    expect(out).toMatch(/^ {2}upstream\.clientSecret +\*{8} +good\.yaml:4 \(env:SECRET\)$/m);
    expect(out).not.toContain('default\n');
    const all = await run(['config', '--all', '--config', 'good.yaml'], { SECRET: 'hunter3' });
    expect(all.out).toMatch(/^ {2}developmentPeople +off +default$/m);
    expect(out).not.toMatch(/hunter/);
  });

  it('prints the same as JSON, for programs', async () => {
    const { out } = await run(['config', '--json', '--config', 'good.yaml', '--no-auth'], {
      SECRET: 'hunter3',
    });
    const settings = JSON.parse(out) as Record<string, { value: unknown; source: string; env: string }>;
    expect(settings.auth).toEqual({ value: 'off', source: '--no-auth', env: 'PORTCULLIS_AUTH' });
    expect(settings['upstream.clientSecret']).toMatchObject({ value: '********' });
    expect(settings['database.url']).toMatchObject({ value: 'postgres://svc:********@db/x' });
    expect(settings['database.maxRows']).toMatchObject({ value: 1000, source: 'default' });
    expect(out).not.toMatch(/hunter/);
  });

  it('reads every flag', async () => {
    const flags = ['--host', '::', '--dev-people', 'eve[x]', '--i-know-anyone-can-sign-in', '--cimd', 'off'];
    const more = ['--state', 'memory', '--database', 'none', '--public-url', 'https://a.example'];
    const { out } = await run(['config', '--json', ...flags, ...more]);
    const settings = JSON.parse(out) as Record<string, { value: unknown; source: string }>;
    const set = Object.entries(settings).filter(([, { source }]) => source !== 'default');
    expect(Object.fromEntries(set.map(([name, { value }]) => [name, value]))).toEqual({
      host: '::',
      publicUrl: 'https://a.example',
      developmentPeople: ['eve[x]'],
      iKnowAnyoneCanSignIn: 'on',
      cimd: 'off',
      state: 'memory',
      'database.url': 'none',
    });
    expect(settings.iKnowAnyoneCanSignIn?.source).toBe('--i-know-anyone-can-sign-in');
  });

  it('shows public keys as fingerprints, and refuses private ones', async () => {
    const pair = generateKeyPairSync('ed25519');
    const der = pair.publicKey.export({ type: 'spki', format: 'der' });
    const keys = {
      PUBLIC: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      PRIVATE: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
    const given = (name: string) => ({
      ...keys,
      PORTCULLIS_JWT_ISSUER: 'https://a.example',
      PORTCULLIS_JWT_PUBLIC_KEY: `env:${name}`,
      PORTCULLIS_MORE_VERIFIERS: `[{"kind": "jwt", "issuer": "https://b.example", "publicKey": "env:${name}"}]`,
    });
    const { exitCode, out } = await run(['config'], given('PUBLIC'));
    expect(exitCode).toBe(0);
    expect(out.split(`SHA-256 ${createHash('sha256').update(der).digest('hex')}`)).toHaveLength(3);
    expect(out).not.toContain('BEGIN');
    const refused = await run(['config'], given('PRIVATE'));
    expect(refused).toMatchObject({ exitCode: 78, out: '' });
    expect(refused.err).toMatch(
      /JWT_PUBLIC_KEY[^→]*private key[\s\S]*MORE_VERIFIERS[^→]*number 1[^→]*private key/,
    );
    expect(refused.err).not.toContain('BEGIN');
  });

  it.each([
    [{ PORTCULLIS_MORE_PROVIDERS: `[{"id": "development", ${PROVIDER}}]` }, 'id development is taken'],
    [{ PORTCULLIS_MORE_PROVIDERS: `[{"id": "a", ${PROVIDER}}]`, ...ASKS_NOBODY }, 'there are 2 ways to'],
    [{ PORTCULLIS_SECRET: 'a'.repeat(40), PORTCULLIS_STATE: 'memory' }, 'too easy to guess'],
    [
      { PORTCULLIS_STATIC_TOKENS: '{"hunter2 ": {"clientId": "c", "subject": "s"}}' },
      'Entry 1: It can not be sent',
    ],
  ])('refuses what the start refuses: %j', async (environment, words) => {
    const people = { PORTCULLIS_DEVELOPMENT_PEOPLE: 'alice' };
    for (const command of ['config', 'serve']) {
      const { exitCode, err } = await run([command], { ...people, ...environment });
      expect([exitCode, err.replaceAll(/\s+/g, ' ')]).toEqual([78, expect.stringContaining(words)]);
      expect(err).not.toContain('hunter2');
    }
  });

  it('prints of further providers, verifiers and tokens what was set', async () => {
    const { out } = await run(['config', '--json'], {
      PORTCULLIS_MORE_PROVIDERS: `[{"id": "a", ${PROVIDER}, "clientSecret": "hunter2"}]`,
      PORTCULLIS_MORE_VERIFIERS:
        '[{"kind": "jwt", "issuer": "https://c.example", "jwksUri": "https://c.example/k", "timeoutSeconds": 5}]',
      PORTCULLIS_STATIC_TOKENS: '{"hunter3": {"clientId": "c", "subject": "s"}}',
    });
    expect(JSON.parse(out)).toMatchObject({
      moreProviders: {
        value: [{ id: 'a', issuer: 'https://b.example', clientId: 'c', clientSecret: '********' }],
      },
      staticTokens: { value: [{ token: '********', clientId: 'c', subject: 's' }] },
    });
    const { moreProviders, moreVerifiers } = JSON.parse(out) as Record<string, { value: object[] }>;
    expect(Object.keys(moreProviders!.value[0]!)).toHaveLength(4);
    expect(new Set(Object.keys(moreVerifiers!.value[0]!))).toEqual(
      new Set(['kind', 'issuer', 'jwksUri', 'timeoutSeconds']),
    );
    expect(out).not.toMatch(/hunter/);
  });

  it('counts static tokens, and tells none', async () => {
    const token = 'super-secret-token';
    const { exitCode, err } = await run(['config'], {
      PORTCULLIS_STATIC_TOKENS: `{"${token}": {"clientId": "c"}}`,
    });
    expect([exitCode, err]).toEqual([78, expect.stringContaining('entry 1, at subject')]);
    expect(err).not.toContain(token);
  });

  it('takes --dev-people without names', async () => {
    const { out } = await run(['config', '--json', '--dev-people']);
    expect(JSON.parse(out)).toMatchObject({
      developmentPeople: { value: ['alice', 'bob', 'carol[admin]'], source: '--dev-people' },
    });
  });
});
