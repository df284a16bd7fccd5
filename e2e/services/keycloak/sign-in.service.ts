import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainClient } from '../../clients/plain-client.ts';
import { statusAtGate } from '../../clients/plain-mcp.ts';
import { describeService } from '../describe-service.ts';
import { ProviderBrowser } from '../provider-browser.ts';
import { until } from '../until.ts';
import { type Front, type FrontOptions, openFront } from './front.ts';
import { CLIENT_ID, type Realm, signInAs } from './realm.ts';
import { type RunningKeycloak, startKeycloak } from './running-keycloak.ts';

describeService('keycloak', ({ path }) => {
  let keycloak: RunningKeycloak;
  beforeAll(async () => {
    keycloak = await startKeycloak(path);
  });
  const opened: Front[] = [];
  afterAll(async () => {
    for (const front of opened) await front.close();
    await keycloak.stop();
  });
  const open = async (options?: FrontOptions) => {
    const front = await openFront(keycloak, options);
    opened.push(front);
    return front;
  };
  const browserOf = (username: string) => new ProviderBrowser(signInAs(username));
  const logIn = ({ server }: Front, username = 'alice') =>
    plainClient(server.url)
      .logIn({ browser: browserOf(username) })
      .catch((error: Error) => {
        const why = server.events.filter(({ type }) => type === 'upstream.failed');
        throw new Error(`${JSON.stringify(why)}: ${error.message.slice(0, 400)}`);
      });

  describe('signs ID tokens', () => {
    it.each(['RS256', 'RS512', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'])(
      'with %s, and they are believed',
      async (algorithm) => {
        const front = await open({ prepare: (realm) => signWith(realm, algorithm) });
        const { tokens } = await logIn(front);
        expect(await statusAtGate(front.server.mcpUrl, tokens.access_token)).toBe(200);
      },
    );

    it('with a shared secret, and they are not', async () => {
      const front = await open({ prepare: (realm) => signWith(realm, 'HS256') });
      await expect(logIn(front)).rejects.toThrow(/auth\/callback.* with 403/);
      expect(front.server.events).toContainEqual(
        expect.objectContaining({ type: 'upstream.failed', operation: 'code-exchange', kind: 'invalid' }),
      );
    });

    it.each([
      ['rsa', 'RS256', { keySize: '3072' }],
      ['ecdsa', 'ES256', { ecdsaEllipticCurveKey: 'P-256' }],
    ] as const)('with a new %s key from one moment to the next', async (kind, algorithm, parameters) => {
      const front = await open({
        prepare: async (realm) => {
          await signWith(realm, algorithm);
          await realm.addKey(kind, parameters);
        },
      });
      const keyReadings = () => front.asked.asked.filter(({ url }) => url.endsWith('/certs')).length;
      await logIn(front);
      const before = keyReadings();
      await front.realm.addKey(kind, parameters);
      const { tokens } = await logIn(front, 'bob');
      expect(await statusAtGate(front.server.mcpUrl, tokens.access_token)).toBe(200);
      expect(keyReadings()).toBe(before + 1);
      await logIn(front, 'carol');
      expect(keyReadings()).toBe(before + 1);
    });
  });

  it('takes a client without a secret', async () => {
    const front = await open({
      prepare: (realm) => realm.changeClient(CLIENT_ID, { publicClient: true }),
      provider: { clientSecret: undefined },
    });
    const { client, tokens } = await logIn(front);
    const again = await plainClient(front.server.url).refresh(client, tokens.refresh_token);
    expect(again.status).toBe(200);
    expect(front.asked.grants('refresh_token')).toBe(1);
  });

  it('takes PKCE where the realm insists on it', async () => {
    const attributes = { 'pkce.code.challenge.method': 'S256' };
    const front = await open({ prepare: (realm) => realm.changeClient(CLIENT_ID, { attributes }) });
    const { response } = await logIn(front);
    expect(response.status).toBe(200);
  });

  it('rotates refresh tokens where the realm says so, and every new one is kept', async () => {
    const front = await open({
      prepare: async (realm) => {
        await realm.admin('PUT', '', { revokeRefreshToken: true, refreshTokenMaxReuse: 0 });
      },
    });
    const client = plainClient(front.server.url);
    const { client: by, tokens } = await logIn(front);
    let refreshToken = tokens.refresh_token;
    for (let round = 1; round <= 3; round += 1) {
      const answer = await client.refresh(by, refreshToken);
      expect(answer.status).toBe(200);
      expect(front.asked.grants('refresh_token')).toBe(round);
      refreshToken = String(answer.body.refresh_token);
    }
  });

  describe('offline access', () => {
    const offline: FrontOptions = {
      provider: { scopes: ['openid', 'profile', 'email', 'offline_access'] },
    };

    it('outlives the session of the browser, and is given back when ours ends', async () => {
      const front = await open(offline);
      const { server, realm } = front;
      const client = plainClient(server.url);
      const { client: by, tokens } = await logIn(front);
      expect(await realm.offlineSessions('alice', CLIENT_ID)).toBe(1);
      for (const id of await realm.sessions('alice')) await realm.admin('DELETE', `/sessions/${id}`);
      const answer = await client.refresh(by, tokens.refresh_token);
      expect(answer.status).toBe(200);
      const revoked = { token: String(answer.body.refresh_token), client_id: by.id };
      expect((await client.post('/revoke', revoked)).status).toBe(200);
      const left = await until(
        () => realm.offlineSessions('alice', CLIENT_ID),
        (count) => count === 0,
      );
      expect(left).toBe(0);
    });

    it('is for people with the role: at others Keycloak takes offence, and the operator is told in its words', async () => {
      const front = await open(offline);
      await expect(logIn(front, 'bob')).rejects.toThrow(/auth\/callback.* with 503/);
      expect(front.server.events).toContainEqual(
        expect.objectContaining({
          type: 'upstream.failed',
          kind: 'misconfigured',
          detail: expect.objectContaining({ error: 'not_allowed' }),
        }),
      );
    });
  });
});

/** Signs ID tokens of our client with this; Keycloak makes the key when it is first needed. */
const signWith = (realm: Realm, algorithm: string) =>
  realm.changeClient(CLIENT_ID, { attributes: { 'id.token.signed.response.alg': algorithm } });
