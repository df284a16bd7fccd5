import { beforeAll, describe, expect, it } from 'vitest';
import { type PlainClient, plainClient, type TokenSet } from '../clients/plain-client.ts';
import { statusAtGate, whoami } from '../clients/plain-mcp.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { startTwoProcesses } from '../servers/two-processes.ts';

const DAY = 86_400;

describe('a refresh, in two processes on one folder', () => {
  let servers: readonly [RunningPortcullis, RunningPortcullis];
  let ways: readonly PlainClient[];

  beforeAll(async () => {
    servers = await startTwoProcesses();
    ways = servers.map(({ directUrl }) => plainClient(directUrl));
  });

  it('[S2, AS-11] by eight at the same moment gives all of them a working pair, with one refresh token', async () => {
    const { client, tokens } = await plainClient(servers[0].url).logIn();
    let token = tokens.refresh_token;
    for (let round = 0; round < 3; round += 1) {
      const race = Array.from({ length: 8 }, (_, index) => ways[index % 2]!.refresh(client, token));
      const answers = await Promise.all(race);
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
      const next = new Set(answers.map(({ body }) => String(body.refresh_token)));
      expect(next.size).toBe(1);
      expect(next).not.toContain(token);
      [token = ''] = next;
      for (const [index, { body }] of answers.entries()) {
        const { directUrl } = servers[(index + 1) % 2]!;
        expect(await statusAtGate(`${directUrl}/mcp`, String(body.access_token))).toBe(200);
      }
    }
  });
});

describe('a refresh token', () => {
  let server: RunningPortcullis;
  let client: PlainClient;

  beforeAll(async () => {
    server = await startPortcullis({ movableClock: true, state: 'state' });
    client = plainClient(server.url);
  });

  const refreshed = async (login: { client: { id: string; redirectUri: string } }, token: string) => {
    const answer = await client.refresh(login.client, token);
    return { ...answer, tokens: answer.body as unknown as TokenSet };
  };

  it('[S3, AS-11] whose successor was used ends its own session after the grace, and no other', async () => {
    const [login, sibling] = [await client.logIn(), await client.logIn()];
    const { tokens } = await refreshed(login, login.tokens.refresh_token);
    expect(await whoami(server.mcpUrl, tokens.access_token)).toBe('alice');
    await server.advance(30);
    expect((await refreshed(login, login.tokens.refresh_token)).status).toBe(200);
    await server.advance(31);
    const reuse = await refreshed(login, login.tokens.refresh_token);
    expect(reuse).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const incident = /incident (\w+)/.exec(String(reuse.body.error_description))?.[1];
    expect((await server.incident(incident!)).reason).toBe('grant.refresh-reused');
    expect(await statusAtGate(server.mcpUrl, tokens.access_token)).toBe(401);
    expect((await refreshed(login, tokens.refresh_token)).status).toBe(400);
    expect(await statusAtGate(server.mcpUrl, sibling.tokens.access_token)).toBe(200);
    expect((await refreshed(sibling, sibling.tokens.refresh_token)).status).toBe(200);
  });

  it('[S3] whose answer was lost still works for as long as the session may be idle', async () => {
    const login = await client.logIn();
    // Three answers in a row that never arrived, and more than a week between.
    const answers = [];
    for (let days = 0; days < 3; days += 1) {
      answers.push(await refreshed(login, login.tokens.refresh_token));
      await server.advance(9 * DAY);
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const arrived = await refreshed(login, login.tokens.refresh_token);
    expect(await whoami(server.mcpUrl, arrived.tokens.access_token)).toBe('alice');
    expect((await refreshed(login, arrived.tokens.refresh_token)).status).toBe(200);
  });

  it('[S3] stays good when its client was killed between the answer and the first use', async () => {
    const login = await client.logIn();
    const lost = await refreshed(login, login.tokens.refresh_token);
    await server.advance(DAY);
    const again = await refreshed(login, login.tokens.refresh_token);
    expect(again.tokens.refresh_token).toBe(lost.tokens.refresh_token);
    // The client that did get its answer has moved on, and the old one is past its grace.
    expect(await statusAtGate(server.mcpUrl, again.tokens.access_token)).toBe(200);
  });

  it('[AS-12, G4] gets fewer scopes when it asks for fewer, and never more', async () => {
    const wide = await startPortcullis({ env: { PORTCULLIS_SCOPES_SUPPORTED: 'mcp:read mcp:write' } });
    const client = plainClient(wide.url);
    const login = await client.logIn({ authorize: { scope: 'mcp:read mcp:write' } });
    expect(login.tokens.scope.split(' ').sort()).toEqual(['mcp:read', 'mcp:write']);
    const fewer = await client.refresh(login.client, login.tokens.refresh_token, { scope: 'mcp:read' });
    expect(fewer).toMatchObject({ status: 200, body: { scope: 'mcp:read' } });
    const narrow = await client.logIn({ authorize: { scope: 'mcp:read' } });
    const more = await client.refresh(narrow.client, narrow.tokens.refresh_token, {
      scope: 'mcp:read mcp:write',
    });
    expect(more).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
    const kept = await client.refresh(narrow.client, narrow.tokens.refresh_token);
    expect(kept).toMatchObject({ status: 200, body: { scope: 'mcp:read' } });
  });

  it('[AS-12, AS-10] is refused to another client, and for another resource, and stays good', async () => {
    const login = await client.logIn();
    const stranger = await client.register({ client_name: 'Stranger' });
    const stolen = await client.refresh(stranger, login.tokens.refresh_token);
    expect(stolen).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const elsewhere = await client.refresh(login.client, login.tokens.refresh_token, {
      resource: `${server.url}/other`,
    });
    expect(elsewhere).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
    const own = await client.refresh(login.client, login.tokens.refresh_token, { resource: server.mcpUrl });
    expect(own.status).toBe(200);
  });

  it('[S3] that is forged ends nothing', async () => {
    const login = await client.logIn();
    const [, id] = login.tokens.refresh_token.split('.');
    for (const generation of [1, 2, 9]) {
      const forged = await refreshed(login, `pcr.${id}.${generation}.${'A'.repeat(43)}`);
      expect(forged).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    }
    expect(await statusAtGate(server.mcpUrl, login.tokens.access_token)).toBe(200);
  });
});
