import type { Preset } from './preset.ts';
import { HTTPS_URL } from './preset-patterns.ts';

/** The same for all domains. */
const ISSUER = 'https://identity.oraclecloud.com/';

export const oci: Preset = {
  id: 'oci',
  title: 'Oracle Cloud',
  clientSecret: 'required',
  options: {
    domain: {
      console: 'Identity › Domains › your domain › Domain URL, without the port',
      example: 'https://idcs-0123456789abcdef0123456789abcdef.identity.oraclecloud.com',
      required: true,
      pattern: HTTPS_URL,
    },
  },
  modes: ['proxy'],
  proxy: ({ options: { domain } }) => ({
    issuer: ISSUER,
    clientAuthentication: 'basic',
    discovery: `${domain}/.well-known/openid-configuration`,
    scopes: ['openid', 'profile', 'email', 'offline_access', 'groups'],
    keepClaims: ['user_id', 'tenant'],
    logoutReturnParameter: false,
  }),
  yields: {
    identity: '`sub`: the user name',
    email: '`email`',
    emailVerified: '`email_verified`',
    name: '`name`, or `user_displayname`',
    groups: '`groups`',
  },
  documentation: 'https://docs.oracle.com/en-us/iaas/Content/Identity/api-getstarted/OATOpenIDConnect.htm',
};
