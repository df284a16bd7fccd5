import type { Preset } from './preset.ts';
import { API, endToken, githubPerson } from './preset-github.ts';
import { SEGMENT } from './preset-patterns.ts';

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
    revocationRequest: endToken,
    // The login can change, and somebody else can take it then.
    subjectClaim: 'id',
    person: (claims, ask) =>
      githubPerson(
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
