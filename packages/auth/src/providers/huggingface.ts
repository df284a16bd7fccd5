import { Refusal } from '../core/refusal.ts';
import type { Claims } from '../upstream/claims.ts';
import type { Preset } from './preset.ts';
import { SEGMENT } from './preset-patterns.ts';

export const huggingface: Preset = {
  id: 'huggingface',
  title: 'Hugging Face',
  clientSecret: 'optional',
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
  // A refresh token comes without being asked for; there is no `offline_access`.
  proxy: ({ lists: { organizations } }) => ({
    issuer: 'https://huggingface.co',
    scopes: ['openid', 'profile', 'email'],
    person(claims) {
      const orgs: readonly Claims[] = Array.isArray(claims.orgs) ? claims.orgs : [];
      const groups = orgs.map((org) => org?.preferred_username).filter((name) => typeof name === 'string');
      if (organizations && !groups.some((name) => isListed(organizations, name)))
        throw new Refusal('sign-in.unknown-person', { why: 'member of none of the organisations' });
      return { ...claims, groups };
    },
  }),
  yields: {
    identity: '`sub`',
    email: '`email`',
    emailVerified: '`email_verified`',
    name: '`name`',
    groups: 'names in `orgs`, those that the person chose to show',
  },
  documentation: 'https://huggingface.co/docs/hub/oauth',
};

/** Names there know no case. */
function isListed(organizations: readonly string[], name: string): boolean {
  return organizations.some((each) => each.toLowerCase() === name.toLowerCase());
}
