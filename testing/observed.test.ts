import { describe, expect, it } from 'vitest';
import { type Observed, observe, type Subject } from './observed.ts';
import { startAuth0 } from './providers/auth0.ts';
import { startAws } from './providers/aws.ts';
import { startAzure } from './providers/azure.ts';
import { startAzureB2c } from './providers/azure-b2c.ts';
import { startGitHub } from './providers/github.ts';
import { startGoogle } from './providers/google.ts';
import { startHuggingFace } from './providers/huggingface.ts';
import { startKeycloak } from './providers/keycloak.ts';
import { startOci } from './providers/oci.ts';
import { startOkta } from './providers/okta.ts';
import { RelyingParty } from './relying-party.ts';
import type { StandInOptions } from './rules.ts';

interface Row {
  readonly name: string;
  start(options: StandInOptions): Promise<{
    readonly origin: string;
    readonly redirectUris: readonly string[];
    readonly consoleValues: { readonly clientId: string; readonly clientSecret?: string };
    close(): Promise<void>;
  }>;
  readonly authorize: string;
  readonly token: string;
  readonly revoke?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly login: string;
  readonly codeSeconds: number;
  /** Default `post`. */
  readonly authentication?: 'basic' | 'post';
  readonly expected: Observed;
}

const ALICE = 'alice@acme.example';
const KEYCLOAK = '/realms/acme/protocol/openid-connect';
const ENTRA = '/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/oauth2/v2.0';
const B2C = '/acmecustomers.onmicrosoft.com/B2C_1_sign_in/oauth2/v2.0';
const ALL_CHALLENGES = ['S256', 'plain', 'plain without method', 'none'] as const;

const usual: Observed = {
  codeEndsInTime: true,
  accessTokenSeconds: 3600,
  challenges: ALL_CHALLENGES,
  required: ['redirect_uri', 'scope'],
  authentication: ['basic', 'post'],
  issuerInResponse: false,
  refresh: 'same token',
  revocable: [],
};

const ROWS: readonly Row[] = [
  {
    name: 'Auth0',
    start: startAuth0,
    authorize: '/authorize',
    token: '/oauth/token',
    revoke: '/oauth/revoke',
    parameters: { scope: 'openid offline_access' },
    login: ALICE,
    codeSeconds: 600,
    expected: {
      ...usual,
      accessTokenSeconds: 86_400,
      required: ['redirect_uri'],
      authentication: ['post'],
      refresh: 'new, reuse ends all',
      revocable: ['refresh'],
    },
  },
  {
    name: 'Amazon Cognito',
    start: startAws,
    authorize: '/oauth2/authorize',
    token: '/oauth2/token',
    revoke: '/oauth2/revoke',
    parameters: { scope: 'openid' },
    login: ALICE,
    codeSeconds: 300,
    expected: { ...usual, challenges: ['S256', 'none'], required: ['redirect_uri'], revocable: ['refresh'] },
  },
  {
    name: 'Microsoft Entra ID',
    start: startAzure,
    authorize: `${ENTRA}/authorize`,
    token: `${ENTRA}/token`,
    parameters: { scope: 'openid offline_access' },
    login: ALICE,
    codeSeconds: 600,
    expected: { ...usual, accessTokenSeconds: 3599, refresh: 'new, old one stays' },
  },
  {
    name: 'Azure AD B2C',
    start: startAzureB2c,
    authorize: `${B2C}/authorize`,
    token: `${B2C}/token`,
    parameters: { scope: 'openid offline_access' },
    login: 'alice@mail.example',
    codeSeconds: 600,
    expected: { ...usual, refresh: 'new, old one stays' },
  },
  {
    name: 'Google',
    start: startGoogle,
    authorize: '/o/oauth2/v2/auth',
    token: '/token',
    parameters: { scope: 'openid', access_type: 'offline', prompt: 'consent' },
    login: ALICE,
    codeSeconds: 600,
    expected: { ...usual, accessTokenSeconds: 3599 },
  },
  {
    name: 'GitHub',
    start: startGitHub,
    authorize: '/login/oauth/authorize',
    token: '/login/oauth/access_token',
    parameters: { scope: 'read:org' },
    login: 'alice',
    codeSeconds: 600,
    expected: {
      ...usual,
      accessTokenSeconds: undefined,
      challenges: ['S256', 'none'],
      required: [],
      authentication: ['post'],
      refresh: 'none',
    },
  },
  {
    name: 'Okta',
    start: startOkta,
    authorize: '/oauth2/default/v1/authorize',
    token: '/oauth2/default/v1/token',
    revoke: '/oauth2/default/v1/revoke',
    parameters: { scope: 'openid offline_access' },
    login: ALICE,
    codeSeconds: 60,
    authentication: 'basic',
    expected: {
      ...usual,
      challenges: ['S256', 'none'],
      required: ['redirect_uri', 'scope', 'state'],
      authentication: ['basic'],
      revocable: ['access', 'refresh'],
    },
  },
  {
    name: 'Okta, single-page application',
    start: (options) => startOkta({ ...options, application: 'spa' }),
    authorize: '/oauth2/default/v1/authorize',
    token: '/oauth2/default/v1/token',
    parameters: { scope: 'openid offline_access' },
    login: ALICE,
    codeSeconds: 60,
    expected: {
      ...usual,
      challenges: ['S256'],
      required: ['redirect_uri', 'scope', 'state'],
      authentication: [],
      refresh: 'new, reuse ends all',
    },
  },
  {
    name: 'Keycloak',
    start: startKeycloak,
    authorize: `${KEYCLOAK}/auth`,
    token: `${KEYCLOAK}/token`,
    revoke: `${KEYCLOAK}/revoke`,
    parameters: { scope: 'openid' },
    login: 'alice',
    codeSeconds: 60,
    expected: {
      ...usual,
      accessTokenSeconds: 300,
      required: ['redirect_uri'],
      issuerInResponse: true,
      refresh: 'new, old one stays',
      revocable: ['access', 'refresh'],
    },
  },
  {
    name: 'Oracle identity domains',
    start: startOci,
    authorize: '/oauth2/v1/authorize',
    token: '/oauth2/v1/token',
    revoke: '/oauth2/v1/revoke',
    parameters: { scope: 'openid offline_access' },
    login: ALICE,
    codeSeconds: 600,
    authentication: 'basic',
    expected: {
      ...usual,
      authentication: ['basic'],
      refresh: 'new, old one ends',
      revocable: ['access', 'refresh'],
    },
  },
  {
    name: 'Hugging Face',
    start: startHuggingFace,
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    parameters: { scope: 'openid' },
    login: 'alice',
    codeSeconds: 600,
    expected: {
      ...usual,
      accessTokenSeconds: 28_800,
      challenges: ['S256', 'none'],
      refresh: 'new, old one ends',
    },
  },
  {
    name: 'Hugging Face, public',
    start: (options) => startHuggingFace({ ...options, publicClient: true }),
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    parameters: { scope: 'openid' },
    login: 'alice',
    codeSeconds: 600,
    expected: {
      ...usual,
      accessTokenSeconds: 28_800,
      challenges: ['S256'],
      authentication: [],
      refresh: 'new, old one ends',
    },
  },
];

async function subject(row: Row, nowSeconds: () => number): Promise<Subject> {
  const { origin, redirectUris, consoleValues, close } = await row.start({ nowSeconds });
  const app = new RelyingParty({
    authorize: `${origin}${row.authorize}`,
    token: `${origin}${row.token}`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
    authentication: row.authentication ?? 'post',
  });
  return { app, close, ...(row.revoke === undefined ? {} : { revoke: `${origin}${row.revoke}` }) };
}

describe('what all providers have, each in its way', () => {
  it.each(ROWS)('$name', async (row) => {
    expect(await observe({ ...row, start: (nowSeconds) => subject(row, nowSeconds) })).toEqual(row.expected);
  });
});
