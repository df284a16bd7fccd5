import type { Yields } from '../providers/preset.ts';
import type { GenericPreset } from './names-preset.ts';

/** A setting of a provider that is not known by name. */
export interface GenericSetting {
  readonly name: string;
  /** Does the start stop without it, or nobody get in? `one of these`: with the others that say so, exactly one. */
  readonly need: 'needed' | 'optional' | 'one of these';
  /** Where its value is found. */
  readonly from: string;
}

/** What there is to say of a provider that is described by its protocol and not by its name, for `docs/reference/providers.md`. */
export interface GenericWay {
  /** For people. */
  readonly title: string;
  readonly modes: string;
  /** Those that make it what it is; every other setting below the same name goes along. */
  readonly settings: readonly GenericSetting[];
  readonly verifiedHow: string;
  readonly yields: Yields;
}

const FROM_TOKEN = {
  email: '`email`, when the token has it',
  emailVerified: '`email_verified`, when the token has it',
  name: '`name`, when the token has it',
} as const;

const registration: readonly GenericSetting[] = [
  { name: 'upstream.clientId', need: 'needed', from: 'The registration of this server there' },
  { name: 'upstream.clientSecret', need: 'optional', from: 'The same; none of a public client' },
];

export const GENERIC_WAYS: Readonly<Record<GenericPreset, GenericWay>> = {
  oidc: {
    title: 'Any OpenID Connect provider',
    modes: '`proxy`',
    settings: [
      { name: 'upstream.issuer', need: 'needed', from: '`issuer` of its metadata, to the letter' },
      ...registration,
      {
        name: 'upstream.audience',
        need: 'optional',
        from: 'The API that tokens are for, where the provider wants `audience`',
      },
    ],
    verifiedHow: '`proxy`: by its ID token and userinfo at sign-in, and our own tokens',
    yields: {
      identity: '`sub`',
      email: '`email`',
      emailVerified: '`email_verified`',
      name: '`name`',
      groups: '`groups`, or another claim, by `upstream.groupsClaim`',
    },
  },
  oauth2: {
    title: 'A plain OAuth 2 provider',
    modes: '`proxy`',
    settings: [
      { name: 'upstream.issuer', need: 'needed', from: 'Its address: people are known under it' },
      ...registration,
      {
        name: 'upstream.endpoints.authorization',
        need: 'needed',
        from: 'Its documentation: where the browser goes',
      },
      {
        name: 'upstream.endpoints.token',
        need: 'needed',
        from: 'Its documentation: where codes are redeemed',
      },
      {
        name: 'upstream.endpoints.userinfo',
        need: 'needed',
        from: 'Its documentation: what answers with the person as JSON',
      },
      {
        name: 'upstream.subjectClaim',
        need: 'optional',
        from: 'The member of that answer that never changes, where it is not `sub`',
      },
    ],
    verifiedHow: '`proxy`: by asking `upstream.endpoints.userinfo` at sign-in, and our own tokens',
    yields: {
      identity: 'the member that `upstream.subjectClaim` names',
      email: '`email`',
      emailVerified: '`email_verified`',
      name: '`name`',
      groups: '`groups`, or another member, by `upstream.groupsClaim`',
    },
  },
  jwt: {
    title: 'Tokens that are JWTs',
    modes: 'nobody signs in here; tokens are checked',
    settings: [
      { name: 'jwt.issuer', need: 'needed', from: '`iss` of its tokens, to the letter' },
      { name: 'jwt.jwksUri', need: 'one of these', from: '`jwks_uri` of its metadata' },
      { name: 'jwt.publicKey', need: 'one of these', from: 'A key that does not change' },
      {
        name: 'jwt.sharedSecret',
        need: 'one of these',
        from: 'What the issuer signs HS256, HS384 or HS512 with',
      },
      { name: 'jwt.audience', need: 'optional', from: '`aud` of its tokens, where it is not this resource' },
      { name: 'jwt.algorithms', need: 'optional', from: '`alg` in the header of its tokens' },
    ],
    verifiedHow: 'JWT with its keys, a public key or a shared secret, for this resource or `jwt.audience`',
    yields: {
      identity: '`sub`, or another claim, by `jwt.subjectClaim`',
      ...FROM_TOKEN,
      groups: '`groups`, or another claim, by `jwt.groupsClaim`',
    },
  },
  introspection: {
    title: 'Tokens that only their issuer can read',
    modes: 'nobody signs in here; tokens are checked',
    settings: [
      {
        name: 'introspection.endpoint',
        need: 'needed',
        from: '`introspection_endpoint` of its metadata',
      },
      { name: 'introspection.issuer', need: 'needed', from: '`issuer` of its metadata' },
      {
        name: 'introspection.clientId',
        need: 'needed',
        from: 'The registration of this server there, as one that may ask',
      },
      { name: 'introspection.clientSecret', need: 'needed', from: 'The same' },
      {
        name: 'introspection.audience',
        need: 'optional',
        from: '`aud` of its answers, where it is not this resource',
      },
    ],
    verifiedHow: 'by asking its introspection endpoint, for this resource or `introspection.audience`',
    yields: {
      identity: '`sub`, or another member, by `introspection.subjectClaim`',
      ...FROM_TOKEN,
      groups: '`groups`, or another member, by `introspection.groupsClaim`',
    },
  },
};
