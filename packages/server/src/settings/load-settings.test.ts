import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorError, type Problem } from '@portcullis/auth/core/operator-error';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoadOptions, loadSettings } from './load-settings.ts';

const SECRET = '74e19dcd5ceecfb9f1579fda3c43a847f3fad01c8606d85caa17242e9bc99f0e';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (options: Partial<LoadOptions> = {}) =>
  loadSettings({ flags: {}, environment: {}, folder, ...options });
const file = (name: string, text: string) => writeFileSync(join(folder, name), text);

function problems(options: Partial<LoadOptions> = {}): readonly Problem[] {
  try {
    load(options);
  } catch (error) {
    if (error instanceof OperatorError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadSettings', () => {
  it('needs nothing', () => {
    const { settings } = load();
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      port: 8000,
      publicUrl: 'http://localhost:8000',
      auth: true,
      database: { url: { kind: 'embedded' }, mode: 'wrapped', maxRows: 1000 },
    });
    expect(settings.developmentPeople.map((person) => person.username)).toEqual(['alice', 'bob', 'carol']);
  });

  it('finds portcullis.yaml in the working folder, and paths in it start there', () => {
    file('portcullis.yaml', 'port: 9000\nstate: ./state\n');
    const { settings } = load();
    expect(settings).toMatchObject({ port: 9000, publicUrl: 'http://localhost:9000' });
    expect(settings.state).toEqual({ kind: 'folder', path: join(folder, 'state') });
  });

  it('reads the file that a flag or a variable names, the flag first', () => {
    file('a.yaml', 'port: 1001');
    file('b.yaml', 'port: 1002');
    expect(load({ flags: { config: 'a.yaml' } }).settings.port).toBe(1001);
    expect(load({ environment: { PORTCULLIS_CONFIG: join(folder, 'b.yaml') } }).settings.port).toBe(1002);
    expect(
      load({ flags: { config: 'a.yaml' }, environment: { PORTCULLIS_CONFIG: 'b.yaml' } }).settings.port,
    ).toBe(1001);
  });

  it('stops for a file that is named and not there, and goes on looking for problems', () => {
    expect(problems({ flags: { config: 'nope.yaml' }, environment: { PORTCULLIS_PORT: 'x' } })).toMatchObject(
      [{ setting: '--config', message: expect.stringContaining('ENOENT') }, { setting: 'PORTCULLIS_PORT' }],
    );
  });

  it.each(['portcullis.yml', 'portcullis.json'])('stops for %s, which would not be read', (name) => {
    file(name, 'port: 1');
    expect(problems()).toMatchObject([{ setting: name, remedy: expect.stringContaining('portcullis.yaml') }]);
  });

  it('stops for a file that is no text', () => {
    writeFileSync(join(folder, 'portcullis.yaml'), Buffer.from([0xff, 0xfe, 0x00]));
    expect(problems()).toMatchObject([{ message: expect.stringContaining('not UTF-8') }]);
  });

  it('reads the example of the documentation', () => {
    const page = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    const [, example] = /```yaml\n([\s\S]*?)```/.exec(page)!;
    file('portcullis.yaml', example!.replace('/run/secrets/portcullis', 'secret'));
    file('secret', SECRET);
    const { settings } = load({
      environment: {
        OIDC_CLIENT_SECRET: 'x',
        INTRANET_SECRET: 'an-intranet-secret',
        DATABASE_URL: 'postgres://svc@db/house',
      },
    });
    expect(settings).toMatchObject({
      publicUrl: 'https://mcp.example.com',
      secret: SECRET,
      upstream: { scopes: ['openid', 'profile', 'email', 'offline_access'] },
      username: { rules: ['claim:db_user', 'email-prefix'] },
      clients: [{ id: 'intranet', secret: 'an-intranet-secret' }],
      database: { url: { kind: 'postgres' }, sslMode: 'verify-full', maxRows: 500 },
    });
  });
});
