import type { Preset } from './preset.ts';

export const discord: Preset = {
  id: 'discord',
  title: 'Discord',
  clientSecret: 'required',
  options: {},
  modes: ['proxy'],
  proxy: () => ({
    issuer: 'https://discord.com',
    discovery: false,
    endpoints: {
      authorization: 'https://discord.com/oauth2/authorize',
      token: 'https://discord.com/api/oauth2/token',
      userinfo: 'https://discord.com/api/v10/users/@me',
      revocation: 'https://discord.com/api/oauth2/token/revoke',
    },
    scopes: ['identify', 'email'],
    // The user name can change.
    subjectClaim: 'id',
    person: (claims) => ({
      ...claims,
      name: claims.global_name ?? claims.username,
      email_verified: claims.verified === true,
    }),
  }),
  yields: {
    identity: '`id` of `/users/@me`',
    email: '`email`',
    emailVerified: '`verified`',
    name: '`global_name`, or `username`',
    groups: 'none',
  },
  documentation: 'https://docs.discord.com/developers/topics/oauth2',
};
