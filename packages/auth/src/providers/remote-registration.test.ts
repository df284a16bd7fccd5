// RFC 8414 §3 and RFC 7591 §3: providers where clients register themselves, from the first address that our metadata gives them.
import { afterEach, describe, expect, it } from 'vitest';
import { type ScalekitOptions, startScalekit } from '../../../../testing/providers/scalekit.ts';
import { type SupabaseOptions, startSupabase } from '../../../../testing/providers/supabase.ts';
import { startWorkos, type WorkosOptions } from '../../../../testing/providers/workos.ts';
import { registerPublicly } from '../../../../testing/registration.ts';
import { call, RelyingParty } from '../../../../testing/relying-party.ts';
import { jwtVerifier } from '../verify/jwt.ts';
import type { Preset } from './preset.ts';
import { type PresetValues, presetInput } from './preset-input.ts';
import { remoteOptions } from './preset-options.ts';
import { scalekit } from './scalekit.ts';
import { callbackUrl, type Reachable } from './stand-in-sign-in.contract.ts';
import { supabase } from './supabase.ts';
import { workos } from './workos.ts';

const resource = 'https://mcp.acme.example/mcp';
const started = { addresses: 'real', dynamicRegistration: true } as const;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A client that knows only what the preset says, and the verifier that is shown its tokens. */
async function world(
  preset: Preset,
  standIn: Reachable & { close(): Promise<void> },
  options: PresetValues['options'],
) {
  closing.push(standIn.close);
  const remoteWith = (values: PresetValues['options']) =>
    remoteOptions(preset, presetInput(preset, 'remote', { resource, options: values }));
  const callerWith =
    (values: PresetValues['options']) =>
    async (token = '') => {
      const { verifier: wanted } = remoteWith(values);
      if (wanted.kind !== 'jwt') throw new Error('expected a verifier of JWTs');
      const verifier = jwtVerifier(wanted, {
        fetch: (url, init) => fetch(standIn.reach(url), { ...init, redirect: 'manual' }),
      });
      expect(verifier.recognizes(token)).toBe(true);
      return (await verifier.verify(token, resource)).admit();
    };
  const remote = remoteWith(options);
  const issuer = new URL(remote.authorizationServers[0]!);
  const path = issuer.pathname === '/' ? '' : issuer.pathname;
  const place = `${issuer.origin}/.well-known/oauth-authorization-server${path}`;
  const { json } = await call(standIn.reach(place));
  const metadata = json as Record<string, string>;
  const { clientId } = await registerPublicly(standIn.reach(metadata.registration_endpoint!), [callbackUrl]);
  const client = new RelyingParty({
    authorize: standIn.reach(metadata.authorization_endpoint!),
    token: standIn.reach(metadata.token_endpoint!),
    clientId,
    redirectUri: callbackUrl,
  });
  return {
    remote,
    metadata,
    clientId,
    client,
    forwarded: (await call(standIn.reach(remote.forwardMetadata!))).json,
    tokens: (scope: string, login = 'alice@acme.example', asked: string = resource) =>
      client.tokens({ scope, resource: asked }, login, { resource: asked }),
    caller: callerWith(options),
    callerWith,
  };
}

describe('Scalekit', () => {
  const open = async (options: ScalekitOptions = {}) =>
    world(scalekit, await startScalekit({ ...started, ...options }), {
      environmentUrl: 'https://acme.scalekit.com',
      resourceId: 'res_121247790507492638',
    });

  it.each([{}, { issuedBy: 'resource', scopesIn: 'list' }, { serverUrl: resource }] as const)(
    'knows the person by the environment, whoever issues: %j',
    async (options) => {
      const { tokens, caller, metadata, remote, forwarded, clientId } = await open(options);
      expect(metadata.issuer).toBe(remote.authorizationServers[0]);
      expect(forwarded).toEqual(metadata);
      const mine = await tokens('openid mcp:read');
      expect(await caller(mine.access_token)).toMatchObject({
        identity: { issuer: 'https://acme.scalekit.com', subject: 'usr_121247790507492801' },
        clientId,
        scopes: ['openid', 'mcp:read'],
      });
      await expect(caller(mine.id_token)).rejects.toMatchObject({ reason: 'token.audience' });
    },
  );

  it('lets in nobody with tokens for another resource of the environment', async () => {
    const { tokens, callerWith } = await open({ serverUrl: resource });
    const { access_token } = await tokens('openid');
    const elsewhere = callerWith({ environmentUrl: 'https://acme.scalekit.com', resourceId: 'res_2' });
    await expect(elsewhere(access_token)).rejects.toMatchObject({ reason: 'token.audience' });
  });
});

describe('Supabase', () => {
  const open = async (options: SupabaseOptions = {}) =>
    world(supabase, await startSupabase({ ...started, ...options }), {
      projectUrl: 'https://abcdefghijklmnopqrst.supabase.co',
    });

  it('knows the person by the project', async () => {
    const { tokens, caller, metadata, remote, forwarded, clientId } = await open();
    expect(metadata.issuer).toBe(remote.authorizationServers[0]);
    expect(forwarded).toEqual(metadata);
    const mine = await tokens('openid email');
    expect(await caller(mine.access_token)).toMatchObject({
      identity: {
        issuer: 'https://abcdefghijklmnopqrst.supabase.co/auth/v1',
        subject: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
        email: 'alice@acme.example',
      },
      clientId,
      scopes: ['openid', 'email'],
    });
    await expect(caller(mine.id_token)).rejects.toMatchObject({ reason: 'token.audience' });
  });

  it('can be held to tokens that a hook of the project made for this server', async () => {
    const bound = { projectUrl: 'https://abcdefghijklmnopqrst.supabase.co', audience: resource };
    const plain = await open();
    const forAll = await plain.tokens('openid');
    await expect(plain.callerWith(bound)(forAll.access_token)).rejects.toMatchObject({
      reason: 'token.audience',
    });
    const hooked = await open({ tokenHook: { aud: [resource, 'authenticated'] } });
    const mine = await hooked.tokens('openid');
    expect((await hooked.callerWith(bound)(mine.access_token)).scopes).toEqual(['openid']);
  });
});

describe('AuthKit', () => {
  const open = async (options: WorkosOptions = { resources: [resource] }) =>
    world(workos, await startWorkos({ ...started, ...options }), { domain: 'acme-staging.authkit.app' });

  it('knows the person by the AuthKit domain', async () => {
    const { tokens, caller, metadata, remote, forwarded, clientId } = await open();
    expect(metadata.issuer).toBe(remote.authorizationServers[0]);
    expect(forwarded).toEqual(metadata);
    const mine = await tokens('openid email');
    expect(await caller(mine.access_token)).toMatchObject({
      identity: {
        issuer: 'https://acme-staging.authkit.app',
        subject: 'user_01JQ0E27VT3MH79RY0FVA4QBP9',
      },
      clientId,
      scopes: ['openid', 'email'],
    });
    await expect(caller(mine.id_token)).rejects.toMatchObject({ reason: 'token.audience' });
  });

  it('gives no tokens for a resource that nobody entered, and none of the others get in', async () => {
    const other = 'https://other.acme.example/mcp';
    const { tokens, client, caller } = await open({ resources: [other] });
    await expect(tokens('openid')).rejects.toThrow('invalid_target');
    const elsewhere = await tokens('openid', 'alice@acme.example', other);
    await expect(caller(elsewhere.access_token)).rejects.toMatchObject({ reason: 'token.audience' });
    const bare = await client.tokens({ scope: 'openid' }, 'alice@acme.example');
    await expect(caller(bare.access_token)).rejects.toMatchObject({ reason: 'token.audience' });
  });
});
