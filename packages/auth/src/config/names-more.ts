import { PRESET_OPTION_ROWS, PRESET_ROWS } from './names-preset.ts';
import { UPSTREAM_CALL_ROWS, UPSTREAM_ROWS } from './names-upstream.ts';
import { INTROSPECTION_ROWS, JWT_ROWS } from './names-verifiers.ts';
import { membersBelow, recordOf } from './record-type.ts';
import { optionalSetting, type SettingsOf, section, setting, UNRESOLVED } from './row.ts';
import { listOf, oneOf, text } from './value-types.ts';

const MOST = 20;

const naming = section('', {
  id: optionalSetting({
    type: text({ says: 'letters, digits and dashes', max: 32, pattern: /^[a-z0-9][a-z0-9-]*$/ }),
    description: 'Sessions remember it. Not `upstream`, which is the first provider.',
    example: 'partners',
    wrong: 'Changed later, the sessions of its people end.',
  }),
});

const kind = section('', {
  kind: optionalSetting({
    type: oneOf('jwt', 'introspection'),
    description: 'Which rows its other members have: those of `jwt.*` or those of `introspection.*`.',
    example: 'jwt',
    wrong: 'The start stops.',
  }),
});

const providerMembers = {
  ...naming,
  ...membersBelow('upstream', {
    ...PRESET_ROWS,
    ...PRESET_OPTION_ROWS,
    ...UPSTREAM_ROWS,
    ...UPSTREAM_CALL_ROWS,
  }),
};
const jwtMembers = { ...kind, ...membersBelow('jwt', JWT_ROWS) };
const introspectionMembers = { ...kind, ...membersBelow('introspection', INTROSPECTION_ROWS) };

/** One more provider: what `upstream.*` has once, and an id. */
export type MoreProvider = SettingsOf<typeof providerMembers>;
/** One more verifier: what `jwt.*` or `introspection.*` has once. */
export type MoreVerifier =
  | { readonly kind: 'jwt'; readonly jwt: SettingsOf<typeof jwtMembers> }
  | { readonly kind: 'introspection'; readonly introspection: SettingsOf<typeof introspectionMembers> };

const provider = recordOf(
  providerMembers,
  'record with `id` and the settings of `upstream`, without that word in front',
);
const jwt = recordOf(
  jwtMembers,
  'record with `kind: jwt` and the settings of `jwt`, without that word in front',
);
const introspection = recordOf(
  introspectionMembers,
  'record with `kind: introspection` and the settings of `introspection`, without that word in front',
);

/** Where one provider, or one kind of token, is not enough. */
export const MORE_ROWS = section('Several at once', {
  moreProviders: setting<readonly MoreProvider[]>({
    type: listOf(provider, { says: `list of: ${provider.says}`, max: MOST }),
    default: [],
    defaultText: 'none',
    description:
      'Further identity providers. People choose on a page which one they sign in with; the same person at two providers is two people. Register each with its own redirect URI: the public URL with `/auth/callback/` and its `id` behind it.',
    example:
      '[{"id": "partners", "preset": "google", "clientId": "...", "clientSecret": "env:GOOGLE_SECRET"}]',
    wrong: 'People sign in with the wrong account, or can not sign in.',
  }),
  moreVerifiers: setting<readonly MoreVerifier[]>({
    type: listOf<MoreVerifier>(
      {
        says: 'record with `kind` and the settings of `jwt` or of `introspection`',
        secretInside: true,
        read(raw, context) {
          const which =
            typeof raw === 'object' && !Array.isArray(raw) ? (raw as { kind?: unknown }).kind : undefined;
          if (which === 'introspection') {
            const reading = introspection.read(raw, context);
            return 'fault' in reading ? reading : { value: { kind: which, introspection: reading.value } };
          }
          // Said already: its reference leads nowhere.
          if (which === UNRESOLVED)
            return { value: { kind: 'jwt', jwt: {} as SettingsOf<typeof jwtMembers> } };
          if (which !== 'jwt')
            return { fault: 'has no kind', remedy: 'Write kind: jwt or kind: introspection in each record.' };
          const reading = jwt.read(raw, context);
          return 'fault' in reading ? reading : { value: { kind: which, jwt: reading.value } };
        },
        parts(raw) {
          const which = typeof raw === 'object' && !Array.isArray(raw) ? (raw as { kind?: unknown }).kind : 0;
          const asJwt = which === 'introspection' ? raw : (jwt.parts?.(raw) ?? raw);
          // Where a reference says the kind, it is not known yet.
          return which === 'jwt' ? asJwt : (introspection.parts?.(asJwt) ?? asJwt);
        },
        show: (value) =>
          value.kind === 'jwt' ? jwt.show?.(value.jwt) : introspection.show?.(value.introspection),
      },
      { says: 'list of: record with `kind` and the settings of `jwt` or of `introspection`', max: MOST },
    ),
    default: [],
    defaultText: 'none',
    description:
      'Further kinds of tokens from elsewhere that get in. A token is shown only to the issuer that its form and its `iss` name.',
    example:
      '[{"kind": "jwt", "issuer": "https://ci.example.com", "jwksUri": "https://ci.example.com/keys"}]',
    wrong: 'Tokens that nobody meant get in, or good ones are answered with 401.',
  }),
});
