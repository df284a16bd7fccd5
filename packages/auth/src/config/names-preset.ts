import type { PresetOptionName } from '../providers/preset.ts';
import { PRESET_OPTION_WORDS } from '../providers/preset-option-words.ts';
import { PRESETS } from '../providers/presets.ts';
import { optionalSetting, section, setting, type UnnamedRow } from './row.ts';
import { listOf, oneOf, onOff, text } from './value-types.ts';

/** Ways to name a provider that is not known: what it is. */
export const GENERIC_PRESETS = ['oidc', 'oauth2', 'jwt', 'introspection'] as const;
export type GenericPreset = (typeof GENERIC_PRESETS)[number];

const presetName = oneOf<string>(...PRESETS.map(({ id }) => id), ...GENERIC_PRESETS);

/** Which provider it is, and how it is used. */
export const PRESET_ROWS = section('Identity provider by name', {
  'upstream.preset': optionalSetting({
    type: presetName,
    defaultText: '`oidc` with `upstream.issuer`',
    description:
      'The provider by name: everything about it that is the same for everybody is known then. A page for each is below `docs/providers/`. Another one is `oidc`, or `oauth2` where it has no ID tokens; `jwt` and `introspection` sign nobody in, and check tokens as `jwt.*` and `introspection.*` say.',
    example: 'auth0',
    wrong: 'The start stops, or every sign-in ends with an error page.',
  }),
  'upstream.mode': optionalSetting({
    type: oneOf('proxy', 'remote'),
    defaultText: 'the first one that the page of the provider names',
    description:
      '`proxy`: people sign in through this server, which gives clients tokens of its own. `remote`: clients get their tokens from the provider itself, and this server checks them.',
    example: 'remote',
    wrong: 'With `remote`, clients can not register at a provider that knows no registration.',
  }),
  'upstream.offerClientId': optionalSetting({
    type: onOff,
    defaultText: '`on` in mode `remote` with a client id and no secret, where clients may be sent through us',
    description:
      'In mode `remote`: whether clients that register here are all given `upstream.clientId`, a public client (single-page application) at the provider.',
    example: 'on',
    wrong: 'With `off`, clients can not get an id at a provider that gives none by itself.',
  }),
  'upstream.acceptTokens': setting({
    type: onOff,
    default: false,
    description:
      'In mode `proxy`: whether tokens of the provider itself get in beside our own. They have to be for `upstream.audience`, and count as having the scopes of `scopes.baseline`.',
    example: 'on',
    wrong:
      'With `on`, whoever gets a token of the provider for that audience is in, without our consent page.',
  }),
  'upstream.forwardResource': setting({
    type: onOff,
    default: false,
    description:
      'In mode `proxy`: whether the provider is told which resource its tokens are for (RFC 8707), by our own resource identifier.',
    example: 'on',
    wrong: 'With `on`, providers that do not know the resource, or the parameter, refuse every sign-in.',
  }),
});

type OptionRows = { readonly [N in PresetOptionName as `upstream.${N}`]: UnnamedRow<string | undefined> };
type Words = typeof PRESET_OPTION_WORDS;
type ListRows = {
  readonly [N in PresetOptionName as Words[N] extends { readonly list: true }
    ? `upstream.${N}`
    : never]: UnnamedRow<readonly string[] | undefined>;
};

/** What the console of a provider shows beside client id and secret; which provider has what, its page tells. */
export const PRESET_OPTION_ROWS = section(
  'Identity provider by name: its options',
  optionRows() as Omit<OptionRows, keyof ListRows> & ListRows,
);

function optionRows(): Readonly<Record<string, UnnamedRow<unknown>>> {
  const names = new Set(PRESETS.flatMap(({ options }) => Object.keys(options) as PresetOptionName[]));
  return Object.fromEntries([...names].sort().map((name) => [`upstream.${name}`, optionRow(name)]));
}

/** What an option means is the same for all providers that have it; where their consoles show it stands behind. */
function optionRow(name: PresetOptionName): UnnamedRow<unknown> {
  const having = PRESETS.flatMap((preset) => {
    const option = preset.options[name];
    return option ? [{ preset, option }] : [];
  });
  const value = text({ says: 'value without spaces', max: 512, pattern: /^\S+$/ });
  const { option } = having[0]!;
  const { description, wrong } = PRESET_OPTION_WORDS[name];
  const consoles = having.map(({ preset, option: { console } }) => `${preset.title}: ${console}.`);
  return optionalSetting<unknown>({
    type: option.list ? listOf(value, { says: 'list of values', max: 100 }) : value,
    defaultText: 'none',
    description: [description, ...consoles].join(' '),
    example: option.example,
    wrong,
  });
}
