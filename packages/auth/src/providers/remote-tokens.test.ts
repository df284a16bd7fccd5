import { afterEach, describe, expect, it } from 'vitest';
import { startAuth0 } from '../../../../testing/providers/auth0.ts';
import { startAws } from '../../../../testing/providers/aws.ts';
import { type AzureOptions, startAzure } from '../../../../testing/providers/azure.ts';
import { startKeycloak } from '../../../../testing/providers/keycloak.ts';
import { startOkta } from '../../../../testing/providers/okta.ts';
import { RelyingParty } from '../../../../testing/relying-party.ts';
import { jwtVerifier } from '../verify/jwt.ts';
import { auth0 } from './auth0.ts';
import { aws } from './aws.ts';
import { azure } from './azure.ts';
import { keycloak } from './keycloak.ts';
import { okta } from './okta.ts';
import type { Preset } from './preset.ts';
import { type PresetValues, presetInput } from './preset-input.ts';
import { remoteOptions } from './preset-options.ts';
import { callbackUrl, type Reachable } from './stand-in-sign-in.contract.ts';

const resource = 'https://mcp.acme.example/mcp';
const started = { addresses: 'real', redirectUris: [callbackUrl] } as const;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Tokens as a client gets them from the provider itself, and the verifier that is shown them. */
async function world(
  preset: Preset,
  standIn: Reachable & {
    close(): Promise<void>;
    readonly consoleValues: { readonly clientId: string; readonly clientSecret?: string };
  },
  {
    authorize,
    token,
    authentication = 'post',
    ...request
  }: {
    readonly authorize: string;
    readonly token: string;
    readonly authentication?: 'basic' | 'post';
    readonly parameters: Readonly<Record<string, string>>;
    readonly login: string;
    readonly options: PresetValues['options'];
  },
) {
  closing.push(standIn.close);
  const { clientId, clientSecret } = standIn.consoleValues;
  const client = new RelyingParty({
    authorize: standIn.reach(authorize),
    token: standIn.reach(token),
    clientId,
    clientSecret,
    redirectUri: callbackUrl,
    authentication,
  });
  const tokens = await client.tokens(request.parameters, request.login);
  const input = presetInput(preset, 'remote', {
    resource,
    requiredScopes: ['openid'],
    clientId,
    options: request.options,
  });
  const { verifier: options } = remoteOptions(preset, input);
  if (options.kind !== 'jwt') throw new Error('expected a verifier of JWTs');
  const verifier = jwtVerifier(options, {
    fetch: (url, init) => fetch(standIn.reach(url), { ...init, redirect: 'manual' }),
  });
  const caller = async (value: string | undefined) => {
    expect(verifier.recognizes(value ?? '')).toBe(true);
    return (await verifier.verify(value ?? '', resource)).admit();
  };
  return { tokens, caller, recognizes: verifier.recognizes };
}

const ALICE = 'alice@acme.example';

describe('tokens that clients get from the provider itself', () => {
  it('of Auth0: with the scopes, and the permissions of the person', async () => {
    const base = 'https://acme.eu.auth0.com';
    const { tokens, caller } = await world(
      auth0,
      await startAuth0({ ...started, permissionsInToken: true }),
      {
        authorize: `${base}/authorize`,
        token: `${base}/oauth/token`,
        parameters: { scope: 'openid mcp:read', audience: resource },
        login: ALICE,
        options: { domain: 'acme.eu.auth0.com' },
      },
    );
    expect(await caller(tokens.access_token)).toMatchObject({
      identity: { issuer: `${base}/`, subject: 'auth0|6540f0e2a1b2c3d4e5f60001' },
      scopes: ['openid', 'mcp:read', 'mcp:write'],
    });
    await expect(caller(tokens.id_token)).rejects.toMatchObject({ reason: 'token.audience' });
  });

  it('of Cognito: for this client alone, and no ID tokens', async () => {
    const base = 'https://acme.auth.eu-central-1.amazoncognito.com/oauth2';
    const request = {
      authorize: `${base}/authorize`,
      token: `${base}/token`,
      parameters: { scope: 'openid' },
      login: ALICE,
      options: { userPoolId: 'eu-central-1_Ab12Cd34E' },
    };
    const { tokens, caller } = await world(aws, await startAws(started), request);
    expect(await caller(tokens.access_token)).toMatchObject({
      identity: { subject: '3344a852-6001-70e5-4d2a-000000000001', groups: ['admin', 'analysts'] },
    });
    await expect(caller(tokens.id_token)).rejects.toMatchObject({ reason: 'token.type' });
    // A client that names a resource gets a token for that resource.
    const bound = async (to: string) =>
      world(aws, await startAws(started), { ...request, parameters: { scope: 'openid', resource: to } });
    const good = await bound(resource);
    expect((await good.caller(good.tokens.access_token)).scopes).toEqual(['openid']);
    const bad = await bound('https://other.acme.example/mcp');
    await expect(bad.caller(bad.tokens.access_token)).rejects.toMatchObject({ reason: 'token.audience' });
  });

  it('of Keycloak: only with an audience mapper', async () => {
    const realmUrl = 'https://sso.acme.example/realms/acme';
    const request = {
      authorize: `${realmUrl}/protocol/openid-connect/auth`,
      token: `${realmUrl}/protocol/openid-connect/token`,
      parameters: { scope: 'openid mcp:read' },
      login: 'alice',
      options: { realmUrl },
    };
    const mapped = await world(keycloak, await startKeycloak({ ...started, audience: resource }), request);
    const known = await mapped.caller(mapped.tokens.access_token);
    expect(known.identity).toMatchObject({ issuer: realmUrl, email: ALICE, emailVerified: true });
    expect(known.scopes).toContain('mcp:read');
    await expect(mapped.caller(mapped.tokens.id_token)).rejects.toMatchObject({ reason: 'token.type' });
    const plain = await world(keycloak, await startKeycloak(started), request);
    await expect(plain.caller(plain.tokens.access_token)).rejects.toMatchObject({ reason: 'token.audience' });
  });

  it('of Okta: under the id of the person, not the login', async () => {
    const base = 'https://dev-12345678.okta.com/oauth2/default';
    const { tokens, caller } = await world(okta, await startOkta(started), {
      authorize: `${base}/v1/authorize`,
      token: `${base}/v1/token`,
      authentication: 'basic',
      parameters: { scope: 'openid mcp:read' },
      login: ALICE,
      options: {
        domain: 'dev-12345678.okta.com',
        authorizationServer: 'default',
        audience: 'api://default',
      },
    });
    expect(await caller(tokens.access_token)).toMatchObject({
      identity: { issuer: base, subject: '00uid4BxXw6I6TV4m0g3' },
      scopes: ['openid', 'mcp:read'],
    });
    await expect(caller(tokens.id_token)).rejects.toMatchObject({ reason: 'token.type' });
  });

  const entra = async (standIn: AzureOptions, tenant: string, login = ALICE, allowedTenants?: string) => {
    const running = await startAzure({ ...started, ...standIn });
    const base = `https://login.microsoftonline.com/${tenant}/oauth2/v2.0`;
    const { identifierUri } = running.consoleValues;
    return world(azure, running, {
      authorize: `${base}/authorize`,
      token: `${base}/token`,
      parameters: { scope: `openid profile ${identifierUri}/mcp.read` },
      login,
      options: { tenant, identifierUri, allowedTenants },
    });
  };
  const tenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';

  it.each([1, 2] as const)('of Entra ID: version %s, and no ID tokens', async (tokenVersion) => {
    const { tokens, caller } = await entra({ tokenVersion }, tenant);
    expect(await caller(tokens.access_token)).toMatchObject({
      identity: {
        issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
        subject: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbta1',
      },
      scopes: ['mcp.read'],
    });
    await expect(caller(tokens.id_token)).rejects.toMatchObject({ reason: 'token.type' });
  });

  it('of Entra ID: only of tenants that are allowed', async () => {
    const any = { accounts: 'any organisation' } as const;
    const good = await entra(any, 'organizations', ALICE, tenant);
    expect((await good.caller(good.tokens.access_token)).scopes).toEqual(['mcp.read']);
    const bad = await entra(any, 'organizations', 'mallory@evil.example', tenant);
    expect(bad.recognizes(bad.tokens.access_token)).toBe(false);
    expect(good.recognizes(good.tokens.access_token)).toBe(true);
  });
});
