import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainClient } from '../../clients/plain-client.ts';
import { statusAtGate, whoami } from '../../clients/plain-mcp.ts';
import { describeService } from '../describe-service.ts';
import { ProviderBrowser } from '../provider-browser.ts';
import { connectPerson } from '../sdk-person.ts';
import { until } from '../until.ts';
import { type Front, openFront } from './front.ts';
import { signInAs } from './realm.ts';
import { RESTART_MILLISECONDS, type RunningKeycloak, startKeycloak } from './running-keycloak.ts';

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
  const open = async (
    ...given: Parameters<typeof openFront> extends [unknown, ...infer Rest] ? Rest : never
  ) => {
    const front = await openFront(keycloak, ...given);
    opened.push(front);
    return front;
  };
  const browserOf = (username: string) => new ProviderBrowser(signInAs(username));

  describe('a person', () => {
    it('is who Keycloak says, through a client of the SDK, before and after a refresh', async () => {
      const { server, realm, asked } = await open();
      const person = await connectPerson(server.mcpUrl, browserOf('alice'));
      const expected = {
        issuer: realm.url,
        subject: await realm.userId('alice'),
        name: 'Alice Example',
        email: 'alice@acme.example',
        emailVerified: true,
      };
      const found = await person.callTool('whoami');
      expect(found).toMatchObject(expected);
      expect([...(found.groups as string[])].sort()).toEqual(['/analysts', '/staff/data']);
      const before = asked.grants('refresh_token');
      // To the client its token looks refused, as one that has ended does.
      person.signIn.saveTokens({ ...person.signIn.tokens()!, access_token: 'ended' });
      expect(await person.callTool('whoami')).toMatchObject(expected);
      expect(asked.grants('refresh_token')).toBe(before + 1);
      expect(asked.asked.filter(({ status }) => status >= 400)).toEqual([]);
      await person.close();
    });

    it('without a group has none, and an e-mail address that nobody verified says so', async () => {
      const { server } = await open();
      const person = await connectPerson(server.mcpUrl, browserOf('bob'));
      const found = await person.callTool('whoami');
      expect(found).toMatchObject({ email: 'bob@acme.example', emailVerified: false });
      expect(found.groups ?? []).toEqual([]);
      await person.close();
    });

    it('enters the password once, and approves each client', async () => {
      const { server } = await open();
      const client = plainClient(server.url);
      const browser = browserOf('alice');
      await client.logIn({ browser });
      expect(browser.filled).toBe(1);
      const second = await client.logIn({ browser });
      expect(browser.filled).toBe(1);
      expect(await statusAtGate(server.mcpUrl, second.tokens.access_token)).toBe(200);
    });
  });

  describe('our session', () => {
    it('that is revoked ends the one at Keycloak', async () => {
      const { server, realm } = await open();
      const client = plainClient(server.url);
      const { client: by, tokens } = await client.logIn({ browser: browserOf('alice') });
      expect(await realm.sessions('alice')).toHaveLength(1);
      const revoked = await client.post('/revoke', { token: tokens.refresh_token, client_id: by.id });
      expect(revoked.status).toBe(200);
      expect(
        await until(
          () => realm.sessions('alice'),
          (found) => found.length === 0,
        ),
      ).toEqual([]);
      expect(await statusAtGate(server.mcpUrl, tokens.access_token)).toBe(401);
    });

    it.each([
      [
        'the account is disabled',
        async ({ realm }: Front) =>
          realm.admin('PUT', `/users/${await realm.userId('alice')}`, { enabled: false }),
      ],
      [
        'an administrator ends the session',
        async ({ realm }: Front) => {
          for (const id of await realm.sessions('alice')) await realm.admin('DELETE', `/sessions/${id}`);
        },
      ],
      [
        'the account is deleted',
        async ({ realm }: Front) => realm.admin('DELETE', `/users/${await realm.userId('alice')}`),
      ],
      ['everybody is logged out', async ({ realm }: Front) => realm.admin('POST', '/logout-all')],
    ])('ends with one invalid_grant when %s', async (_what, happens) => {
      const front = await open();
      const { server, asked } = front;
      const client = plainClient(server.url);
      const { client: by, tokens } = await client.logIn({ browser: browserOf('alice') });
      const other = await client.logIn({ browser: browserOf('carol') });
      const still = await client.refresh(by, tokens.refresh_token);
      expect(still.status).toBe(200);
      await happens(front);
      const before = asked.grants('refresh_token');
      const refused = await client.refresh(by, String(still.body.refresh_token));
      expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
      expect(await statusAtGate(server.mcpUrl, String(still.body.access_token))).toBe(401);
      const again = await client.refresh(by, String(still.body.refresh_token));
      expect(again.body.error).toBe('invalid_grant');
      expect(asked.grants('refresh_token')).toBe(before + 1);
      const everybody = _what.startsWith('everybody');
      expect((await client.refresh(other.client, other.tokens.refresh_token)).status).toBe(
        everybody ? 400 : 200,
      );
    });

    it('outlives a wrong secret: 503, and nobody is logged out', async () => {
      const { server, realm } = await open();
      const client = plainClient(server.url);
      const { client: by, tokens } = await client.logIn({ browser: browserOf('alice') });
      await realm.changeClient('portcullis', { secret: 'another' });
      const refused = await client.refresh(by, tokens.refresh_token);
      expect(refused).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
      expect(await statusAtGate(server.mcpUrl, tokens.access_token)).toBe(200);
      await realm.changeClient('portcullis', { secret: 'the-secret-of-this-server-at-keycloak' });
      expect((await client.refresh(by, tokens.refresh_token)).status).toBe(200);
    });

    it(
      'outlives Keycloak: 503 while it is away, and as before when it is back',
      async () => {
        const { server } = await open();
        const client = plainClient(server.url);
        const { client: by, tokens } = await client.logIn({ browser: browserOf('alice') });
        await keycloak.stop();
        const refused = await client.refresh(by, tokens.refresh_token);
        expect(refused).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
        expect(await statusAtGate(server.mcpUrl, tokens.access_token)).toBe(200);
        expect((await client.get(client.authorizationUrl(by))).status).toBe(200);
        await keycloak.start();
        const back = await client.refresh(by, tokens.refresh_token);
        expect(back.status).toBe(200);
        await whoami(server.mcpUrl, String(back.body.access_token));
      },
      RESTART_MILLISECONDS,
    );
  });
});
