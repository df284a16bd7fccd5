// GitHub OAuth apps, as GitHub documents them: page name and date of reading at each fact; `unread` where the page was not at hand.
import { randomBytes } from 'node:crypto';
import { type Fault, type FaultFact, Refusal, STANDARD_FAULTS } from '../faults.ts';
import type { Answer, Asked } from '../http-server.ts';
import type { Endpoints, Facts, Here, Rules, StandInOptions } from '../rules.ts';
import { page, type StandIn, startStandIn } from '../stand-in.ts';
import {
  apiMessage,
  apiRoutes,
  GITHUB_CLIENT,
  GITHUB_PEOPLE,
  type GitHubApiOptions,
  type GitHubPerson,
} from './github-api.ts';

/** «Troubleshooting OAuth app access token request errors», 2026-11-20. The status is 200: only the body says that it failed. */
const said = (error: string, description: string): FaultFact => ({ status: 200, error, description });
const CREDENTIALS = said(
  'incorrect_client_credentials',
  'The client_id and/or client_secret passed are incorrect.',
);
const CODE = said('bad_verification_code', 'The code passed is incorrect or expired.');

const FAULTS: Partial<Record<Fault, FaultFact>> = {
  'unknown-client': { status: 404, error: 'Not Found', where: 'page' },
  'client-not-found': CREDENTIALS,
  'client-authentication': CREDENTIALS,
  'client-unauthenticated': CREDENTIALS,
  'two-authentications': CREDENTIALS,
  code: CODE,
  'code-used': CODE,
  'code-expired': CODE,
  'redirect-differs': said(
    'redirect_uri_mismatch',
    'The redirect_uri MUST match the registered callback URL for this application.',
  ),
  // Changelog «PKCE support for OAuth and GitHub App authentication» of 2025-07-14, read 2026-11-20: supported; the error text is unread.
  verifier: CODE,
  'verifier-missing': CODE,
  // OAuth apps have no refresh tokens: «Differences between GitHub Apps and OAuth apps», unread.
  'grant-type': said('unsupported_grant_type', 'The grant type is not supported.'),
  'refresh-token': said('bad_refresh_token', 'The refresh token passed is incorrect or expired.'),
  // «Troubleshooting authorization request errors», unread: both are redirected, to the registered address.
  'redirect-not-registered': {
    status: 302,
    error: 'redirect_uri_mismatch',
    description: 'The redirect_uri MUST match the registered callback URL for this application.',
    where: 'redirect',
  },
  denied: {
    status: 302,
    error: 'access_denied',
    description: 'The user has denied your application access.',
    where: 'redirect',
  },
  'token-missing': { status: 401, error: 'Requires authentication' },
  // «Troubleshooting the REST API», 2026-11-20.
  token: { status: 401, error: 'Bad credentials' },
};

export const FACTS: Facts = {
  // Nothing is signed for OAuth apps: the key is never used.
  alg: 'ES256',
  // «Authorizing OAuth apps», 2026-11-20: ten minutes.
  codeSeconds: 600,
  // Tokens of OAuth apps do not expire by time, and the answer names no time.
  accessTokenSeconds: Number.POSITIVE_INFINITY,
  // The changelog of 2025-07-14: only S256.
  challengeMethods: ['S256'],
  challengeRequired: 'never',
  requiredParameters: [],
  // «Authorizing OAuth apps», 2026-11-20: strongly recommended; without it, the registered one.
  redirectUriRequired: false,
  // «Authorizing OAuth apps», 2026-11-20: `client_id` and `client_secret` are parameters.
  clientAuthentication: ['post'],
  rotation: 'none',
  revocable: [],
  issuerInResponse: false,
  faults: { ...STANDARD_FAULTS, ...FAULTS },
};

const ENDPOINTS: Endpoints = {
  authorize: ['https://github.com/login/oauth/authorize'],
  token: ['https://github.com/login/oauth/access_token'],
};

export type GitHubOptions = StandInOptions & GitHubApiOptions;

export interface GitHubConsoleValues {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** «Authorizing OAuth apps», redirect URLs, 2026-11-20: host and port exactly, the path below; on loopback any port. */
function matchesRedirect(registered: string, given: string): boolean {
  if (!URL.canParse(given)) return false;
  const [a, b] = [new URL(registered), new URL(given)];
  const loopback = /^(127\.0\.0\.1|\[::1\])$/.test(a.hostname);
  const host = loopback ? a.hostname === b.hostname : a.host === b.host;
  const below = b.pathname === a.pathname || b.pathname.startsWith(`${a.pathname.replace(/\/$/, '')}/`);
  return host && a.protocol === b.protocol && below;
}

function rulesFor(
  here: Here<GitHubPerson>,
  redirectUris: string[],
  options: GitHubOptions,
): Rules<GitHubPerson> {
  const granted = new Map<string, Set<string>>();
  return {
    hosts: ['https://github.com', 'https://api.github.com'],
    facts: FACTS,
    endpoints: ENDPOINTS,
    clients: [{ ...GITHUB_CLIENT, redirectUris }],
    people: GITHUB_PEOPLE,
    matchesRedirect,
    grantedScopes({ scopes }, { login }) {
      // «Authorizing OAuth apps», 2026-11-20: without a scope, those the person has granted before.
      const before = granted.get(login) ?? new Set<string>();
      granted.set(login, new Set([...before, ...scopes]));
      return scopes.length > 0 ? scopes : [...before];
    },
    checkExchange({ person, refreshing }) {
      if (refreshing) throw new Refusal('refresh-token');
      // «Troubleshooting OAuth app access token request errors», 2026-11-20.
      if (!person.emails.some(({ primary, verified }) => primary && verified)) {
        throw new Refusal(said('unverified_user_email', 'The user must have a verified primary email.'));
      }
    },
    // «Authorizing OAuth apps», 2026-11-20: `gho_` and 36 characters.
    accessToken: () => `gho_${randomBytes(48).toString('base64').replaceAll(/[+/=]/g, '').slice(0, 36)}`,
    wantsRefreshToken: () => false,
    newToken: () => randomBytes(10).toString('hex'),
    tokenAnswer: ({ access_token }, { scopes, asked }) =>
      // «Authorizing OAuth apps», 2026-11-20: scopes with commas, the type in small letters, no expiry.
      inForm({ access_token, scope: scopes.join(','), token_type: 'bearer' }, asked),
    errorAnswer({ status, error, description }, asked) {
      if (!asked.path.startsWith('/login/')) return apiMessage(status, error);
      if (asked.path === '/login/oauth/authorize') return page(error, status);
      const about =
        'https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors';
      return inForm({ error, error_description: description, error_uri: about }, asked);
    },
    routes: apiRoutes(here, options),
  };
}

/** «Authorizing OAuth apps», 2026-11-20: a form, unless `Accept` asks for JSON. */
function inForm(body: Readonly<Record<string, unknown>>, { headers }: Asked): Answer {
  if (headers.accept?.includes('application/json')) return { body };
  const text = new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)]));
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: text.toString(),
  };
}

export async function startGitHub(
  options: GitHubOptions = {},
): Promise<
  StandIn<GitHubPerson> & { readonly baseUrl: string; readonly consoleValues: GitHubConsoleValues }
> {
  const standIn = await startStandIn<GitHubPerson>(
    (here, uris) => rulesFor(here, uris, options),
    FACTS,
    options,
  );
  return {
    ...standIn,
    baseUrl: standIn.place('https://github.com'),
    consoleValues: { clientId: GITHUB_CLIENT.id, clientSecret: GITHUB_CLIENT.secret },
  };
}
