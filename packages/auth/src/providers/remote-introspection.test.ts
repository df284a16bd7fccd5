// RFC 7662 and RFC 7591 §3: clients that register themselves at Descope and PropelAuth, and their tokens at our gate.
import { afterEach, describe, expect, it } from 'vitest';
import { type DescopeOptions, startDescope } from '../../../../testing/providers/descope.ts';
import { startPropelAuth } from '../../../../testing/providers/propelauth.ts';
import { registerPublicly } from '../../../../testing/registration.ts';
import { call, RelyingParty } from '../../../../testing/relying-party.ts';
import { introspectionVerifier } from '../verify/introspection.ts';
import { jwtVerifier } from '../verify/jwt.ts';
import { descope } from './descope.ts';
import type { Preset } from './preset.ts';
import { type PresetValues, presetInput } from './preset-input.ts';
import { remoteOptions } from './preset-options.ts';
import { propelauth } from './propelauth.ts';
import { callbackUrl, type Reachable } from './stand-in-sign-in.contract.ts';

const resource = 'https://mcp.acme.example/mcp';
const started = { addresses: 'real', redirectUris: [callbackUrl], dynamicRegistration: true } as const;
const ALICE = 'alice@acme.example';
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Values = Pick<PresetValues, 'clientId' | 'clientSecret' | 'options'>;

/** A preset as an operator would have it, and what an MCP client finds by it. */
async function world(preset: Preset, standIn: Reachable & { close(): Promise<void> }, values: Values) {
  closing.push(standIn.close);
  const remote = remoteOptions(preset, presetInput(preset, 'remote', { resource, ...values }));
  const { verifier: options } = remote;
  const parts = {
    fetch: (url: string, init?: RequestInit) =>
      fetch(standIn.reach(url), { ...init, redirect: 'manual' as const }),
  };
  const verifier =
    options.kind === 'jwt' ? jwtVerifier(options, parts) : introspectionVerifier(options, parts);
  const { json: metadata } = await call(standIn.reach(remote.forwardMetadata!));
  expect(remote.authorizationServers).toEqual([metadata.issuer]);
  const place = (name: string) => standIn.reach(metadata[name] as string);
  return {
    metadata,
    caller: async (token = '') => {
      expect(verifier.recognizes(token)).toBe(true);
      return (await verifier.verify(token, resource)).admit();
    },
    client: (registration: { readonly clientId: string; readonly clientSecret?: string }) =>
      new RelyingParty({
        authorize: place('authorization_endpoint'),
        token: place('token_endpoint'),
        redirectUri: callbackUrl,
        ...registration,
      }),
    registered: () => registerPublicly(place('registration_endpoint'), [callbackUrl]),
  };
}

describe('Descope', () => {
  const project = 'P32juVkF2iM8wAGoM8PiLkGi6POV';
  const open = async (standIn: DescopeOptions, options: Readonly<Record<string, string>> = {}) => {
    const running = await startDescope({ ...started, ...standIn });
    return { running, ...(await world(descope, running, { options: { projectId: project, ...options } })) };
  };
  const server = { resourceId: 'MS35d1Xw1Yo6zozsW7n8BU6xLmnAs' };

  it('issues tokens of an MCP server to clients that register themselves', async () => {
    const { caller, client, registered } = await open({}, server);
    const tokens = await client(await registered()).tokens({ scope: 'openid mcp:read', resource }, ALICE);
    const issuer = `https://api.descope.com/v1/apps/agentic/${project}/${server.resourceId}`;
    expect(await caller(tokens.access_token)).toMatchObject({
      identity: { issuer, subject: 'U32jx4uZ5uGRz2o7HEiE9GpcPpr1' },
      scopes: ['openid', 'mcp:read'],
    });
    // With the same issuer, the same key, and the project in it.
    await expect(caller(tokens.id_token)).rejects.toMatchObject({ reason: 'token.audience' });
  });

  it('is not believed for an MCP server that has another address', async () => {
    const mcpServerUrl = 'https://other.acme.example/mcp';
    const { caller, client, registered } = await open({ mcpServerUrl }, server);
    const tokens = await client(await registered()).tokens({ scope: 'mcp:read' }, ALICE);
    await expect(caller(tokens.access_token)).rejects.toMatchObject({ reason: 'token.audience' });
  });

  it('issues tokens of an inbound app, for the project', async () => {
    const { caller, client, running } = await open({ application: 'inbound app' });
    const app = client(running.consoleValues);
    const tokens = await app.tokens({ scope: 'openid mcp:read' }, ALICE);
    expect(await caller(tokens.access_token)).toMatchObject({
      identity: { issuer: `https://api.descope.com/v1/apps/${project}` },
      scopes: ['openid', 'mcp:read'],
    });
    await expect(caller(tokens.id_token)).rejects.toMatchObject({ reason: 'token.type' });
  });
});

describe('PropelAuth', () => {
  const open = async () => {
    const standIn = await startPropelAuth(started);
    const { introspectionClientId, introspectionClientSecret } = standIn.consoleValues;
    const values = {
      clientId: introspectionClientId,
      clientSecret: introspectionClientSecret,
      options: { environmentUrl: 'https://auth.acme.example' },
    };
    return { standIn, ...(await world(propelauth, standIn, values)) };
  };
  const request = { scope: 'read:user_data', resource };

  it('is asked about tokens of clients that register themselves, and once for a while', async () => {
    const { caller, client, registered, standIn } = await open();
    const { clientId } = await registered();
    const { access_token: token } = await client({ clientId }).tokens(request, ALICE);
    for (const _ of [1, 2]) {
      expect(await caller(token)).toMatchObject({
        identity: {
          issuer: 'https://auth.acme.example/oauth/2.1',
          subject: '31c41c16-c281-44ae-9602-8a047e3bf33d',
        },
        clientId,
        scopes: ['read:user_data'],
      });
    }
    const asked = standIn.requests.filter(({ path }) => path === '/oauth/2.1/introspect');
    expect(asked).toHaveLength(1);
    expect(asked[0]!.headers.authorization).toMatch(/^Basic /);
  });

  it('is not believed for another resource, and not for what has ended', async () => {
    const { caller, client, standIn } = await open();
    const app = client(standIn.consoleValues);
    const elsewhere = await app.tokens({ ...request, resource: 'https://other.acme.example/mcp' }, ALICE);
    await expect(caller(elsewhere.access_token)).rejects.toMatchObject({ reason: 'token.audience' });
    const tokens = await app.tokens(request, ALICE);
    await expect(caller(tokens.refresh_token)).rejects.toMatchObject({ reason: 'token.unknown' });
    standIn.endSessions(ALICE);
    await expect(caller(tokens.access_token)).rejects.toMatchObject({ reason: 'token.unknown' });
  });
});
