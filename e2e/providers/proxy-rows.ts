// One row for each form in which people sign in through our issuer.
import { auth0 } from '@portcullis/auth/providers/auth0';
import { aws } from '@portcullis/auth/providers/aws';
import { azure } from '@portcullis/auth/providers/azure';
import { clerk } from '@portcullis/auth/providers/clerk';
import { discord } from '@portcullis/auth/providers/discord';
import { github } from '@portcullis/auth/providers/github';
import { google } from '@portcullis/auth/providers/google';
import { huggingface } from '@portcullis/auth/providers/huggingface';
import { keycloak } from '@portcullis/auth/providers/keycloak';
import { oci } from '@portcullis/auth/providers/oci';
import { okta } from '@portcullis/auth/providers/okta';
import { workos } from '@portcullis/auth/providers/workos';
import { startAuth0 } from '../../testing/providers/auth0.ts';
import { startAws } from '../../testing/providers/aws.ts';
import { startAzure } from '../../testing/providers/azure.ts';
import { startAzureB2c } from '../../testing/providers/azure-b2c.ts';
import { ENTRA_IDS } from '../../testing/providers/azure-facts.ts';
import { startClerk } from '../../testing/providers/clerk.ts';
import { startDiscord } from '../../testing/providers/discord.ts';
import { startGitHub } from '../../testing/providers/github.ts';
import { startGoogle } from '../../testing/providers/google.ts';
import { startHuggingFace } from '../../testing/providers/huggingface.ts';
import { startKeycloak } from '../../testing/providers/keycloak.ts';
import { startOci } from '../../testing/providers/oci.ts';
import { startOkta } from '../../testing/providers/okta.ts';
import { startWorkos } from '../../testing/providers/workos.ts';
import { starting } from './provider.ts';
import type { ProxyRow } from './proxy-login.contract.ts';

const ALICE = 'alice@acme.example';
/** What most providers say of the same person. */
const alice = { name: 'Alice Adams', email: ALICE, emailVerified: true };

const auth0Person = {
  issuer: 'https://acme.eu.auth0.com/',
  subject: 'auth0|6540f0e2a1b2c3d4e5f60001',
  ...alice,
};
const AUTH0: readonly ProxyRow[] = [
  {
    name: 'Auth0 without an API',
    preset: auth0,
    start: starting(startAuth0, {}, ({ domain }) => ({ domain })),
    login: ALICE,
    person: auth0Person,
    revocation: '/oauth/revoke',
  },
  {
    name: 'Auth0 with an API',
    preset: auth0,
    start: starting(startAuth0, {}, ({ domain, audience }) => ({ domain, audience })),
    login: ALICE,
    person: auth0Person,
    revocation: '/oauth/revoke',
  },
];

const AWS: readonly ProxyRow[] = [{ publicClient: false }, { publicClient: true }].map((form) => ({
  name: `Amazon Cognito, ${form.publicClient ? 'public client' : 'client with a secret'}`,
  preset: aws,
  start: starting(startAws, form, ({ userPoolId, region }) => ({ userPoolId, region })),
  login: ALICE,
  person: {
    issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab12Cd34E',
    subject: '3344a852-6001-70e5-4d2a-000000000001',
    ...alice,
    groups: ['admin', 'analysts'],
  },
  revocation: '/oauth2/revoke',
}));

const entraPerson = {
  issuer: `https://login.microsoftonline.com/${ENTRA_IDS.tenant}/v2.0`,
  subject: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbta1',
  ...alice,
  claims: {
    oid: '00000000-0000-4000-8000-000000000001',
    tid: ENTRA_IDS.tenant,
    roles: ['Mcp.Admin'],
  },
};
const AZURE: readonly ProxyRow[] = [
  {
    name: 'Microsoft Entra ID, one tenant',
    preset: azure,
    start: starting(startAzure, { edov: true, groups: true }, ({ tenantId: tenant }) => ({ tenant })),
    login: ALICE,
    person: {
      ...entraPerson,
      groups: ['9c3b1e0a-0000-4000-8000-000000000001', '9c3b1e0a-0000-4000-8000-000000000002'],
    },
  },
  {
    name: 'Microsoft Entra ID, one tenant, with scopes of an API',
    preset: azure,
    start: starting(startAzure, { edov: true }, ({ tenantId: tenant, identifierUri }) => ({
      tenant,
      identifierUri,
    })),
    apiScopes: ['mcp.read'],
    login: ALICE,
    person: entraPerson,
  },
  {
    name: 'Microsoft Entra ID, several tenants',
    preset: azure,
    start: starting(startAzure, { accounts: 'any organisation' }, () => ({
      tenant: 'organizations',
      allowedTenants: [ENTRA_IDS.tenant, ENTRA_IDS.otherTenant],
    })),
    login: 'mallory@evil.example',
    // Of another tenant, with an e-mail that is not theirs, and another issuer.
    person: {
      issuer: `https://login.microsoftonline.com/${ENTRA_IDS.otherTenant}/v2.0`,
      subject: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbta3',
      name: 'mallory',
      email: ALICE,
      emailVerified: false,
      claims: { oid: '00000000-0000-4000-8000-000000000003', tid: ENTRA_IDS.otherTenant },
    },
  },
  {
    name: 'Microsoft Entra ID, cloud of the government',
    preset: azure,
    start: starting(startAzure, { cloud: 'government' }, ({ tenantId: tenant }) => ({
      tenant,
      authority: 'login.microsoftonline.us',
    })),
    login: ALICE,
    person: {
      ...entraPerson,
      issuer: `https://login.microsoftonline.us/${ENTRA_IDS.tenant}/v2.0`,
      emailVerified: false,
    },
  },
  {
    name: 'Azure AD B2C',
    preset: azure,
    start: starting(startAzureB2c, {}, ({ tenantName, policyName: policy }) => ({
      tenant: '775527ff-9a37-4307-8b3d-cc311f58d925',
      authority: `${tenantName}.b2clogin.com`,
      policy,
    })),
    login: 'alice@mail.example',
    person: {
      issuer: 'https://acmecustomers.b2clogin.com/775527ff-9a37-4307-8b3d-cc311f58d925/v2.0/',
      subject: '884408e1-2918-4cz0-b12d-3aa027d7563b',
      name: 'Alice',
      email: 'alice@mail.example',
      emailVerified: false,
      claims: { oid: '884408e1-2918-4cz0-b12d-3aa027d7563b' },
    },
  },
];

const CLERK: readonly ProxyRow[] = [
  { accessTokens: 'jwt' } as const,
  { accessTokens: 'opaque' } as const,
  { publicClient: true } as const,
].map((form) => ({
  name: `Clerk with ${JSON.stringify(form)}`,
  preset: clerk,
  start: starting(startClerk, form, ({ domain }) => ({ domain })),
  login: ALICE,
  person: {
    issuer: 'https://well-hagfish-71.clerk.accounts.dev',
    subject: 'user_3BJN08XElmDVNILqWw1IT4fXzUd',
    ...alice,
  },
  revocation: '/oauth/token/revoke',
}));

const DISCORD: ProxyRow = {
  name: 'Discord',
  preset: discord,
  start: starting(startDiscord, {}, () => ({})),
  login: 'alice',
  person: { issuer: 'https://discord.com', subject: '80351110224678912', ...alice },
  revocation: '/api/oauth2/token/revoke',
};

const GITHUB: ProxyRow = {
  name: 'GitHub',
  preset: github,
  start: starting(startGitHub, {}, () => ({ organizations: ['acme', 'open-source'] })),
  login: 'alice',
  person: {
    issuer: 'https://github.com',
    subject: '1001',
    ...alice,
    groups: [
      'acme',
      'open-source',
      'acme/engineering',
      ...Array.from({ length: 34 }, (_, index) => `acme/team-${index + 1}`),
    ],
  },
  revocation: '/applications/Ov23liStandInOfGitHub/token',
  refreshes: false,
};

const GOOGLE: readonly ProxyRow[] = [undefined, ['acme.example']].map((hostedDomains) => ({
  name: `Google, ${hostedDomains ? 'people of a domain' : 'anybody'}`,
  preset: google,
  start: starting(startGoogle, {}, () => ({ hostedDomains })),
  login: ALICE,
  person: { issuer: 'https://accounts.google.com', subject: '110169484474386276334', ...alice },
  revocation: '/revoke',
}));

const HUGGING_FACE: readonly ProxyRow[] = [{ publicClient: false }, { publicClient: true }].map((form) => ({
  name: `Hugging Face, ${form.publicClient ? 'public application' : 'application with a secret'}`,
  preset: huggingface,
  start: starting(startHuggingFace, form, () => ({ organizations: 'acme' })),
  login: 'alice',
  person: {
    issuer: 'https://huggingface.co',
    subject: '62f264b9f3c90f4b6514a269',
    ...alice,
    groups: ['acme', 'open-models'],
  },
}));

const KEYCLOAK: readonly ProxyRow[] = [{ publicClient: false }, { publicClient: true }].map((form) => ({
  name: `Keycloak, ${form.publicClient ? 'public client' : 'client with a secret'}`,
  preset: keycloak,
  start: starting(startKeycloak, { groupsMapper: true, ...form }, ({ realmUrl }) => ({ realmUrl })),
  login: 'alice',
  person: {
    issuer: 'https://sso.acme.example/realms/acme',
    subject: 'f0e1d2c3-0000-4000-8000-000000000001',
    ...alice,
    groups: ['/analysts', '/staff/data'],
  },
  revocation: '/realms/acme/protocol/openid-connect/revoke',
}));

const OCI: ProxyRow = {
  name: 'Oracle Cloud',
  preset: oci,
  start: starting(startOci, {}, ({ domainUrl: domain }) => ({ domain })),
  login: ALICE,
  person: {
    issuer: 'https://identity.oraclecloud.com/',
    subject: ALICE,
    ...alice,
    groups: ['Analysts', 'Administrators'],
    claims: {
      user_id: '8f1d2c5e0a4b4a9e9b1a1e2f3a4b5c01',
      tenant: 'idcs-0123456789abcdef0123456789abcdef',
    },
  },
  revocation: '/oauth2/v1/revoke',
};

const oktaPerson = { subject: '00uid4BxXw6I6TV4m0g3', ...alice };
const OKTA: readonly ProxyRow[] = [
  ...(['web', 'spa'] as const).map((application) => ({
    name: `Okta, custom server, ${application} application`,
    preset: okta,
    start: starting(startOkta, { application }, ({ domain, authorizationServerId }) => ({
      domain,
      authorizationServer: authorizationServerId,
    })),
    login: ALICE,
    person: { issuer: 'https://dev-12345678.okta.com/oauth2/default', ...oktaPerson },
    revocation: '/oauth2/default/v1/revoke',
  })),
  {
    name: 'Okta, server of the organisation',
    preset: okta,
    start: starting(startOkta, { server: 'org' }, ({ domain }) => ({ domain })),
    login: ALICE,
    person: { issuer: 'https://dev-12345678.okta.com', ...oktaPerson, groups: ['Everyone', 'Analysts'] },
    revocation: '/oauth2/v1/revoke',
  },
];

const WORKOS: ProxyRow = {
  name: 'WorkOS Connect',
  preset: workos,
  start: starting(startWorkos, {}, ({ authkitDomain: domain }) => ({ domain })),
  login: ALICE,
  person: {
    issuer: 'https://acme-staging.authkit.app',
    subject: 'user_01JQ0E27VT3MH79RY0FVA4QBP9',
    ...alice,
  },
};

export const PROXY_ROWS: readonly ProxyRow[] = [
  ...AUTH0,
  ...AWS,
  ...AZURE,
  ...CLERK,
  DISCORD,
  GITHUB,
  ...GOOGLE,
  ...HUGGING_FACE,
  ...KEYCLOAK,
  OCI,
  ...OKTA,
  WORKOS,
];
