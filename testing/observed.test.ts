import { describe, expect, it } from 'vitest';
import { EVERY_PROVIDER, startSubject } from './every-provider.ts';
import { type Observed, observe } from './observed.ts';

const ALL_CHALLENGES = ['S256', 'plain', 'plain without method', 'none'] as const;

const usual: Observed = {
  codeEndsInTime: true,
  accessTokenSeconds: 3600,
  challenges: ALL_CHALLENGES,
  required: ['redirect_uri', 'scope'],
  authentication: ['basic', 'post'],
  issuerInResponse: false,
  refresh: 'same token',
  revocable: [],
};

const EXPECTED: Readonly<Record<string, Observed>> = {
  Auth0: {
    ...usual,
    accessTokenSeconds: 86_400,
    required: ['redirect_uri'],
    authentication: ['post'],
    refresh: 'new, reuse ends all',
    revocable: ['refresh'],
  },
  'Amazon Cognito': {
    ...usual,
    challenges: ['S256', 'none'],
    required: ['redirect_uri'],
    revocable: ['refresh'],
  },
  'Microsoft Entra ID': { ...usual, accessTokenSeconds: 3599, refresh: 'new, old one stays' },
  'Azure AD B2C': { ...usual, refresh: 'new, old one stays' },
  Google: { ...usual, accessTokenSeconds: 3599 },
  GitHub: {
    ...usual,
    accessTokenSeconds: undefined,
    challenges: ['S256', 'none'],
    required: [],
    authentication: ['post'],
    refresh: 'none',
  },
  Okta: {
    ...usual,
    challenges: ['S256', 'none'],
    required: ['redirect_uri', 'scope', 'state'],
    authentication: ['basic'],
    revocable: ['access', 'refresh'],
  },
  'Okta, single-page application': {
    ...usual,
    challenges: ['S256'],
    required: ['redirect_uri', 'scope', 'state'],
    authentication: [],
    refresh: 'new, reuse ends all',
  },
  Keycloak: {
    ...usual,
    accessTokenSeconds: 300,
    required: ['redirect_uri'],
    issuerInResponse: true,
    refresh: 'new, old one stays',
    revocable: ['access', 'refresh'],
  },
  'Oracle identity domains': {
    ...usual,
    authentication: ['basic'],
    refresh: 'new, old one ends',
    revocable: ['access', 'refresh'],
  },
  'Hugging Face': {
    ...usual,
    accessTokenSeconds: 28_800,
    challenges: ['S256', 'none'],
    refresh: 'new, old one ends',
  },
  'Hugging Face, public': {
    ...usual,
    accessTokenSeconds: 28_800,
    challenges: ['S256'],
    authentication: [],
    refresh: 'new, old one ends',
  },
  'Scalekit, registered by itself': {
    ...usual,
    challenges: ['S256'],
    required: ['redirect_uri'],
    authentication: [],
    refresh: 'new, old one ends',
  },
  Supabase: {
    ...usual,
    challenges: ['S256', 'plain'],
    required: ['redirect_uri'],
    authentication: ['post'],
    refresh: 'new, reuse ends all',
  },
  'Supabase, registered by itself': {
    ...usual,
    challenges: ['S256', 'plain'],
    required: ['redirect_uri'],
    authentication: [],
    refresh: 'new, reuse ends all',
  },
  'WorkOS Connect': {
    ...usual,
    accessTokenSeconds: 300,
    challenges: ['S256', 'none'],
    refresh: 'new, old one ends',
  },
  'AuthKit, registered by itself': {
    ...usual,
    accessTokenSeconds: 300,
    challenges: ['S256'],
    required: ['redirect_uri'],
    authentication: [],
    refresh: 'new, old one ends',
  },
  Clerk: {
    ...usual,
    accessTokenSeconds: 86_400,
    challenges: ['S256', 'none'],
    required: [],
    refresh: 'new, old one ends',
    revocable: ['refresh'],
  },
  'Clerk, opaque tokens': {
    ...usual,
    accessTokenSeconds: 86_400,
    challenges: ['S256', 'none'],
    required: [],
    refresh: 'new, old one ends',
    revocable: ['access', 'refresh'],
  },
  'Clerk, registered by itself': {
    ...usual,
    accessTokenSeconds: 86_400,
    challenges: ['S256'],
    required: [],
    authentication: [],
    refresh: 'new, old one ends',
    revocable: ['refresh'],
  },
  Descope: {
    ...usual,
    accessTokenSeconds: 600,
    challenges: ['S256', 'none'],
    required: ['redirect_uri'],
    revocable: ['access', 'refresh'],
  },
  'Descope, registered by itself': {
    ...usual,
    accessTokenSeconds: 600,
    challenges: ['S256'],
    required: ['redirect_uri'],
    authentication: [],
    revocable: ['access', 'refresh'],
  },
  Discord: {
    ...usual,
    accessTokenSeconds: 604_800,
    challenges: ['S256', 'none'],
    required: ['scope'],
    issuerInResponse: true,
    refresh: 'new, old one ends',
    revocable: ['access', 'refresh'],
  },
  'Discord, public': {
    ...usual,
    accessTokenSeconds: 604_800,
    challenges: ['S256'],
    required: ['scope'],
    authentication: [],
    issuerInResponse: true,
    refresh: 'new, old one ends',
    revocable: ['access', 'refresh'],
  },
  PropelAuth: {
    ...usual,
    accessTokenSeconds: 5400,
    challenges: ['S256'],
    required: ['redirect_uri', 'state'],
    refresh: 'new, old one ends',
  },
  'PropelAuth, registered by itself': {
    ...usual,
    accessTokenSeconds: 5400,
    challenges: ['S256'],
    required: ['redirect_uri', 'state'],
    authentication: [],
    refresh: 'new, old one ends',
  },
};

describe('what all providers have, each in its way', () => {
  it.each(EVERY_PROVIDER)('$name', async (row) => {
    expect(await observe({ ...row, start: (nowSeconds) => startSubject(row, nowSeconds) })).toEqual(
      EXPECTED[row.name],
    );
  });
});
