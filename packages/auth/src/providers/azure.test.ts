import { afterEach, describe, expect, it } from 'vitest';
import { type AzureOptions, startAzure } from '../../../../testing/providers/azure.ts';
import { startAzureB2c } from '../../../../testing/providers/azure-b2c.ts';
import { ENTRA_IDS } from '../../../../testing/providers/azure-facts.ts';
import { azure } from './azure.ts';
import { presetInput } from './preset-input.ts';
import { remoteOptions } from './preset-options.ts';
import { callbackUrl, openPreset } from './stand-in-sign-in.contract.ts';

const { tenant, otherTenant } = ENTRA_IDS;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Options = Readonly<Record<string, string | readonly string[]>>;

async function open(standInOptions: AzureOptions, options: Options = { tenant }, requiredScopes?: string[]) {
  const standIn = await startAzure({ addresses: 'real', redirectUris: [callbackUrl], ...standInOptions });
  closing.push(standIn.close);
  const { clientId, clientSecret } = standIn.consoleValues;
  return openPreset(azure, standIn, { clientId, clientSecret, options, requiredScopes });
}

const alice = {
  issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
  subject: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbta1',
  name: 'Alice Adams',
  email: 'alice@acme.example',
};

describe('Microsoft Entra ID', () => {
  it.each([{}, { platform: 'public' as const }])('signs in and refreshes: %j', async (options) => {
    const { door, signIn, authorization } = await open({ ...options, edov: true, groups: true });
    const url = await authorization();
    expect(`${url.origin}${url.pathname}`).toBe(
      `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize`,
    );
    expect(url.searchParams.get('scope')).toBe('openid profile offline_access email');
    expect(url.searchParams.has('resource')).toBe(false);
    const { identity, upstream } = await signIn('alice@acme.example');
    expect(identity).toMatchObject({
      ...alice,
      emailVerified: true,
      groups: ['9c3b1e0a-0000-4000-8000-000000000001', '9c3b1e0a-0000-4000-8000-000000000002'],
      claims: { tid: tenant, roles: ['Mcp.Admin'] },
    });
    const refreshed = await door.refresh!(upstream!);
    expect(refreshed.accessToken).not.toBe(upstream!.accessToken);
    // There is nowhere to revoke anything.
    await door.revoke!(refreshed);
    expect((await signIn('bob@acme.example')).identity.groups).toBeUndefined();
  });

  it('believes no e-mail without the word that its domain is verified', async () => {
    const { identity } = await (await open({})).signIn('alice@acme.example');
    expect(identity).toMatchObject({ ...alice, emailVerified: false });
  });

  it('asks for the scopes of an API in full, all of one resource', async () => {
    const identifierUri = `api://${ENTRA_IDS.client}`;
    const { door, signIn, authorization } = await open({}, { tenant, identifierUri }, ['mcp.read']);
    expect((await authorization()).searchParams.get('scope')).toBe(
      `openid profile offline_access email ${identifierUri}/mcp.read`,
    );
    const { upstream } = await signIn('alice@acme.example');
    expect(upstream!.scope).toBe(`${identifierUri}/mcp.read`);
    expect((await door.refresh!(upstream!)).accessToken).not.toBe(upstream!.accessToken);
  });

  it('lets in people of the tenants that are allowed, each under the issuer of their own', async () => {
    const several = { tenant: 'organizations', allowedTenants: [tenant, otherTenant] };
    const both = await open({ accounts: 'any organisation', edov: true }, several);
    expect((await both.signIn('alice@acme.example')).identity).toMatchObject({
      ...alice,
      emailVerified: true,
    });
    const { identity } = await both.signIn('mallory@evil.example');
    expect(identity).toMatchObject({
      issuer: `https://login.microsoftonline.com/${otherTenant}/v2.0`,
      email: 'alice@acme.example',
      emailVerified: false,
    });
    expect(both.door.accepts(identity)).toBe(true);

    const one = await open(
      { accounts: 'any organisation' },
      { tenant: 'organizations', allowedTenants: tenant },
    );
    expect((await one.signIn('alice@acme.example')).identity).toMatchObject(alice);
    await expect(one.signIn('mallory@evil.example')).rejects.toMatchObject({
      reason: 'sign-in.provider-answer',
    });
    expect(one.door.accepts(identity)).toBe(false);
    expect(one.door.accepts(alice)).toBe(true);
  });

  it('is in the cloud of the government, too', async () => {
    const authority = 'login.microsoftonline.us';
    const { signIn } = await open({ cloud: 'government' }, { tenant, authority });
    const { identity } = await signIn('alice@acme.example');
    expect(identity.issuer).toBe(`https://${authority}/${tenant}/v2.0`);
  });

  it('is Azure AD B2C with a policy', async () => {
    const standIn = await startAzureB2c({ addresses: 'real', redirectUris: [callbackUrl] });
    closing.push(standIn.close);
    const { clientId, clientSecret, policyName: policy } = standIn.consoleValues;
    const options = {
      tenant: '775527ff-9a37-4307-8b3d-cc311f58d925',
      authority: 'acmecustomers.b2clogin.com',
      policy,
    };
    const { door, signIn } = await openPreset(azure, standIn, { clientId, clientSecret, options });
    const { identity, upstream } = await signIn('alice@mail.example');
    expect(identity).toMatchObject({
      issuer: `https://acmecustomers.b2clogin.com/${options.tenant}/v2.0/`,
      subject: '884408e1-2918-4cz0-b12d-3aa027d7563b',
      name: 'Alice',
      email: 'alice@mail.example',
      emailVerified: false,
    });
    expect((await door.refresh!(upstream!)).refreshToken).toBeDefined();
  });
});

describe('Microsoft Entra ID, what clients get themselves', () => {
  const resource = 'https://mcp.acme.example/mcp';
  const remote = (options: Options) =>
    remoteOptions(
      azure,
      presetInput(azure, 'remote', { resource, requiredScopes: ['openid'], clientId: 'app', options }),
    );

  it('of one tenant, in both versions of its tokens', () => {
    const { verifier, scopes, ...rest } = remote({ tenant });
    const base = `https://login.microsoftonline.com/${tenant}`;
    expect(rest).toEqual({
      authorizationServers: [`${base}/v2.0`],
      forwardMetadata: `${base}/v2.0/.well-known/openid-configuration`,
    });
    expect(verifier).toMatchObject({
      issuer: [`${base}/v2.0`, `https://sts.windows.net/${tenant}/`],
      identityIssuer: `${base}/v2.0`,
      keys: { jwksUri: `${base}/discovery/v2.0/keys` },
      audience: ['app', 'api://app'],
    });
    expect(scopes!.toProvider('mcp.read')).toBe('api://app/mcp.read');
    expect(verifier.mapScopes!(['mcp.read', 'api://app/mcp.write'])).toEqual(['mcp.read', 'mcp.write']);
  });

  it('of several tenants', () => {
    expect(remote({ tenant: 'common', allowedTenants: [tenant] }).verifier.issuer).toEqual([
      {
        template: 'https://login.microsoftonline.com/{tenant}/v2.0',
        tenants: [tenant],
        tenantClaim: 'tid',
      },
      { template: 'https://sts.windows.net/{tenant}/', tenants: [tenant], tenantClaim: 'tid' },
    ]);
  });

  it.each([
    [{ tenant: 'organizations' }, 'upstream.allowedTenants'],
    [{ tenant, allowedTenants: otherTenant }, 'upstream.allowedTenants'],
    [{ tenant: 'organizations', policy: 'p', authority: 'a.b2clogin.com' }, 'upstream.tenant'],
    [{ tenant, policy: 'p' }, 'upstream.authority'],
    [{ tenant: 'acme.onmicrosoft.com' }, 'upstream.tenant'],
  ])('can not be %j', (options, setting) => {
    expect(() => remote(options)).toThrow(setting);
  });
});
