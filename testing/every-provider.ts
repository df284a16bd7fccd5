// Every stand-in, with what a test must know to talk to it.

import type { Subject } from './observed.ts';
import { startAuth0 } from './providers/auth0.ts';
import { startAws } from './providers/aws.ts';
import { startAzure } from './providers/azure.ts';
import { startAzureB2c } from './providers/azure-b2c.ts';
import { startClerk } from './providers/clerk.ts';
import { startDescope } from './providers/descope.ts';
import { startDiscord } from './providers/discord.ts';
import { startGitHub } from './providers/github.ts';
import { startGoogle } from './providers/google.ts';
import { startHuggingFace } from './providers/huggingface.ts';
import { startKeycloak } from './providers/keycloak.ts';
import { startOci } from './providers/oci.ts';
import { startOkta } from './providers/okta.ts';
import { startPropelAuth } from './providers/propelauth.ts';
import { startScalekit } from './providers/scalekit.ts';
import { startSupabase } from './providers/supabase.ts';
import { startWorkos } from './providers/workos.ts';
import { registerPublicly } from './registration.ts';
import { RelyingParty } from './relying-party.ts';
import type { StandInOptions } from './rules.ts';

export interface Row {
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
}

const ALICE = 'alice@acme.example';
const KEYCLOAK = '/realms/acme/protocol/openid-connect';
const ENTRA = '/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/oauth2/v2.0';
const DESCOPE = '/oauth2/v1/apps/agentic/P32juVkF2iM8wAGoM8PiLkGi6POV/MS35d1Xw1Yo6zozsW7n8BU6xLmnAs';
const SCALEKIT = '/resources/res_121247790507492638/oauth';
const B2C = '/acmecustomers.onmicrosoft.com/B2C_1_sign_in/oauth2/v2.0';

export const EVERY_PROVIDER: readonly Row[] = [
  {
    name: 'Auth0',
    start: startAuth0,
    authorize: '/authorize',
    token: '/oauth/token',
    revoke: '/oauth/revoke',
    parameters: { scope: 'openid offline_access' },
    login: ALICE,
    codeSeconds: 600,
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
  },
  {
    name: 'Microsoft Entra ID',
    start: startAzure,
    authorize: `${ENTRA}/authorize`,
    token: `${ENTRA}/token`,
    parameters: { scope: 'openid offline_access' },
    login: ALICE,
    codeSeconds: 600,
  },
  {
    name: 'Azure AD B2C',
    start: startAzureB2c,
    authorize: `${B2C}/authorize`,
    token: `${B2C}/token`,
    parameters: { scope: 'openid offline_access' },
    login: 'alice@mail.example',
    codeSeconds: 600,
  },
  {
    name: 'Google',
    start: startGoogle,
    authorize: '/o/oauth2/v2/auth',
    token: '/token',
    parameters: { scope: 'openid', access_type: 'offline', prompt: 'consent' },
    login: ALICE,
    codeSeconds: 600,
  },
  {
    name: 'GitHub',
    start: startGitHub,
    authorize: '/login/oauth/authorize',
    token: '/login/oauth/access_token',
    parameters: { scope: 'read:org' },
    login: 'alice',
    codeSeconds: 600,
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
  },
  {
    name: 'Okta, single-page application',
    start: (options) => startOkta({ ...options, application: 'spa' }),
    authorize: '/oauth2/default/v1/authorize',
    token: '/oauth2/default/v1/token',
    parameters: { scope: 'openid offline_access' },
    login: ALICE,
    codeSeconds: 60,
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
  },
  {
    name: 'Hugging Face',
    start: startHuggingFace,
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    parameters: { scope: 'openid' },
    login: 'alice',
    codeSeconds: 600,
  },
  {
    name: 'Hugging Face, public',
    start: (options) => startHuggingFace({ ...options, publicClient: true }),
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    parameters: { scope: 'openid' },
    login: 'alice',
    codeSeconds: 600,
  },
  {
    name: 'Scalekit, registered by itself',
    start: async (options) => byItself(await startScalekit(options)),
    authorize: `${SCALEKIT}/authorize`,
    token: `${SCALEKIT}/token`,
    parameters: { scope: 'openid offline_access' },
    login: ALICE,
    codeSeconds: 600,
  },
  {
    name: 'Supabase',
    start: startSupabase,
    authorize: '/auth/v1/oauth/authorize',
    token: '/auth/v1/oauth/token',
    parameters: { scope: 'openid' },
    login: ALICE,
    codeSeconds: 600,
  },
  {
    name: 'Supabase, registered by itself',
    start: async (options) => byItself(await startSupabase({ ...options, dynamicRegistration: true })),
    authorize: '/auth/v1/oauth/authorize',
    token: '/auth/v1/oauth/token',
    parameters: { scope: 'openid' },
    login: ALICE,
    codeSeconds: 600,
  },
  {
    name: 'WorkOS Connect',
    start: startWorkos,
    authorize: '/oauth2/authorize',
    token: '/oauth2/token',
    parameters: { scope: 'openid offline_access', nonce: 'the-nonce' },
    login: ALICE,
    codeSeconds: 600,
  },
  {
    name: 'AuthKit, registered by itself',
    start: async (options) => byItself(await startWorkos({ ...options, dynamicRegistration: true })),
    authorize: '/oauth2/authorize',
    token: '/oauth2/token',
    parameters: { scope: 'openid offline_access' },
    login: ALICE,
    codeSeconds: 600,
  },
  {
    name: 'Clerk',
    start: startClerk,
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    revoke: '/oauth/token/revoke',
    parameters: { scope: 'openid offline_access' },
    login: ALICE,
    codeSeconds: 600,
    authentication: 'basic',
  },
  {
    name: 'Clerk, opaque tokens',
    start: (options) => startClerk({ ...options, accessTokens: 'opaque' }),
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    revoke: '/oauth/token/revoke',
    parameters: { scope: 'openid offline_access' },
    login: ALICE,
    codeSeconds: 600,
    authentication: 'basic',
  },
  {
    name: 'Clerk, registered by itself',
    start: async (options) => byItself(await startClerk({ ...options, dynamicRegistration: true })),
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    revoke: '/oauth/token/revoke',
    parameters: { scope: 'email offline_access' },
    login: ALICE,
    codeSeconds: 600,
  },
  {
    name: 'Descope',
    start: startDescope,
    authorize: `${DESCOPE}/authorize`,
    token: `${DESCOPE}/token`,
    revoke: '/oauth2/v1/apps/revoke',
    parameters: { scope: 'openid mcp:read' },
    login: ALICE,
    codeSeconds: 600,
  },
  {
    name: 'Descope, registered by itself',
    start: async (options) => byItself(await startDescope(options)),
    authorize: `${DESCOPE}/authorize`,
    token: `${DESCOPE}/token`,
    revoke: '/oauth2/v1/apps/revoke',
    parameters: { scope: 'openid mcp:read' },
    login: ALICE,
    codeSeconds: 600,
  },
  {
    name: 'Discord',
    start: startDiscord,
    authorize: '/oauth2/authorize',
    token: '/api/oauth2/token',
    revoke: '/api/oauth2/token/revoke',
    parameters: { scope: 'identify' },
    login: 'alice',
    codeSeconds: 600,
  },
  {
    name: 'Discord, public',
    start: (options) => startDiscord({ ...options, publicClient: true }),
    authorize: '/api/oauth2/authorize',
    token: '/api/v10/oauth2/token',
    revoke: '/api/v10/oauth2/token/revoke',
    parameters: { scope: 'identify' },
    login: 'alice',
    codeSeconds: 600,
  },
  {
    name: 'PropelAuth',
    start: startPropelAuth,
    authorize: '/oauth/2.1/authorize',
    token: '/oauth/2.1/token',
    parameters: { scope: 'read:user_data', resource: 'https://mcp.acme.example/mcp' },
    login: ALICE,
    codeSeconds: 600,
  },
  {
    name: 'PropelAuth, registered by itself',
    start: async (options) => byItself(await startPropelAuth({ ...options, dynamicRegistration: true })),
    authorize: '/oauth/2.1/authorize',
    token: '/oauth/2.1/token',
    parameters: { scope: 'read:user_data', resource: 'https://mcp.acme.example/mcp' },
    login: ALICE,
    codeSeconds: 600,
  },
];

type Started = Awaited<ReturnType<Row['start']>>;

/** The application is not one of the console, but an MCP client. */
async function byItself(standIn: Started & { readonly registration: string }): Promise<Started> {
  return {
    ...standIn,
    consoleValues: await registerPublicly(standIn.registration, standIn.redirectUris),
  };
}

export async function startSubject(
  row: Row,
  nowSeconds: () => number,
): Promise<Subject & { readonly redirectUris: readonly string[] }> {
  const { origin, redirectUris, consoleValues, close } = await row.start({ nowSeconds });
  const app = new RelyingParty({
    authorize: `${origin}${row.authorize}`,
    token: `${origin}${row.token}`,
    ...consoleValues,
    redirectUri: redirectUris[0]!,
    authentication: row.authentication ?? 'post',
  });
  return {
    app,
    close,
    redirectUris,
    ...(row.revoke === undefined ? {} : { revoke: `${origin}${row.revoke}` }),
  };
}
