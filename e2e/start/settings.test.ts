import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainClient } from '../clients/plain-client.ts';
import { whoami } from '../clients/plain-mcp.ts';
import { freePort } from '../servers/free-port.ts';
import { type PortcullisOptions, runPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';

const EXIT_CONFIGURATION = 78;
const SECRET = randomBytes(32).toString('hex');
const OTHER_SECRET = randomBytes(32).toString('hex');

interface WrongStart extends PortcullisOptions {
  /** What the operator is told: the setting as it was written, and where it came from. */
  readonly names: readonly string[];
}

const WRONG: Readonly<Record<string, WrongStart>> = {
  'a variable that is misspelt': {
    env: { PORTCULLIS_PUBLIC_ULR: 'http://localhost:1' },
    names: ['PORTCULLIS_PUBLIC_ULR', 'environment', 'Did you mean PORTCULLIS_PUBLIC_URL?'],
  },
  'a misspelt name in the file': {
    settings: 'developmentPeopel: [alice]\n',
    names: ['developmentPeopel', 'portcullis.yaml', 'developmentPeople'],
  },
  'a file that is named and not there': {
    flags: ['--config', 'nowhere.yaml'],
    names: ['--config', 'nowhere.yaml', 'ENOENT'],
  },
  'a file that is not YAML': { settings: 'publicUrl: [\n', names: ['portcullis.yaml'] },
  'a name that is there twice in the file': {
    settings: 'auth: on\nauth: off\n',
    names: ['portcullis.yaml', 'auth'],
  },
  'a value of the wrong kind': {
    env: { PORTCULLIS_AUTH: 'maybe' },
    names: ['PORTCULLIS_AUTH', 'environment', 'on'],
  },
  'an empty list of development people': {
    flags: ['--dev-people', 'off'],
    names: ['--dev-people', 'Nobody could sign in'],
  },
  'a public URL that is not encrypted': {
    publicUrl: 'http://mcp.example.com',
    names: ['--public-url', 'https'],
  },
  'a public URL with a query': { publicUrl: 'https://mcp.example.com/?a=b', names: ['--public-url'] },
  'half an identity provider': {
    env: { PORTCULLIS_UPSTREAM_CLIENT_ID: 'portcullis' },
    names: ['PORTCULLIS_UPSTREAM_CLIENT_ID', 'upstream.issuer'],
  },
  'an identity provider without the id of this server': {
    env: { PORTCULLIS_UPSTREAM_ISSUER: 'https://login.example.com' },
    names: ['upstream.clientId'],
  },
  'a provider that can not be reached, and no copy of what it said': {
    env: { PORTCULLIS_UPSTREAM_ISSUER: 'http://127.0.0.1:9', PORTCULLIS_UPSTREAM_CLIENT_ID: 'portcullis' },
    names: ['PORTCULLIS_UPSTREAM_ISSUER', 'environment', 'http://127.0.0.1:9'],
  },
  'a secret that can be guessed': {
    env: { PORTCULLIS_SECRET: 'password1' },
    names: ['PORTCULLIS_SECRET', 'environment'],
  },
  'a previous secret alone': {
    env: { PORTCULLIS_PREVIOUS_SECRET: SECRET },
    names: ['PORTCULLIS_PREVIOUS_SECRET', 'secret'],
  },
  'a file of documents that is not there': {
    flags: ['--cimd', 'nowhere.json'],
    names: ['--cimd', 'nowhere.json'],
  },
  'a client without a usable redirect URI': {
    env: { PORTCULLIS_CLIENTS: '[{"id":"a","redirectUris":["javascript:alert(1)"]}]' },
    names: ['PORTCULLIS_CLIENTS', 'environment'],
  },
  'a pattern that would allow everything': {
    env: { PORTCULLIS_REDIRECT_URIS_ALLOW: '*' },
    names: ['PORTCULLIS_REDIRECT_URIS_ALLOW', 'environment'],
  },
  'no way for a client to be known': {
    env: { PORTCULLIS_REGISTRATION: 'off' },
    flags: ['--cimd', 'off'],
    names: ['PORTCULLIS_REGISTRATION', 'No client could ever connect'],
  },
  'a scope that every client gets and none can have': {
    env: { PORTCULLIS_SCOPES_SUPPORTED: 'mcp:write' },
    names: ['PORTCULLIS_SCOPES_SUPPORTED', 'mcp:read'],
  },
  'a database that is not supported': { database: 'mysql://localhost/db', names: ['--database'] },
  'a lifetime beyond reason': {
    env: { PORTCULLIS_LIFETIMES_CODE_SECONDS: '86400' },
    names: ['PORTCULLIS_LIFETIMES_CODE_SECONDS', '600'],
  },
};

describe('[G1] the start stops with exit code 78, and says what to do', () => {
  it.concurrent.each(Object.entries(WRONG))('with %s', async (_name, { names, ...options }) => {
    const { code, stdout, stderr } = await runPortcullis(options);
    expect({ code, stderr }).toMatchObject({ code: EXIT_CONFIGURATION });
    for (const name of names) expect(stderr).toContain(name);
    expect(stderr).toContain('→');
    expect(stdout).toBe('');
  });
});

describe('[G1] the start stops', () => {
  it('with exit code 78 when a flag is misspelt', async () => {
    const { code, stderr } = await runPortcullis({ flags: ['--no-auht'] });
    expect(code).toBe(78);
    expect(stderr).toContain('--no-auht');
  });

  it('when the port is taken, and names it', async () => {
    const first = await startPortcullis();
    const { code, stderr } = await runPortcullis({ port: first.port });
    expect(code).toBe(EXIT_CONFIGURATION);
    expect(stderr).toContain('EADDRINUSE');
    expect(stderr).toContain(String(first.port));
  });

  it('when the state folder can not be one', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'state'), 'a file');
    const { code, stderr } = await runPortcullis({ home, state: 'state' });
    expect(code).toBe(EXIT_CONFIGURATION);
    expect(stderr).toContain('--state');
  });

  it('when others may read the file of the secret', async () => {
    const home = temporaryFolder();
    const folder = join(home, '.config/portcullis');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'secret'), SECRET, { mode: 0o644 });
    const { code, stderr } = await runPortcullis({ home, state: 'state' });
    expect(code).toBe(EXIT_CONFIGURATION);
    expect(stderr).toContain(join(folder, 'secret'));
    expect(stderr).not.toContain(SECRET);
  });

  it('when the secret changed and the state was written under another', async () => {
    const home = temporaryFolder();
    const port = await freePort();
    const state = 'state';
    const first = await startPortcullis({ home, port, state, env: { PORTCULLIS_SECRET: SECRET } });
    const client = plainClient(first.url);
    const login = await client.logIn();
    await first.stop();
    const changed = await runPortcullis({ home, port, state, env: { PORTCULLIS_SECRET: OTHER_SECRET } });
    expect(changed.code).toBe(EXIT_CONFIGURATION);
    expect(changed.stderr).toMatch(/previous/i);
    const env = { PORTCULLIS_SECRET: OTHER_SECRET, PORTCULLIS_PREVIOUS_SECRET: SECRET };
    const both = await startPortcullis({ home, port, state, env });
    expect((await client.refresh(login.client, login.tokens.refresh_token)).status).toBe(200);
    await both.stop();
    // What was sealed is sealed anew: the new secret alone opens it.
    const after = await startPortcullis({ home, port, state, env: { PORTCULLIS_SECRET: OTHER_SECRET } });
    expect(await whoami(after.mcpUrl, login.tokens.access_token)).toBe('alice');
    await after.stop();
  });

  it('and names every problem at once, without showing a secret', async () => {
    const env = { PORTCULLIS_SECRET: 'too-short-9', PORTCULLIS_PORT: 'x', PORTCULLIS_NONE: '1' };
    const { code, stderr } = await runPortcullis({ env, flags: ['--cimd', 'nowhere.json'] });
    expect(code).toBe(EXIT_CONFIGURATION);
    for (const name of ['PORTCULLIS_SECRET', 'PORTCULLIS_NONE', '--cimd']) expect(stderr).toContain(name);
    expect(stderr).not.toContain('too-short-9');
  });
});
