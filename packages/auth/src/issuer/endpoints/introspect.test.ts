import { describe, expect, it } from 'vitest';
import { login, openHouse, PUBLIC_URL, refresh, register } from '../../auth.contract.ts';
import { developmentPeople } from '../../sign-in/development-people.ts';

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const SERVER = basic('resource-server', 'its secret, long enough');

async function begin() {
  const signIns = [developmentPeople({ people: [{ username: 'alice' }] })];
  const introspectionClients = [{ id: 'resource-server', secret: 'its secret, long enough' }];
  const house = await openHouse({
    issuer: { signIns, introspectionClients },
    resources: [{ path: '/mcp' }, { path: '/other' }],
  });
  const done = await login(house.first, { over: { resource: `${PUBLIC_URL}/other` } });
  const ask = async (
    token: string,
    headers: Record<string, string> = SERVER,
    fields: Record<string, string> = {},
  ) => {
    const response = await house.second.form('/introspect', { token, ...fields }, headers);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { ...house, ...done, ask };
}

describe('asking about a token', () => {
  it('[AS-19] tells a resource server of a token for any of our resources', async () => {
    const { ask, tokens, clientId } = await begin();
    expect(await ask(tokens.access_token)).toEqual({
      status: 200,
      body: expect.objectContaining({
        active: true,
        token_type: 'Bearer',
        iss: PUBLIC_URL,
        aud: `${PUBLIC_URL}/other`,
        client_id: clientId,
        scope: 'mcp:read',
        username: 'alice',
      }),
    });
  });

  it('tells a client of its own tokens, and nothing of others', async () => {
    const { ask, tokens, clientId, first } = await begin();
    const other = await register(first, { client_name: 'Other' });
    expect((await ask(tokens.access_token, {}, { client_id: clientId })).body.active).toBe(true);
    expect((await ask(tokens.access_token, {}, { client_id: other.client_id })).body).toEqual({
      active: false,
    });
  });

  it('says no more than "inactive" of everything else', async () => {
    const { ask, tokens, clientId, first, clock } = await begin();
    const [header, payload, signature] = tokens.access_token.split('.') as [string, string, string];
    const bad = [
      'garbage',
      tokens.refresh_token,
      `${header}.${payload}.${'A'.repeat(86)}`,
      `${header}.${payload}`,
      signature,
    ];
    for (const token of bad) expect((await ask(token)).body).toEqual({ active: false });
    const { body } = await refresh(first, clientId, tokens.refresh_token);
    await first.form('/revoke', { token: body.access_token!, client_id: clientId });
    expect((await ask(body.access_token!)).body).toEqual({ active: false });
    await first.form('/revoke', { token: tokens.refresh_token, client_id: clientId });
    clock.advance(5);
    expect((await ask(tokens.access_token)).body).toEqual({ active: false });
    clock.advance(3600);
    expect((await ask(tokens.access_token)).body).toEqual({ active: false });
  });

  it('asks who is there', async () => {
    const { ask, tokens } = await begin();
    for (const headers of [
      {},
      basic('resource-server', 'wrong'),
      basic('resource-server', ''),
      basic('nobody', 'x'),
      { authorization: `Bearer ${tokens.access_token}` },
    ]) {
      const { status, body } = await ask(tokens.access_token, headers as Record<string, string>);
      expect([status, body.error]).toEqual([401, 'invalid_client']);
    }
    expect((await ask(tokens.access_token, {}, { client_id: 'resource-server' })).status).toBe(401);
  });

  it('[S4] is 503 and never "inactive" while the store is away; a forged token is inactive even then', async () => {
    const { ask, tokens, control, clock } = await begin();
    clock.advance(60);
    control.outage = 'all';
    expect(await ask(tokens.access_token)).toMatchObject({
      status: 503,
      body: { error: 'temporarily_unavailable' },
    });
    expect((await ask(`${tokens.access_token.slice(0, -4)}AAAA`)).body).toEqual({ active: false });
    control.outage = 'none';
    expect((await ask(tokens.access_token)).body.active).toBe(true);
  });
});
