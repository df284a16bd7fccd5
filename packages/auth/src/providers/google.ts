import { Refusal } from '../core/refusal.ts';
import type { Preset } from './preset.ts';
import { HOST } from './preset-patterns.ts';

export const google: Preset = {
  id: 'google',
  title: 'Google',
  clientSecret: 'required',
  options: {
    hostedDomains: {
      console: 'Admin console › Account › Domains: those whose people may sign in',
      example: 'acme.example',
      required: false,
      list: true,
      pattern: HOST,
    },
  },
  modes: ['proxy'],
  proxy: ({ lists: { hostedDomains } }) => ({
    issuer: 'https://accounts.google.com',
    scopes: ['openid', 'profile', 'email'],
    authorizationParameters: {
      // There is no `offline_access`, and without a new consent there is no second refresh token.
      access_type: 'offline',
      prompt: 'consent',
      ...(hostedDomains?.length === 1 ? { hd: hostedDomains[0]! } : {}),
    },
    // The parameter only fills in the page. An e-mail of the domain proves nothing either: accounts of others may have one.
    person(claims) {
      if (hostedDomains !== undefined && !hostedDomains.includes(claims.hd as string))
        throw new Refusal('sign-in.unknown-person', { claim: 'hd' });
      return claims;
    },
  }),
  yields: {
    identity: '`sub`',
    email: '`email`',
    emailVerified: '`email_verified`',
    name: '`name`',
    groups: 'none',
  },
  documentation: 'https://developers.google.com/identity/openid-connect/openid-connect',
};
