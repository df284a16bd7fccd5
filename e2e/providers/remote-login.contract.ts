import { type Auth, createAuth } from '@portcullis/auth';
import { type ManualClock, manualClock } from '@portcullis/auth/core/clock';
import type { Identity } from '@portcullis/auth/core/identity';
import { documentFetch } from '@portcullis/auth/net/document-fetch';
import type { Preset, RemotePreset } from '@portcullis/auth/providers/preset';
import { type PresetValues, presetInput } from '@portcullis/auth/providers/preset-input';
import { remoteOptions } from '@portcullis/auth/providers/preset-options';
import { introspectionVerifier } from '@portcullis/auth/verify/introspection';
import { jwtVerifier } from '@portcullis/auth/verify/jwt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection, Identification } from '../clients/connection.ts';
import { sdkSignIn } from '../clients/sdk-sign-in.ts';
import { connectSdkV2 } from '../clients/sdk-v2.ts';
import { type Network, network } from './network.ts';
import {
  CLIENT_REDIRECT,
  MCP_URL,
  PUBLIC_URL,
  type RunningProvider,
  type StartProvider,
} from './provider.ts';
import { type GuardedServer, startWhoami } from './whoami-server.ts';

/** A provider that clients get their tokens from themselves, in one of the forms that its console offers. */
export interface RemoteRow {
  readonly name: string;
  readonly preset: Preset;
  readonly start: StartProvider;
  /**
   * How a client becomes known there: it registers itself, its user enters the id of a registration, or our own `/register` tells everybody
   * that id.
   */
  readonly client: 'registers itself' | 'is told an id' | 'registers with us';
  /** What clients ask for, as we spell it. */
  readonly baselineScopes: readonly string[];
  /** What the gate wants of it. */
  readonly requiredScopes: readonly string[];
  /** What the person types on the page of the provider. */
  readonly login: string;
  /** All that a tool is told of them, to the letter. */
  readonly person: Identity;
  /** Scopes of the token, as we spell them. */
  readonly scopes: readonly string[];
  /** Settings of another server, which the token is not for. Default: another address. `none`: the provider can not tell servers apart. */
  readonly elsewhere?: Partial<Omit<PresetValues, 'resource'>> | 'none';
  /** Does the provider refuse a client that asks for no scope? Default: no. */
  readonly needsScopes?: true;
  /** Does the client get an ID token as well? Default: yes. */
  readonly idToken?: false;
}

interface Place {
  readonly publicUrl?: string;
  readonly baselineScopes?: readonly string[];
  readonly values?: Partial<Omit<PresetValues, 'resource'>>;
  readonly requiredScopes?: readonly string[];
}

interface World {
  readonly provider: RunningProvider;
  readonly net: Network;
  readonly clock: ManualClock;
}

/** What an operator sets for a server: a secret only where the preset needs one. */
function remoteOf(row: RemoteRow, { values }: RunningProvider, place: Place = {}): RemotePreset {
  const { preset } = row;
  const { clientSecret, ...others } = values;
  const secret = preset.remoteNeeds?.includes('clientSecret') ? { clientSecret } : {};
  const { publicUrl = PUBLIC_URL } = place;
  // The preset insists on a scope where the provider does; whether it has to, a login without any shows.
  const requiredScopes = place.requiredScopes?.length
    ? place.requiredScopes
    : row.requiredScopes.length
      ? row.requiredScopes
      : ['openid'];
  const given = { ...others, ...secret, ...place.values, resource: `${publicUrl}/mcp`, requiredScopes };
  return remoteOptions(preset, presetInput(preset, 'remote', given));
}

/** A server with the tokens of the provider: what an operator sets, and nothing else. */
async function openServer(row: RemoteRow, { provider, net, clock }: World, place: Place = {}): Promise<Auth> {
  const { publicUrl = PUBLIC_URL, requiredScopes = row.requiredScopes } = place;
  const { baselineScopes = row.baselineScopes } = place;
  const remote = remoteOf(row, provider, { ...place, requiredScopes });
  const parts = { fetch: net.fromServer, clock };
  const documents = documentFetch(parts);
  return createAuth({
    publicUrl,
    loopbackBind: true,
    resources: [{ requiredScopes }],
    baselineScopes,
    verifiers: [
      remote.verifier.kind === 'jwt'
        ? jwtVerifier(remote.verifier, parts)
        : introspectionVerifier(remote.verifier, parts),
    ],
    authorizationServers: remote.authorizationServers,
    scopeMap: remote.scopes,
    forwardedMetadata: forwarded(
      remote,
      row.client === 'registers with us' ? provider.values.clientId : undefined,
    ),
    clock,
  });

  function forwarded({ forwardMetadata: url }: RemotePreset, publicClientId: string | undefined) {
    if (url === undefined) return undefined;
    return { url, publicClientId, fetchDocument: async (at: string) => (await documents.get(at)).body };
  }
}

/** What a gate says to a token. */
async function answerOf(auth: Auth, publicUrl: string, token: string) {
  const headers: Readonly<Record<string, string>> = {
    host: new URL(publicUrl).host,
    authorization: `Bearer ${token}`,
  };
  const passage = await auth.gate().guard({
    method: 'POST',
    target: '/mcp',
    peerAddress: '127.0.0.1',
    header: (name) => headers[name] ?? null,
    headerCount: (name) => (headers[name] === undefined ? 0 : 1),
  });
  return passage.allowed
    ? { status: 200, challenge: '' }
    : { status: passage.response.status, challenge: passage.response.headers['www-authenticate'] ?? '' };
}

function identificationOf(row: RemoteRow, provider: RunningProvider): Identification {
  if (row.client !== 'is told an id') return { kind: 'registration' };
  const [issuer] = remoteOf(row, provider).authorizationServers;
  return { kind: 'static', clientId: provider.values.clientId!, issuer };
}

interface Login {
  readonly auth: Auth;
  readonly server: GuardedServer;
  readonly application: ReturnType<typeof sdkSignIn>;
  readonly connection: Connection;
}

/** From an operator's settings to a client of the SDK that is logged in, and began with nothing but our address. */
async function logIn(row: RemoteRow, world: World, place: Place = {}): Promise<Login> {
  const auth = await openServer(row, world, place);
  const server = await startWhoami(auth);
  world.net.connect(PUBLIC_URL, server.origin);
  const identification = identificationOf(row, world.provider);
  const { fromClient: fetch } = world.net;
  const application = sdkSignIn({
    mcpUrl: MCP_URL,
    person: row.login,
    identification,
    browserFetch: fetch,
  });
  try {
    const connection = await connectSdkV2({ mcpUrl: MCP_URL, signIn: application, mode: 'auto', fetch });
    return { auth, server, application, connection };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function end({ connection, server }: Login): Promise<void> {
  await connection.close();
  await server.close();
}

export function itLogsInAt(row: RemoteRow): void {
  describe(`[C4] ${row.name}, with tokens of its own`, () => {
    let world: World;
    let login: Login;
    beforeAll(async () => {
      const clock = manualClock(Date.UTC(2026, 10, 20));
      const provider = await row.start({
        addresses: 'real',
        redirectUris: [CLIENT_REDIRECT],
        nowSeconds: () => Math.floor(clock.now() / 1000),
      });
      world = { provider, net: network(provider.reach), clock };
      login = await logIn(row, world);
    });
    afterAll(async () => {
      if (login) await end(login);
      await world?.provider.close();
    });
    const tokens = () => login.application.tokens() as { access_token: string; id_token?: string };

    it('[RS-4] is found by a client that knows our address alone, and tells a tool who calls it', async () => {
      expect(await login.connection.callTool('whoami')).toEqual({ ...row.person, scopes: row.scopes });
      expect(login.auth.issuer).toBeUndefined();
    });

    it('[RS-4] has its metadata at our address too, for clients that look no further', async () => {
      const address = `${PUBLIC_URL}/.well-known/oauth-authorization-server`;
      const metadata = (await (await world.net.fromClient(address, {})).json()) as Record<string, unknown>;
      const [issuer] = remoteOf(row, world.provider).authorizationServers;
      const throughUs = row.client === 'registers with us';
      expect(metadata.issuer).toBe(throughUs ? PUBLIC_URL : issuer);
      if (throughUs) expect(metadata.registration_endpoint).toBe(`${PUBLIC_URL}/register`);
    });

    it('[G5, RS-8] is believed only about tokens that are for this server', async () => {
      expect(await answerOf(login.auth, PUBLIC_URL, tokens().access_token)).toMatchObject({ status: 200 });
      if (row.idToken !== false) {
        const answer = await answerOf(login.auth, PUBLIC_URL, tokens().id_token!);
        expect(answer.status).toBe(401);
        expect(answer.challenge).toContain('resource_metadata=');
      }
      if (row.elsewhere === 'none') return;
      const publicUrl = 'https://other.acme.example';
      const other = await openServer(row, world, { publicUrl, values: row.elsewhere });
      expect((await answerOf(other, publicUrl, tokens().access_token)).status).toBe(401);
      await other.close();
    });

    it('[RS-13] has a token of too little scope asked for more, in its own spelling', async () => {
      const requiredScopes = [...row.requiredScopes, 'mcp:much'];
      const strict = await openServer(row, world, { requiredScopes });
      const { status, challenge } = await answerOf(strict, PUBLIC_URL, tokens().access_token);
      expect(status).toBe(403);
      expect(challenge).toContain('error="insufficient_scope"');
      const spelled = remoteOf(row, world.provider).scopes?.toProvider('mcp:much');
      expect(challenge).toContain(spelled ?? 'mcp:much');
      await strict.close();
    });

    it('lets in a client that is asked for no scope, unless the provider refuses that', async () => {
      const trying = logIn(row, world, { baselineScopes: [], requiredScopes: [] });
      if (row.needsScopes) return await expect(trying).rejects.toThrow(/\bscope\b/);
      const plain = await trying;
      const { scopes: _whatever, ...person } = await plain.connection.callTool('whoami');
      expect(person).toEqual(row.person);
      await end(plain);
    });
  });
}
