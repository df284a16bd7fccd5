import type { Preset } from './preset.ts';
import { HOST } from './preset-patterns.ts';

export const clerk: Preset = {
  id: 'clerk',
  title: 'Clerk',
  clientSecret: 'optional',
  options: {
    domain: {
      console: 'Configure › API keys › Frontend API URL, without https://',
      example: 'verb-noun-00.clerk.accounts.dev',
      required: true,
      pattern: HOST,
    },
  },
  modes: ['proxy'],
  proxy: ({ options: { domain } }) => ({
    issuer: `https://${domain}`,
    scopes: ['openid', 'profile', 'email', 'offline_access'],
  }),
  yields: {
    identity: '`sub`',
    email: '`email`',
    emailVerified: '`email_verified`',
    name: '`name`',
    groups: 'none',
  },
  documentation: 'https://clerk.com/docs/guides/configure/auth-strategies/oauth/how-clerk-implements-oauth',
};
