// The REST API of GitHub, as GitHub documents it: page name and date of reading at each fact; `unread` where the page was not at hand.
import type { Answer, Asked, Route } from '../http-server.ts';
import type { Here, Person, Token } from '../rules.ts';
import { isLive } from '../stand-in.ts';

export const GITHUB_CLIENT = {
  id: 'Ov23liStandInOfGitHub',
  secret: '0123456789abcdef0123456789abcdef01234567',
};

export interface GitHubEmail {
  readonly email: string;
  readonly primary: boolean;
  readonly verified: boolean;
  readonly visibility: 'public' | 'private' | null;
}

export interface GitHubPerson extends Person {
  readonly id: number;
  readonly name: string | null;
  /** The public e-mail of the profile; most people have none. */
  readonly email: string | null;
  readonly emails: readonly GitHubEmail[];
  readonly orgs: readonly string[];
  /** As `org/slug`. */
  readonly teams: readonly string[];
}

const mail = (email: string, primary: boolean, verified: boolean): GitHubEmail => ({
  email,
  primary,
  verified,
  visibility: primary ? 'private' : null,
});

export const GITHUB_PEOPLE: readonly GitHubPerson[] = [
  {
    login: 'alice',
    sub: '1001',
    id: 1001,
    name: 'Alice Adams',
    email: null,
    emails: [
      mail('old@alice.example', false, true),
      mail('alice@acme.example', true, true),
      mail('ceo@acme.example', false, false),
    ],
    orgs: ['acme', 'open-source'],
    // More than one page of thirty.
    teams: ['acme/engineering', ...Array.from({ length: 34 }, (_, i) => `acme/team-${i + 1}`)],
  },
  {
    login: 'bob',
    sub: '1002',
    id: 1002,
    name: null,
    email: 'alice@acme.example',
    emails: [mail('bob@mail.example', true, true)],
    orgs: [],
    teams: [],
  },
  {
    login: 'carol',
    sub: '1003',
    id: 1003,
    name: 'Carol',
    email: null,
    emails: [mail('carol@acme.example', true, false)],
    orgs: ['acme'],
    teams: [],
  },
];

export interface GitHubApiOptions {
  /** Requests an hour that the API answers. Default 5000: «Rate limits for the REST API», 2026-11-20. */
  readonly rateLimit?: number;
  /** «OAuth app access restrictions» of these organisations: they are hidden from the app. Default: none. */
  readonly restrictedOrgs?: readonly string[];
}

export function apiMessage(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers,
    body: { message: text, documentation_url: 'https://docs.github.com/rest', status: String(status) },
  };
}

export function apiRoutes(here: Here<GitHubPerson>, options: GitHubApiOptions): Route[] {
  const limit = options.rateLimit ?? 5000;
  let used = 0;
  const get = (
    path: string,
    needs: readonly string[],
    answer: (token: Token<GitHubPerson>, asked: Asked) => Answer,
  ): Route => ({
    method: 'GET',
    path,
    handle(asked) {
      // «Getting started with the REST API», user agent required, unread.
      if (!asked.headers['user-agent']) return apiMessage(403, 'Request forbidden by administrative rules.');
      const token = here.bearer(asked);
      used += 1;
      const reset = String((Math.floor(here.nowSeconds() / 3600) + 1) * 3600);
      const rate = {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - used)),
        'x-ratelimit-reset': reset,
      };
      // «Troubleshooting the REST API», rate limit errors, 2026-11-20.
      if (used > limit)
        return apiMessage(403, `API rate limit exceeded for user ID ${token.grant.person.id}.`, rate);
      // «Scopes for OAuth apps», 2026-11-20: what the token has, and what the endpoint wants.
      const scopes = {
        'x-oauth-scopes': token.scopes.join(', '),
        'x-accepted-oauth-scopes': needs.join(', '),
      };
      const may = needs.length === 0 || needs.some((scope) => token.scopes.includes(scope));
      const refused =
        path === '/user/emails'
          ? apiMessage(404, 'Not Found')
          : apiMessage(403, `You need at least ${needs[0]} scope.`);
      const result = may ? answer(token, asked) : refused;
      return { ...result, headers: { ...result.headers, ...rate, ...scopes } };
    },
  });
  const visible = (org: string) => !(options.restrictedOrgs ?? []).includes(org);
  return [
    get('/user', [], ({ grant: { person } }) => ({
      body: {
        login: person.login,
        id: person.id,
        node_id: `U_${person.id}`,
        type: 'User',
        name: person.name,
        email: person.email,
        avatar_url: `https://avatars.githubusercontent.com/u/${person.id}`,
      },
    })),
    // «List email addresses for the authenticated user», 2026-11-20: `user:email`, which `user` includes.
    get('/user/emails', ['user:email', 'user'], ({ grant }, asked) =>
      paged(grant.person.emails, asked, here),
    ),
    // «List organizations for the authenticated user», unread: `user` or `read:org`.
    get('/user/orgs', ['read:org', 'user'], ({ grant }, asked) =>
      paged(
        grant.person.orgs.filter(visible).map((login, index) => ({ login, id: 500 + index })),
        asked,
        here,
      ),
    ),
    // «List teams for the authenticated user», 2026-11-20: `user`, `repo` or `read:org`.
    get('/user/teams', ['read:org', 'user', 'repo'], ({ grant }, asked) =>
      paged(
        grant.person.teams
          .map((team) => team.split('/') as [string, string])
          .filter(([org]) => visible(org))
          .map(([org, slug]) => ({ slug, name: slug, organization: { login: org } })),
        asked,
        here,
      ),
    ),
    { method: 'DELETE', path: '/applications/{client}/token', handle: (asked) => endToken(here, asked) },
  ];
}

/** «Using pagination in the REST API», unread: thirty a page, at most a hundred, and a `link` to the next. */
function paged(all: readonly unknown[], { query, path }: Asked, here: Here<GitHubPerson>): Answer {
  const size = Math.min(100, Number(query.get('per_page') ?? '30'));
  const number = Number(query.get('page') ?? '1');
  const next = here.place(`https://api.github.com${path}?per_page=${size}&page=${number + 1}`);
  const more = number * size < all.length;
  return {
    body: all.slice((number - 1) * size, number * size),
    headers: more ? { link: `<${next}>; rel="next"` } : {},
  };
}

/** «Delete an app token», unread: the application shows its id and secret, the token is in a JSON body. */
function endToken(here: Here<GitHubPerson>, { headers, form, parts }: Asked): Answer {
  const basic = `Basic ${Buffer.from(`${GITHUB_CLIENT.id}:${GITHUB_CLIENT.secret}`).toString('base64')}`;
  if (headers.authorization !== basic || parts.client !== GITHUB_CLIENT.id)
    return apiMessage(404, 'Not Found');
  const token = here.tokens.get(form.get('access_token') ?? '');
  if (!token || !isLive(token, here.nowSeconds())) return apiMessage(422, 'Validation Failed');
  token.ended = true;
  return { status: 204, body: '' };
}
