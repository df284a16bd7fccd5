import { keycloak as preset } from '@portcullis/auth/providers/keycloak';
import { presetInput } from '@portcullis/auth/providers/preset-input';
import { remoteOptions } from '@portcullis/auth/providers/preset-options';
import { introspectionVerifier } from '@portcullis/auth/verify/introspection';
import { jwtVerifier } from '@portcullis/auth/verify/jwt';
import type { Verifier } from '@portcullis/auth/verify/verifier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callTool, statusAtGate } from '../../clients/plain-mcp.ts';
import { freePort } from '../../servers/free-port.ts';
import { describeService } from '../describe-service.ts';
import { type ProtectedServer, recordedFetch, startProtected } from '../protected-server.ts';
import { ProviderBrowser } from '../provider-browser.ts';
import { connectPerson } from '../sdk-person.ts';
import {
  addResource,
  CLIENT_ID,
  CLIENT_SECRET,
  createRealm,
  directTokens,
  READ_SCOPE,
  type Realm,
  signInAs,
} from './realm.ts';
import { RESTART_MILLISECONDS, type RunningKeycloak, startKeycloak } from './running-keycloak.ts';

interface Remote {
  readonly realm: Realm;
  readonly server: ProtectedServer;
  readonly asked: ReturnType<typeof recordedFetch>;
}

describeService('keycloak', ({ path }) => {
  let keycloak: RunningKeycloak;
  const opened: ProtectedServer[] = [];
  beforeAll(async () => {
    keycloak = await startKeycloak(path);
  });
  afterAll(async () => {
    for (const server of opened) await server.close();
    await keycloak.stop();
  });

  /** Our server, which takes tokens of a realm: by the preset, or as `verifierOf` says. */
  async function open(verifierOf?: (realm: Realm, asked: Remote['asked']) => Verifier): Promise<Remote> {
    const port = await freePort();
    const resource = `http://localhost:${port}/mcp`;
    const realm = await createRealm(keycloak, `http://localhost:${port}/unused`);
    await addResource(realm, resource);
    const input = presetInput(preset, 'remote', { resource, options: { realmUrl: realm.url } });
    const remote = remoteOptions(preset, input);
    const asked = recordedFetch();
    if (remote.verifier.kind !== 'jwt') throw new Error('The preset verifies in another way.');
    const server = await startProtected(port, {
      resources: [{ requiredScopes: [READ_SCOPE] }],
      // A client that registers itself with scopes has these and no others: without `email` its tokens do not tell it. And one that asks
      // for `openid` may not register, since Keycloak has no scope of that name.
      baselineScopes: ['profile', 'email', READ_SCOPE],
      verifiers: [verifierOf?.(realm, asked) ?? jwtVerifier(remote.verifier, asked)],
      authorizationServers: remote.authorizationServers,
    });
    opened.push(server);
    return { realm, server, asked };
  }

  describe('a client that registers at Keycloak itself', () => {
    it('finds it by our metadata, and its tokens are those of the person', async () => {
      const { server, realm } = await open();
      const person = await connectPerson(server.mcpUrl, new ProviderBrowser(signInAs('alice')));
      const found = await person.callTool('whoami');
      expect(found).toMatchObject({
        issuer: realm.url,
        subject: await realm.userId('alice'),
        name: 'Alice Example',
        email: 'alice@acme.example',
        emailVerified: true,
      });
      expect(found.scopes).toContain(READ_SCOPE);
      expect(found.clientId).toBe(person.signIn.clientInformation()?.client_id);
      await person.close();
    });
  });

  describe('the gate', () => {
    it('takes access tokens that are for it, and nothing else that the realm signs', async () => {
      const { server, realm } = await open();
      const good = await directTokens(realm, 'bob', `openid ${READ_SCOPE}`);
      const { structuredContent } = await callTool(server.mcpUrl, good.access_token, 'whoami');
      expect(structuredContent).toMatchObject({ email: 'bob@acme.example', emailVerified: false });
      expect(await statusAtGate(server.mcpUrl, good.id_token)).toBe(401);
      expect(await statusAtGate(server.mcpUrl, good.refresh_token)).toBe(401);
      const forOthers = await directTokens(realm, 'bob', 'openid');
      expect(await statusAtGate(server.mcpUrl, forOthers.access_token)).toBe(401);
    });

    it('takes none of another realm of the same Keycloak', async () => {
      const [{ server }, other] = [await open(), await open()];
      await addAudience(other.realm, server.mcpUrl);
      const { access_token: token } = await directTokens(other.realm, 'alice', `openid ${READ_SCOPE}`);
      expect(await statusAtGate(server.mcpUrl, token)).toBe(401);
    });

    it.each([
      ['rsa', 'RS256', { keySize: '3072' }],
      ['rsa', 'PS512', { algorithm: 'PS512' }],
      ['ecdsa', 'ES256', { ecdsaEllipticCurveKey: 'P-256' }],
    ] as const)(
      'takes tokens of a new %s key for %s, and still those of the old one',
      async (kind, algorithm, parameters) => {
        const { server, realm, asked } = await open();
        const before = await directTokens(realm, 'alice', `openid ${READ_SCOPE}`);
        expect(await statusAtGate(server.mcpUrl, before.access_token)).toBe(200);
        await realm.addKey(kind, parameters);
        await realm.admin('PUT', '', { defaultSignatureAlgorithm: algorithm });
        const after = await directTokens(realm, 'alice', `openid ${READ_SCOPE}`);
        const [header, old] = [after, before].map(({ access_token: token }) =>
          JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()),
        );
        expect(header.alg).toBe(algorithm);
        expect(header.kid).not.toBe(old.kid);
        expect(await statusAtGate(server.mcpUrl, after.access_token)).toBe(200);
        expect(await statusAtGate(server.mcpUrl, before.access_token)).toBe(200);
        expect(asked.asked.map(({ url }) => url)).toEqual(
          Array(2).fill(`${realm.url}/protocol/openid-connect/certs`),
        );
      },
    );

    it('that asks Keycloak about each token learns at once that a session is over', async () => {
      const { server, realm } = await open((of, asked) =>
        introspectionVerifier(
          {
            issuer: of.url,
            endpoint: `${of.url}/protocol/openid-connect/token/introspect`,
            clientId: CLIENT_ID,
            clientSecret: CLIENT_SECRET,
            cacheSeconds: 0,
          },
          asked,
        ),
      );
      const { access_token: token, refresh_token: other } = await directTokens(
        realm,
        'alice',
        `openid ${READ_SCOPE}`,
      );
      const { structuredContent } = await callTool(server.mcpUrl, token, 'whoami').catch((error: Error) => {
        throw new Error(`${error.message} ${JSON.stringify(server.events)}`);
      });
      expect(structuredContent).toMatchObject({ email: 'alice@acme.example', issuer: realm.url });
      expect(await statusAtGate(server.mcpUrl, other)).toBe(401);
      for (const id of await realm.sessions('alice')) await realm.admin('DELETE', `/sessions/${id}`);
      expect(await statusAtGate(server.mcpUrl, token)).toBe(401);
    });

    it(
      'answers 503, not 401, while Keycloak is away and its new key is not known',
      async () => {
        const { server, realm } = await open();
        const known = await directTokens(realm, 'alice', `openid ${READ_SCOPE}`);
        expect(await statusAtGate(server.mcpUrl, known.access_token)).toBe(200);
        await realm.addKey('rsa', { keySize: '2048' });
        const fresh = await directTokens(realm, 'alice', `openid ${READ_SCOPE}`);
        await keycloak.stop();
        expect(await statusAtGate(server.mcpUrl, known.access_token)).toBe(200);
        expect(await statusAtGate(server.mcpUrl, fresh.access_token)).toBe(503);
        await keycloak.start();
      },
      RESTART_MILLISECONDS,
    );
  });
});

/** A second resource of the realm in the same scope. */
async function addAudience({ admin }: Realm, resource: string): Promise<void> {
  const scopes = (await admin('GET', '/client-scopes')) as readonly { id: string; name: string }[];
  const { id } = scopes.find(({ name }) => name === READ_SCOPE)!;
  await admin('POST', `/client-scopes/${id}/protocol-mappers/models`, {
    name: 'another audience',
    protocol: 'openid-connect',
    protocolMapper: 'oidc-audience-mapper',
    config: { 'included.custom.audience': resource, 'access.token.claim': 'true' },
  });
}
