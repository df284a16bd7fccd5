import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Client, type PlainClient, plainClient } from '../clients/plain-client.ts';
import { statusAtGate } from '../clients/plain-mcp.ts';
import { freePort } from '../servers/free-port.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { temporaryFolder } from '../servers/temporary-folder.ts';

const KILLS = 20;
const WORKERS = 4;

/** What a client was told, and may therefore rely on. */
interface Acknowledged {
  readonly client: Client;
  refreshToken: string;
  accessToken: string;
  state: 'live' | 'revoked' | 'unknown';
}

/** Always the same numbers, so that a failure can be repeated. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Resolves when it was called so many times. */
function counter(times: number): { readonly reached: Promise<void>; count(): void } {
  let left = times;
  let resolve: () => void = () => undefined;
  const reached = new Promise<void>((done) => {
    resolve = done;
  });
  const count = () => {
    left -= 1;
    if (left <= 0) resolve();
  };
  return { reached, count };
}

/** Logs in, refreshes and revokes until the server is gone, and keeps what was acknowledged. */
async function work(
  client: PlainClient,
  registered: Client,
  sessions: Acknowledged[],
  random: () => number,
  acknowledged: () => void,
) {
  try {
    for (;;) {
      const session = sessions[Math.floor(random() * sessions.length)];
      const dice = random();
      if (session === undefined || dice < 0.25) {
        const { response, tokens } = await client.logIn({ client: registered });
        expect(response.status).toBe(200);
        sessions.push({
          client: registered,
          refreshToken: tokens.refresh_token,
          accessToken: tokens.access_token,
          state: 'live',
        });
      } else if (dice < 0.3 && session.state === 'live') {
        await revoke(client, session);
      } else if (session.state === 'live') {
        const { status, body } = await client.refresh(session.client, session.refreshToken);
        // Another worker may have revoked it in the meantime.
        if (status !== 200 && session.state !== 'live') continue;
        expect(status).toBe(200);
        session.refreshToken = String(body.refresh_token);
        session.accessToken = String(body.access_token);
      }
      acknowledged();
    }
  } catch (error) {
    // The kill cuts connections: that is what this test is about.
    if (!isCut(error)) throw error;
  }
}

async function revoke(client: PlainClient, session: Acknowledged): Promise<void> {
  // Until the answer is here nobody knows whether it was done.
  session.state = 'unknown';
  const { status } = await client.post('/revoke', {
    token: session.refreshToken,
    client_id: session.client.id,
  });
  expect(status).toBe(200);
  session.state = 'revoked';
}

function isCut(error: unknown): boolean {
  return error instanceof TypeError && /fetch failed|terminated|other side closed/.test(error.message);
}

/** Every session that was acknowledged is as the client was told. */
async function check(server: RunningPortcullis, client: PlainClient, sessions: readonly Acknowledged[]) {
  for (const session of sessions) {
    if (session.state === 'unknown') continue;
    const status = await statusAtGate(server.mcpUrl, session.accessToken);
    expect({ state: session.state, status }).toEqual({
      state: session.state,
      status: session.state === 'live' ? 200 : 401,
    });
    const refreshed = await client.refresh(session.client, session.refreshToken);
    expect(refreshed.status).toBe(session.state === 'live' ? 200 : 400);
    if (session.state !== 'live') continue;
    session.refreshToken = String(refreshed.body.refresh_token);
    session.accessToken = String(refreshed.body.access_token);
  }
}

it(`[S8] killed ${KILLS} times in the middle of logins and refreshes, it loses nothing that it acknowledged`, async () => {
  const [home, port] = [temporaryFolder(), await freePort()];
  const client = plainClient(`http://localhost:${port}`);
  const sessions: Acknowledged[] = [];
  const random = pseudoRandom(20_261_120);
  let server = await startPortcullis({ home, port, state: 'state' });
  const registered = await client.register();
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const { reached, count } = counter(2 + Math.floor(random() * 8));
    const workers = Array.from({ length: WORKERS }, () => work(client, registered, sessions, random, count));
    await reached;
    // The moment of the kill is the one thing here that has to be at random.
    await after(random() * 20);
    await server.kill();
    await Promise.all(workers);
    server = await startPortcullis({ home, port, state: 'state' });
    // All of them at the end, the last few in between, so that the test stays short.
    await check(server, client, kill === KILLS ? sessions : sessions.slice(-4));
    const unreadable = server.log().filter(({ event }) => event === 'store.record-unreadable');
    expect(unreadable).toEqual([]);
  }
  // How many got through depends on the machine; some did, or nothing was shown.
  expect(sessions.length).toBeGreaterThan(2);
  expect(readdirSync(join(home, 'state')).length).toBeGreaterThan(0);
  expect((await server.stop()).code).toBe(0);
}, 90_000);
