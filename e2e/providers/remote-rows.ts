// One row for each form in which clients get their tokens from the provider itself.
import { auth0 } from '@portcullis/auth/providers/auth0';
import { aws } from '@portcullis/auth/providers/aws';
import { azure } from '@portcullis/auth/providers/azure';
import { descope } from '@portcullis/auth/providers/descope';
import { keycloak } from '@portcullis/auth/providers/keycloak';
import { okta } from '@portcullis/auth/providers/okta';
import { propelauth } from '@portcullis/auth/providers/propelauth';
import { scalekit } from '@portcullis/auth/providers/scalekit';
import { supabase } from '@portcullis/auth/providers/supabase';
import { workos } from '@portcullis/auth/providers/workos';
import { startAuth0 } from '../../testing/providers/auth0.ts';
import { startAws } from '../../testing/providers/aws.ts';
import { startAzure } from '../../testing/providers/azure.ts';
import { startAzureB2c } from '../../testing/providers/azure-b2c.ts';
import { ENTRA_IDS } from '../../testing/providers/azure-facts.ts';
import { startDescope } from '../../testing/providers/descope.ts';
import { startKeycloak } from '../../testing/providers/keycloak.ts';
import { startOkta } from '../../testing/providers/okta.ts';
import { startPropelAuth } from '../../testing/providers/propelauth.ts';
import { startScalekit } from '../../testing/providers/scalekit.ts';
import { startSupabase } from '../../testing/providers/supabase.ts';
import { startWorkos } from '../../testing/providers/workos.ts';
import { MCP_URL, starting } from './provider.ts';
import type { RemoteRow } from './remote-login.contract.ts';

const ALICE = 'alice@acme.example';
const OTHER_ID = '0d2b1c3e-0000-4000-8000-00000000beef';

const AUTH0: RemoteRow = {
  name: 'Auth0',
  preset: auth0,
  start: starting(
    startAuth0,
    { registration: true, resourceProfile: true, permissionsInToken: true },
    ({ domain }) => ({ domain }),
  ),
  client: 'registers itself',
  baselineScopes: ['openid', 'mcp:read'],
  requiredScopes: ['mcp:read'],
  login: ALICE,
  person: { issuer: 'https://acme.eu.auth0.com/', subject: 'auth0|6540f0e2a1b2c3d4e5f60001' },
  scopes: ['openid', 'mcp:read', 'offline_access', 'mcp:write'],
};

const AWS_READ = `${MCP_URL}/read`;
const AWS: readonly RemoteRow[] = (['is told an id', 'registers with us'] as const).map((client) => ({
  name: `Amazon Cognito, where a client ${client}`,
  preset: aws,
  start: starting(startAws, { publicClient: true }, ({ userPoolId }) => ({ userPoolId })),
  client,
  baselineScopes: ['openid', AWS_READ],
  requiredScopes: [AWS_READ],
  login: ALICE,
  person: {
    issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab12Cd34E',
    subject: '3344a852-6001-70e5-4d2a-000000000001',
    groups: ['admin', 'analysts'],
  },
  scopes: ['openid', AWS_READ],
}));

const entra = {
  preset: azure,
  baselineScopes: ['openid', 'mcp.read'],
  requiredScopes: ['mcp.read'],
  login: ALICE,
  scopes: ['mcp.read'],
  needsScopes: true,
  // Another application of the same tenant.
  elsewhere: { clientId: OTHER_ID },
} as const;
const entraPerson = {
  issuer: `https://login.microsoftonline.com/${ENTRA_IDS.tenant}/v2.0`,
  subject: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbta1',
  claims: { oid: '00000000-0000-4000-8000-000000000001', tid: ENTRA_IDS.tenant, roles: ['Mcp.Admin'] },
};
const AZURE: readonly RemoteRow[] = [
  ...(['is told an id', 'registers with us'] as const).map((client) => ({
    ...entra,
    name: `Microsoft Entra ID, one tenant, where a client ${client}`,
    start: starting(
      startAzure,
      { platform: 'public', groups: true },
      ({ tenantId: tenant, addressUri: identifierUri }) => ({ tenant, identifierUri }),
    ),
    client,
    person: {
      ...entraPerson,
      groups: ['9c3b1e0a-0000-4000-8000-000000000001', '9c3b1e0a-0000-4000-8000-000000000002'],
    },
  })),
  {
    ...entra,
    name: 'Microsoft Entra ID, several tenants',
    // Its metadata names no tenant as issuer, and clients believe only ours.
    start: starting(
      startAzure,
      { platform: 'public', accounts: 'any organisation' },
      ({ addressUri: identifierUri }) => ({
        tenant: 'organizations',
        allowedTenants: [ENTRA_IDS.tenant],
        identifierUri,
      }),
    ),
    client: 'registers with us',
    person: entraPerson,
  },
  {
    ...entra,
    name: 'Azure AD B2C',
    start: starting(startAzureB2c, { publicClient: true }, ({ tenantName, policyName, identifierUri }) => ({
      tenant: '775527ff-9a37-4307-8b3d-cc311f58d925',
      authority: `${tenantName}.b2clogin.com`,
      policy: policyName,
      identifierUri,
    })),
    client: 'registers with us',
    login: 'alice@mail.example',
    person: {
      issuer: 'https://acmecustomers.b2clogin.com/775527ff-9a37-4307-8b3d-cc311f58d925/v2.0/',
      subject: '884408e1-2918-4cz0-b12d-3aa027d7563b',
      claims: { oid: '884408e1-2918-4cz0-b12d-3aa027d7563b' },
    },
  },
];

const descopeRow = {
  preset: descope,
  baselineScopes: ['openid', 'mcp:read'],
  requiredScopes: ['mcp:read'],
  login: ALICE,
  scopes: ['openid', 'mcp:read'],
};
const DESCOPE: readonly RemoteRow[] = [
  {
    ...descopeRow,
    name: 'Descope, MCP server',
    start: starting(startDescope, {}, ({ projectId, mcpServerId }) => ({
      projectId,
      resourceId: mcpServerId,
    })),
    client: 'registers itself',
    person: {
      issuer:
        'https://api.descope.com/v1/apps/agentic/P32juVkF2iM8wAGoM8PiLkGi6POV/MS35d1Xw1Yo6zozsW7n8BU6xLmnAs',
      subject: 'U32jx4uZ5uGRz2o7HEiE9GpcPpr1',
    },
  },
  {
    ...descopeRow,
    name: 'Descope, inbound app',
    start: starting(
      startDescope,
      { application: 'inbound app', publicClient: true, audienceWhitelist: [MCP_URL] },
      ({ projectId }) => ({ projectId }),
    ),
    client: 'is told an id',
    person: {
      issuer: 'https://api.descope.com/v1/apps/P32juVkF2iM8wAGoM8PiLkGi6POV',
      subject: 'U32jx4uZ5uGRz2o7HEiE9GpcPpr1',
    },
    elsewhere: { options: { projectId: 'P2abcDEFghiJKLmnoPQRstuVWX01' } },
  },
];

const KEYCLOAK: RemoteRow = {
  name: 'Keycloak, where a client registers itself',
  preset: keycloak,
  start: starting(
    startKeycloak,
    { trustedHosts: ['127.0.0.1', 'localhost'], audience: MCP_URL, groupsMapper: true },
    ({ realmUrl }) => ({ realmUrl }),
  ),
  client: 'registers itself',
  baselineScopes: ['openid', 'mcp:read'],
  requiredScopes: ['mcp:read'],
  login: 'alice',
  person: {
    issuer: 'https://sso.acme.example/realms/acme',
    subject: 'f0e1d2c3-0000-4000-8000-000000000001',
    name: 'Alice Adams',
    email: ALICE,
    emailVerified: true,
    groups: ['/analysts', '/staff/data'],
  },
  scopes: ['openid', 'mcp:read', 'offline_access', 'profile', 'email'],
};

const KEYCLOAK_PUBLIC: RemoteRow = {
  ...KEYCLOAK,
  name: 'Keycloak, where a client is told an id',
  start: starting(
    startKeycloak,
    { publicClient: true, audience: MCP_URL, groupsMapper: true },
    ({ realmUrl }) => ({ realmUrl }),
  ),
  client: 'is told an id',
};

const OKTA: RemoteRow = {
  name: 'Okta, single-page application',
  preset: okta,
  start: starting(
    startOkta,
    { application: 'spa', groupsClaim: true },
    ({ domain, authorizationServerId, audience }) => ({
      domain,
      authorizationServer: authorizationServerId,
      audience,
    }),
  ),
  client: 'registers with us',
  baselineScopes: ['openid', 'mcp:read'],
  requiredScopes: ['mcp:read'],
  needsScopes: true,
  login: ALICE,
  person: {
    issuer: 'https://dev-12345678.okta.com/oauth2/default',
    subject: '00uid4BxXw6I6TV4m0g3',
    groups: ['Everyone', 'Analysts'],
  },
  scopes: ['openid', 'mcp:read', 'offline_access'],
  elsewhere: {
    options: {
      domain: 'dev-12345678.okta.com',
      authorizationServer: 'default',
      audience: 'api://another',
    },
  },
};

const PROPELAUTH: RemoteRow = {
  name: 'PropelAuth',
  preset: propelauth,
  // What asks about tokens has an id and a secret of its own.
  start: async (options) => {
    const standIn = await startPropelAuth({ ...options, dynamicRegistration: true });
    const { authUrl, introspectionClientId, introspectionClientSecret } = standIn.consoleValues;
    const registration = { clientId: introspectionClientId, clientSecret: introspectionClientSecret };
    return { ...standIn, values: { ...registration, options: { environmentUrl: authUrl } } };
  },
  client: 'registers itself',
  baselineScopes: ['read:user_data'],
  requiredScopes: ['read:user_data'],
  login: ALICE,
  person: {
    issuer: 'https://auth.acme.example/oauth/2.1',
    subject: '31c41c16-c281-44ae-9602-8a047e3bf33d',
  },
  scopes: ['read:user_data'],
  idToken: false,
};

const SCALEKIT: readonly RemoteRow[] = [
  { issuedBy: 'environment', scopesIn: 'both' } as const,
  { issuedBy: 'resource', scopesIn: 'list', serverUrl: MCP_URL } as const,
].map((form) => ({
  name: `Scalekit, tokens of the ${form.issuedBy}`,
  preset: scalekit,
  start: starting(startScalekit, form, ({ environmentUrl, resourceId }) => ({ environmentUrl, resourceId })),
  client: 'registers itself',
  baselineScopes: ['openid', 'mcp:read'],
  requiredScopes: ['mcp:read'],
  login: ALICE,
  person: { issuer: 'https://acme.scalekit.com', subject: 'usr_121247790507492801' },
  scopes: ['openid', 'mcp:read', 'offline_access'],
  elsewhere: {
    options: { environmentUrl: 'https://acme.scalekit.com', resourceId: 'res_70123456789012345' },
  },
}));

const SUPABASE: RemoteRow = {
  name: 'Supabase',
  preset: supabase,
  start: starting(startSupabase, { dynamicRegistration: true }, ({ projectUrl }) => ({ projectUrl })),
  client: 'registers itself',
  baselineScopes: ['openid', 'email'],
  requiredScopes: ['email'],
  login: ALICE,
  person: {
    issuer: 'https://abcdefghijklmnopqrst.supabase.co/auth/v1',
    subject: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
    email: ALICE,
    emailVerified: false,
  },
  scopes: ['openid', 'email', 'offline_access'],
  elsewhere: 'none',
};

const SUPABASE_HOOK: RemoteRow = {
  ...SUPABASE,
  name: 'Supabase with a hook',
  start: starting(
    startSupabase,
    { dynamicRegistration: true, tokenHook: { aud: MCP_URL } },
    ({ projectUrl }) => ({ projectUrl, audience: MCP_URL }),
  ),
  elsewhere: {
    options: {
      projectUrl: 'https://abcdefghijklmnopqrst.supabase.co',
      audience: 'https://other.acme.example/mcp',
    },
  },
};

const WORKOS: RemoteRow = {
  name: 'WorkOS AuthKit',
  preset: workos,
  start: starting(
    startWorkos,
    { dynamicRegistration: true, resources: [MCP_URL] },
    ({ authkitDomain: domain }) => ({ domain }),
  ),
  client: 'registers itself',
  baselineScopes: ['openid', 'profile'],
  requiredScopes: ['openid'],
  login: ALICE,
  person: { issuer: 'https://acme-staging.authkit.app', subject: 'user_01JQ0E27VT3MH79RY0FVA4QBP9' },
  scopes: ['openid', 'profile', 'offline_access'],
};

export const REMOTE_ROWS: readonly RemoteRow[] = [
  AUTH0,
  ...AWS,
  ...AZURE,
  ...DESCOPE,
  KEYCLOAK,
  KEYCLOAK_PUBLIC,
  OKTA,
  PROPELAUTH,
  ...SCALEKIT,
  SUPABASE,
  SUPABASE_HOOK,
  WORKOS,
];
