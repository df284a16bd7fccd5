import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LoggedIn, plainClient } from '../clients/plain-client.ts';
import { statusAtGate, whoami } from '../clients/plain-mcp.ts';
import { type PortcullisOptions, type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';

/** Stops a server and starts it again at the same address. */
async function restart(
  server: RunningPortcullis,
  options: PortcullisOptions = {},
  between: () => void = () => undefined,
): Promise<RunningPortcullis> {
  expect(await server.stop()).toMatchObject({ code: 0 });
  between();
  return await startPortcullis({ state: 'state', home: server.home, port: server.port, ...options });
}

describe('a restart', () => {
  let server: RunningPortcullis;
  let login: LoggedIn;

  beforeAll(async () => {
    server = await startPortcullis({ state: 'state' });
    login = await plainClient(server.url).logIn({ person: 'bob' });
  });

  it('[S10, AS-11] keeps everybody logged in when state lies in a folder, as the start said', async () => {
    expect(server.startUp.join('\n')).toMatch(/State .*survives a restart/);
    server = await restart(server);
    expect(await whoami(server.mcpUrl, login.tokens.access_token)).toBe('bob');
    const { status, body } = await plainClient(server.url).refresh(login.client, login.tokens.refresh_token);
    expect(status).toBe(200);
    login = { ...login, tokens: { ...login.tokens, ...body } };
  });

  it('[S7] with an empty state folder and the old keys needs a new login, and no new registration', async () => {
    server = await restart(server, {}, () => rmSync(join(server.home, 'state'), { recursive: true }));
    const client = plainClient(server.url);
    expect(await statusAtGate(server.mcpUrl, login.tokens.access_token)).toBe(401);
    const dead = await client.refresh(login.client, login.tokens.refresh_token);
    expect(dead).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const again = await client.logIn({ client: login.client, person: 'alice' });
    expect(again.response.status).toBe(200);
    expect(await whoami(server.mcpUrl, again.tokens.access_token)).toBe('alice');
  });

  it('[S7] keeps the secret of a confidential client too', async () => {
    const client = plainClient(server.url);
    const confidential = await client.register({ token_endpoint_auth_method: 'client_secret_post' });
    server = await restart(server, {}, () => rmSync(join(server.home, 'state'), { recursive: true }));
    const { response } = await client.logIn({
      client: confidential,
      exchange: { client_secret: confidential.secret },
    });
    expect(response.status).toBe(200);
  });

  it('[S10] logs everybody out when state lies in memory, as the start said', async () => {
    const first = await startPortcullis();
    expect(first.startUp.join('\n')).toMatch(/State .*a restart logs everybody out/);
    const session = await plainClient(first.url).logIn();
    expect((await first.stop()).code).toBe(0);
    const second = await startPortcullis({ home: first.home, port: first.port });
    expect(await statusAtGate(second.mcpUrl, session.tokens.access_token)).toBe(401);
  });

  it('[S10] says where state and keys lie, and warns when they lie together', async () => {
    const apart = await startPortcullis({ state: 'state' });
    const text = apart.startUp.join('\n');
    expect(text).toContain(join(apart.home, 'state'));
    expect(text).toContain(join(apart.home, '.config/portcullis/secret'));
    expect(text).not.toMatch(/Warning/);
    expect(statSync(join(apart.home, '.config/portcullis/secret')).mode & 0o777).toBe(0o600);
    const home = apart.home;
    const env = { PORTCULLIS_SECRET_FILE: join(home, 'together', 'secret') };
    const together = await startPortcullis({ state: 'together', env, home });
    expect(together.startUp.join('\n')).toMatch(/Warning.*one folder/);
  });
});
