import { beforeAll, expect, it } from 'vitest';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';
import type { Connect, Identification } from './connection.ts';
import { NATIVE_DOCUMENT, writeDocuments } from './documents.ts';
import { INSPECTOR, inspector } from './inspector.ts';
import { describeWithProgram } from './installed-program.ts';
import { MCP_REMOTE, mcpRemote } from './mcp-remote.ts';
import { sdkV1 } from './sdk-v1.ts';
import { sdkV2 } from './sdk-v2.ts';

const STATIC_CLIENTS = [
  {
    id: 'by-hand',
    name: 'Entered by hand',
    redirectUris: [
      'http://localhost/callback',
      'http://localhost/oauth/callback',
      'http://127.0.0.1/oauth/callback',
    ],
  },
];

const KINDS: Readonly<Record<string, Identification>> = {
  'registers itself': { kind: 'registration' },
  'has a metadata document': { kind: 'document', url: NATIVE_DOCUMENT },
  'was entered by hand': { kind: 'static', clientId: 'by-hand' },
};

const SDK = 'part of these tests';

const CLIENTS: readonly (readonly [name: string, program: string | undefined, connect: Connect])[] = [
  ['SDK v2, legacy', SDK, sdkV2('legacy')],
  ['SDK v2, auto', SDK, sdkV2('auto')],
  ['SDK v2, pinned', SDK, sdkV2({ pin: '2026-07-28' })],
  ['SDK v1', SDK, sdkV1],
  ['mcp-remote', MCP_REMOTE, mcpRemote],
  ['inspector, legacy', INSPECTOR, inspector('legacy')],
  ['inspector, modern', INSPECTOR, inspector('modern')],
];

const OWN_CUSTOMERS = 'SELECT DISTINCT account_manager FROM sales.customers';

let server: RunningPortcullis;
beforeAll(async () => {
  const folder = temporaryFolder();
  server = await startPortcullis({
    home: folder,
    database: 'embedded',
    flags: ['--cimd', writeDocuments(folder)],
    env: { PORTCULLIS_CLIENTS: JSON.stringify(STATIC_CLIENTS) },
  });
});

for (const [name, program, connect] of CLIENTS) {
  describeWithProgram(name, program, () => {
    it.each(Object.entries(KINDS))(
      '[C1, C2] logs in and asks as the person when it %s',
      async (kind, identification) => {
        const person = kind === 'was entered by hand' ? 'bob' : 'alice';
        const connection = await connect({ mcpUrl: server.mcpUrl, person, identification });
        try {
          const who = await connection.callTool('whoami');
          expect(who).toMatchObject({ subject: person, databaseUser: person, scopes: ['mcp:read'] });
          if (identification.kind === 'document') expect(who.client).toBe(NATIVE_DOCUMENT);
          if (identification.kind === 'static') expect(who.client).toBe('by-hand');
          const { rows } = await connection.callTool('execute_query', { query: OWN_CUSTOMERS });
          expect(rows).toEqual([[person]]);
        } finally {
          await connection.close();
        }
      },
    );
  });
}

it('[G13, C1] shows two people different rows at the same time', async () => {
  const count = { query: 'SELECT count(*) FROM sales.customers' };
  const connections = await Promise.all(
    ['alice', 'bob', 'carol'].map((person) => sdkV2('auto')({ mcpUrl: server.mcpUrl, person })),
  );
  const ask = async () =>
    await Promise.all(
      connections.map(async (each) =>
        Number(((await each.callTool('execute_query', count)).rows as string[][])[0]![0]),
      ),
    );
  const [alice = 0, bob = 0, carol = 0] = await ask();
  expect(alice).toBeGreaterThan(0);
  expect(bob).toBeGreaterThan(0);
  // The management sees what both see.
  expect(carol).toBe(alice + bob);
  for (let round = 0; round < 3; round += 1) expect(await ask()).toEqual([alice, bob, carol]);
  await Promise.all(connections.map((each) => each.close()));
});
