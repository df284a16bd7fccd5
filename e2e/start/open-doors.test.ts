import { describe, expect, it } from 'vitest';
import { plainClient } from '../clients/plain-client.ts';
import { firstMessage, sendMcp, statusAtGate, whoami } from '../clients/plain-mcp.ts';
import { rawRequest } from '../clients/raw-request.ts';
import { ScriptedBrowser } from '../clients/scripted-browser.ts';
import { type PortcullisOptions, runPortcullis, startPortcullis } from '../servers/portcullis.ts';

const EXPOSED: Readonly<Record<string, PortcullisOptions>> = {
  'the address is every one of the machine': { flags: ['--host', '0.0.0.0'] },
  'the public URL is not of this machine': { publicUrl: 'https://mcp.example.com' },
};

describe.each(Object.entries(EXPOSED))('when %s', (_name, exposed) => {
  it.each([
    ['development people that nobody asked for', [], 'upstream.issuer'],
    ['development people', ['--dev-people'], '--dev-people'],
    ['a second word without the first', ['--i-know-anyone-can-sign-in'], 'upstream.issuer'],
    ['no authentication', ['--no-auth'], '--no-auth'],
    [
      'no authentication and the other second word',
      ['--no-auth', '--i-know-anyone-can-sign-in'],
      '--no-auth',
    ],
  ])('[G2] the start stops with %s', async (_what, flags, named) => {
    const { code, stderr } = await runPortcullis({
      ...exposed,
      flags: [...(exposed.flags ?? []), ...flags],
    });
    expect(code).toBe(78);
    expect(stderr).toContain(named);
  });

  it.each([
    ['--dev-people', '--i-know-anyone-can-sign-in'],
    ['--no-auth', '--i-know-anyone-can-call'],
  ])('[G2] it starts when %s is said a second time', async (...flags) => {
    const server = await startPortcullis({ ...exposed, flags: [...(exposed.flags ?? []), ...flags] });
    expect(server.startUp.join('\n')).toMatch(/everybody who reaches|no passwords/);
    await server.stop();
  });
});

it('[G2] the start stops when the address is every one of the machine in IPv6', async () => {
  const { code, stderr } = await runPortcullis({ flags: ['--host', '::', '--dev-people'] });
  expect(code).toBe(78);
  expect(stderr).toContain('listens on ::');
});

const rawStatus = async (port: number, path: string, headers: Record<string, string>) =>
  (await rawRequest({ port, path, headers })).status;

const FORWARDED = [
  ['x-forwarded-for', '203.0.113.7'],
  ['x-forwarded-host', 'mcp.example.com'],
  ['forwarded', 'for=203.0.113.7'],
  ['x-real-ip', '203.0.113.7'],
] as const;

describe.each([
  ['development people', [] as string[]],
  ['no authentication', ['--no-auth']],
])('[G2] a server with %s', (_name, flags) => {
  it('refuses what was forwarded to it, and what is for another host', async () => {
    const server = await startPortcullis({ flags });
    const paths =
      flags.length > 0 ? ['/mcp'] : ['/mcp', '/authorize', '/.well-known/oauth-authorization-server'];
    for (const path of paths) {
      for (const [name, value] of FORWARDED) {
        const status = await rawStatus(server.port, path, { [name]: value });
        expect({ path, name, status }).toEqual({ path, name, status: 403 });
      }
      for (const host of [
        'mcp.example.com',
        'localhost.example.com',
        '127.0.0.1.nip.io',
        '192.168.1.5:8000',
      ]) {
        expect(await rawStatus(server.port, path, { host })).toBe(421);
      }
    }
    await server.stop();
  });
});

describe('a server without authentication', () => {
  it('[G2] lets everybody of this machine in as nobody, and asks for no token', async () => {
    const server = await startPortcullis({ flags: ['--no-auth'] });
    expect(server.startUp.join('\n')).toContain('everybody who reaches this address can call every tool');
    for (const era of ['legacy', 'modern'] as const)
      expect((await sendMcp(server.mcpUrl, firstMessage(era))).status).toBe(200);
    const { subject } = { subject: await whoami(server.mcpUrl, undefined) };
    expect(['alice', 'bob', 'carol']).not.toContain(subject);
    await server.stop();
  });

  it('[RS-17] is reached by no page of another origin', async () => {
    const server = await startPortcullis({ flags: ['--no-auth'] });
    const answer = await sendMcp(server.mcpUrl, firstMessage('legacy'), undefined, {
      origin: 'https://evil.example',
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    await server.stop();
  });
});

describe('development people', () => {
  it('[G2] have an issuer of their own', async () => {
    const server = await startPortcullis({ flags: ['--dev-people', 'dora,emil[admin]'] });
    const client = plainClient(server.url);
    const login = await client.logIn({ person: 'emil' });
    expect(await statusAtGate(server.mcpUrl, login.tokens.access_token)).toBe(200);
    const started = server.log().find(({ event }) => event === 'session.started');
    expect(started).toMatchObject({ issuer: 'urn:portcullis:development', subject: 'emil' });
    await expect(client.logIn({ person: 'alice', browser: new ScriptedBrowser() })).rejects.toThrow('403');
    await server.stop();
  });
});
