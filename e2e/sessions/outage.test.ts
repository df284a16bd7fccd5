import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Approved, type LoggedIn, type PlainClient, plainClient } from '../clients/plain-client.ts';
import { mcpMessage, sendMcp, statusAtGate, whoami } from '../clients/plain-mcp.ts';
import { ScriptedBrowser } from '../clients/scripted-browser.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';

describe('while the state can not be read', () => {
  let server: RunningPortcullis;
  let client: PlainClient;
  let login: LoggedIn;
  let waiting: Approved;
  const state = () => join(server.home, 'state');

  beforeAll(async () => {
    server = await startPortcullis({ state: 'state', movableClock: true });
    client = plainClient(server.url);
    login = await client.logIn();
    waiting = await client.approve();
    expect((await client.get('/readyz')).status).toBe(200);
    renameSync(state(), `${state()}-away`);
    // What was read a moment ago counts no longer.
    await server.advance(6);
  });

  it('[E2, E1] a good token is 503 with Retry-After, and the log says why', async () => {
    const answer = await sendMcp(
      server.mcpUrl,
      mcpMessage('modern', 'tools/list'),
      login.tokens.access_token,
    );
    expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const line = await server.incident(String(answer.headers.get('x-incident-id')));
    expect(line).toMatchObject({ level: 'error', reason: 'store.unavailable' });
    expect(answer.text).not.toContain(state());
  });

  it('[RS-7, RS-1] a bad token and none are 401 all the same', async () => {
    for (const token of [undefined, 'garbage', `${login.tokens.access_token}x`])
      expect(await statusAtGate(server.mcpUrl, token)).toBe(401);
  });

  it('[E2, AS-9] a refresh and an exchange are 503 in JSON, never an error that logs a client out', async () => {
    const answers = [
      await client.refresh(login.client, login.tokens.refresh_token),
      await client.token(waiting.exchanged),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });

  it('[E2] a login is a page that says to try again, and readiness is 503 while liveness is 200', async () => {
    const browser = new ScriptedBrowser();
    const step = await browser.request(client.authorizationUrl(login.client));
    const page = await browser.submit(step, { action: 'approve' });
    expect(page.response.status).toBe(503);
    expect(page.html).toMatch(/Incident <code>/);
    expect((await client.get('/readyz')).status).toBe(503);
    const line = server.log().find(({ msg }) => msg === 'not ready');
    expect(JSON.stringify(line)).toContain(state());
    expect((await client.get('/livez')).status).toBe(200);
  });

  it('[S3, AS-11] nobody was logged out when it is back', async () => {
    renameSync(`${state()}-away`, state());
    expect(await whoami(server.mcpUrl, login.tokens.access_token)).toBe('alice');
    expect((await client.refresh(login.client, login.tokens.refresh_token)).status).toBe(200);
    expect((await client.token(waiting.exchanged)).status).toBe(200);
    expect((await client.get('/readyz')).status).toBe(200);
  });
});
