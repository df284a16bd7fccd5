import { Refusal } from '../core/refusal.ts';
import type { Claims } from '../upstream/claims.ts';
import type { AskProvider } from '../upstream/provider-question.ts';
import type { Preset } from './preset.ts';
import { SEGMENT } from './preset-patterns.ts';

const API = 'https://api.github.com';
const PAGE_SIZE = 100;
const MAX_PAGES = 10;

/** E-mail addresses, organisations and teams of a person: three questions or a few more, at sign-in alone. */
async function completed(claims: Claims, ask: AskProvider, organizations?: readonly string[]) {
  const all = async (path: string) => {
    const found: Claims[] = [];
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const list = await ask(`${API}${path}?per_page=${PAGE_SIZE}&page=${page}`);
      if (!Array.isArray(list)) break;
      found.push(...list.filter((entry) => typeof entry === 'object' && entry !== null));
      if (list.length < PAGE_SIZE) break;
    }
    return found;
  };
  const mail = (await all('/user/emails')).find(
    ({ primary, verified }) => primary === true && verified === true,
  );
  const orgs = (await all('/user/orgs')).map(({ login }) => String(login));
  if (organizations && !orgs.some((org) => organizations.includes(org.toLowerCase())))
    throw new Refusal('sign-in.unknown-person', { why: 'member of none of the organisations' });
  const teams = (await all('/user/teams')).flatMap(({ slug, organization }) =>
    typeof organization === 'object' && organization !== null
      ? [`${String((organization as Claims).login)}/${String(slug)}`]
      : [],
  );
  // The e-mail of the profile is one that its owner chose to show.
  return { ...claims, email: mail?.email, email_verified: mail !== undefined, groups: [...orgs, ...teams] };
}

export const github: Preset = {
  id: 'github',
  title: 'GitHub',
  clientSecret: 'required',
  options: {
    organizations: {
      console: 'The names of the organisations whose members may sign in, as in their address',
      example: 'acme',
      required: false,
      list: true,
      pattern: SEGMENT,
    },
  },
  modes: ['proxy'],
  proxy: ({ lists }) => ({
    issuer: 'https://github.com',
    clientAuthentication: 'post',
    discovery: false,
    endpoints: {
      authorization: 'https://github.com/login/oauth/authorize',
      token: 'https://github.com/login/oauth/access_token',
      userinfo: `${API}/user`,
    },
    scopes: ['read:user', 'user:email', 'read:org'],
    // The login can change, and somebody else can take it then.
    subjectClaim: 'id',
    person: (claims, ask) =>
      completed(
        claims,
        ask,
        lists.organizations?.map((name) => name.toLowerCase()),
      ),
  }),
  yields: {
    identity: '`id` of `/user`',
    email: 'the primary one of `/user/emails`, when verified',
    emailVerified: '`verified` of `/user/emails`',
    name: '`name` of `/user`, or `login`',
    groups: '`/user/orgs`, and `/user/teams` as `organisation/team`',
  },
  documentation: 'https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps',
};
