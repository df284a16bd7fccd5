import { prefixedScopes } from '../protocol/scope-map.ts';
import type { Preset, PresetInput } from './preset.ts';
import { accessTokenClaims, azureClaims, azureConflicts, azureOptions, azureYields } from './preset-azure.ts';

/** Entra ID has an issuer for each tenant; Azure AD B2C (with `policy`) names the tenant by its id, and ends with a slash. */
function places({ clientId, options, lists, requiredScopes }: PresetInput) {
  const { authority = 'login.microsoftonline.com', tenant = '', policy, identifierUri } = options;
  const host = `https://${authority}`;
  const base = policy === undefined ? `${host}/${tenant}` : `${host}/${tenant}/${policy}`;
  const isShared = ['common', 'organizations', 'consumers'].includes(tenant);
  const allowed = isShared ? (lists.allowedTenants ?? []) : undefined;
  const api = identifierUri ?? (policy === undefined ? `api://${clientId}` : undefined);
  const scopes = prefixedScopes(api ?? clientId);
  const apiScopes = identifierUri === undefined ? [] : requiredScopes.map(scopes.toProvider);
  const issuer = policy === undefined ? `${base}/v2.0` : `${host}/${tenant}/v2.0/`;
  return { host, base, issuer, api, apiScopes, allowed, scopes };
}

export const azure: Preset = {
  id: 'azure',
  title: 'Microsoft Entra ID',
  clientSecret: 'optional',
  remoteNeeds: ['clientId', 'scopes'],
  clientsRegister: false,
  takesResource: false,
  options: azureOptions,
  conflicts: azureConflicts,
  modes: ['proxy', 'remote'],
  proxy(input) {
    const { host, base, issuer, apiScopes, allowed } = places(input);
    const { policy } = input.options;
    // B2C gives an access token only for an API, and its own id is one. It does not know the scope `email`.
    const own = policy === undefined ? ['email'] : apiScopes.length > 0 ? [] : [input.clientId];
    return {
      issuer,
      clientAuthentication: input.clientSecret === undefined ? 'none' : 'post',
      discovery: false,
      endpoints: {
        authorization: `${base}/oauth2/v2.0/authorize`,
        token: `${base}/oauth2/v2.0/token`,
        keys: `${base}/discovery/v2.0/keys`,
      },
      ...(allowed && { tenants: { template: `${host}/{tenant}/v2.0`, claim: 'tid', allowed } }),
      scopes: ['openid', 'profile', 'offline_access', ...own, ...apiScopes],
      userinfo: false,
      keepClaims: ['oid', 'tid', 'roles'],
      person: azureClaims,
    };
  },
  remote(input) {
    const { host, base, issuer, api, allowed, scopes } = places(input);
    const tenants = allowed && { tenants: allowed, tenantClaim: 'tid' };
    const v1 = 'https://sts.windows.net';
    const single = input.options.policy === undefined ? [issuer, `${v1}/${input.options.tenant}/`] : [issuer];
    return {
      authorizationServers: [`${base}/v2.0`],
      verifier: {
        kind: 'jwt',
        issuer: tenants
          ? [
              { template: `${host}/{tenant}/v2.0`, ...tenants },
              { template: `${v1}/{tenant}/`, ...tenants },
            ]
          : single,
        ...(tenants ? {} : { identityIssuer: issuer }),
        keys: { jwksUri: `${base}/discovery/v2.0/keys` },
        audience: api === undefined ? [input.clientId] : [input.clientId, api],
        shapeClaims: accessTokenClaims(input.options.policy),
        keepClaims: ['oid', 'tid', 'roles'],
      },
      scopes,
      forwardMetadata: `${base}/v2.0/.well-known/openid-configuration`,
    };
  },
  yields: azureYields,
  documentation: 'https://learn.microsoft.com/entra/identity-platform/',
};
