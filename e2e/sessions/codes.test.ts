import { beforeAll, describe, expect, it } from 'vitest';
import { type Approved, newVerifier, type PlainClient, plainClient } from '../clients/plain-client.ts';
import { statusAtGate } from '../clients/plain-mcp.ts';
import type { RunningPortcullis } from '../servers/portcullis.ts';
import { startPortcullis } from '../servers/portcullis.ts';
import { startTwoProcesses } from '../servers/two-processes.ts';

describe('a code, in two processes on one folder', () => {
  let servers: readonly [RunningPortcullis, RunningPortcullis];
  let ways: readonly PlainClient[];
  let client: PlainClient;

  beforeAll(async () => {
    servers = await startTwoProcesses();
    client = plainClient(servers[0].url);
    ways = servers.map(({ directUrl }) => plainClient(directUrl));
  });

  it('[S1] is redeemed once by eight at the same moment, and the losers revoke nothing', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { exchanged } = await client.approve();
      const race = Array.from({ length: 8 }, (_, index) => ways[index % 2]!.token(exchanged));
      const answers = await Promise.all(race);
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([200, 400, 400, 400, 400, 400, 400, 400]);
      for (const { status, body } of answers) if (status === 400) expect(body.error).toBe('invalid_grant');
      const token = String(answers.find(({ status }) => status === 200)?.body.access_token);
      for (const { directUrl } of servers) expect(await statusAtGate(`${directUrl}/mcp`, token)).toBe(200);
    }
  });

  it('[S1, AS-8] that comes again with a wrong verifier ends the session it made, in the other process too', async () => {
    const { client: registered, exchanged } = await client.approve();
    const { status, body } = await ways[0]!.token(exchanged);
    expect(status).toBe(200);
    const replay = await ways[1]!.token({ ...exchanged, code_verifier: newVerifier() });
    expect(replay).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await statusAtGate(`${servers[1].directUrl}/mcp`, String(body.access_token))).toBe(401);
    const refreshed = await ways[0]!.refresh(registered, String(body.refresh_token));
    expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('[S1] that another client replays ends the session too, and no other', async () => {
    const other = await client.logIn();
    const { exchanged } = await client.approve();
    const { body } = await ways[0]!.token(exchanged);
    const stranger = await client.register({ client_name: 'Another' });
    expect((await ways[0]!.token({ ...exchanged, client_id: stranger.id })).body.error).toBe('invalid_grant');
    expect(await statusAtGate(servers[0].mcpUrl, String(body.access_token))).toBe(401);
    expect(await statusAtGate(servers[0].mcpUrl, other.tokens.access_token)).toBe(200);
  });
});

describe('a code', () => {
  let server: RunningPortcullis;
  let client: PlainClient;
  let fresh: Approved;

  beforeAll(async () => {
    server = await startPortcullis({ movableClock: true });
    client = plainClient(server.url);
    fresh = await client.approve();
  });

  it.each([
    [
      'another client',
      async () => ({ client_id: (await client.register({ client_name: 'Other' })).id }),
      'invalid_grant',
    ],
    ['another redirect URI', async () => ({ redirect_uri: 'http://127.0.0.1:1/other' }), 'invalid_grant'],
    ['a wrong verifier', async () => ({ code_verifier: newVerifier() }), 'invalid_grant'],
    ['another resource', async () => ({ resource: 'http://localhost:1/other' }), 'invalid_target'],
  ])('[AS-8, AS-2] is refused to %s, without being used up by it', async (_name, fields, error) => {
    const answer = await client.token({ ...fresh.exchanged, ...(await fields()) });
    expect(answer).toMatchObject({ status: 400, body: { error } });
  });

  it('[AS-8] is still good for its own client afterwards', async () => {
    expect((await client.token(fresh.exchanged)).status).toBe(200);
  });

  it('[AS-8] lives a minute', async () => {
    const [first, second] = [await client.approve(), await client.approve()];
    await server.advance(58);
    expect((await client.token(first.exchanged)).status).toBe(200);
    await server.advance(3);
    expect(await client.token(second.exchanged)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('[S1] that its own client sends again much later ends the session', async () => {
    const login = await client.logIn();
    await server.advance(11);
    expect((await client.token(login.exchanged)).status).toBe(400);
    expect(await statusAtGate(server.mcpUrl, login.tokens.access_token)).toBe(401);
  });

  it('[AS-8] brings the state back as it was sent, once', async () => {
    const state = 'a b&c=d"<>%2B+é';
    const { answer } = await client.logIn({ authorize: { state } });
    expect(answer.searchParams.getAll('state')).toEqual([state]);
  });
});
