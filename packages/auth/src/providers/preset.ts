import type { ScopeMap } from '../protocol/scope-map.ts';
import type { UpstreamProviderOptions } from '../sign-in/upstream-provider.ts';
import type { IntrospectionOptions } from '../verify/introspection.ts';
import type { JwtVerifierOptions } from '../verify/jwt-options.ts';
import type { PRESET_OPTION_WORDS } from './preset-option-words.ts';

/**
 * What a provider's console shows beside client id and secret. A closed list: each name is a setting `upstream.<name>`, so that an operator
 * learns a name once, whichever provider has it.
 */
export type PresetOptionName = keyof typeof PRESET_OPTION_WORDS;

/** `proxy`: people sign in through our own issuer. `remote`: clients get tokens from the provider itself. */
export type PresetMode = 'proxy' | 'remote';

/** One option of a preset. */
export interface PresetOption {
  /** Where the provider's console shows it, in its words. */
  readonly console: string;
  /** A value, as the console would show it. */
  readonly example: string;
  /** Must it be set: always, never, or in one mode? */
  readonly required: boolean | PresetMode;
  /** The only mode in which it means something. Default: every one. */
  readonly mode?: PresetMode;
  /** Several values, such as tenants. Default: one. */
  readonly list?: boolean;
  /** What a value looks like; another one stops the start. Default: any text without spaces. */
  readonly pattern?: RegExp;
}

/** What the operator set, found to be complete and well-formed for the preset. Lists are lists. */
export interface PresetInput {
  /** Empty in remote mode, where the preset does not need it. */
  readonly clientId: string;
  readonly clientSecret?: string;
  /** The identifier of the resource: what tokens are for, in remote mode. */
  readonly resource: string;
  /** Canonical scopes that every request needs, in remote mode. */
  readonly requiredScopes: readonly string[];
  readonly options: Readonly<Partial<Record<PresetOptionName, string>>>;
  /** Options that are lists, by name: `allowedTenants`, `hostedDomains`, `organizations`. */
  readonly lists: Readonly<Partial<Record<PresetOptionName, readonly string[]>>>;
}

/** Options that can not be set together, or not so. */
export interface PresetConflict {
  readonly option: PresetOptionName;
  readonly message: string;
  readonly remedy: string;
}

/** Signing in at the provider through our own issuer: what differs from the defaults of `upstreamProvider`. */
export type ProxyPreset = Omit<
  UpstreamProviderOptions,
  'clientId' | 'clientSecret' | 'id' | 'title' | 'username'
>;

/** Tokens of the provider itself, which clients get from it directly. */
export interface RemotePreset {
  /** Issuer identifiers for the resource metadata, the preferred one first. */
  readonly authorizationServers: readonly string[];
  readonly verifier:
    | ({ readonly kind: 'jwt' } & JwtVerifierOptions)
    | ({ readonly kind: 'introspection' } & IntrospectionOptions);
  /** How the provider spells scopes. Default: as we do. */
  readonly scopes?: ScopeMap;
  /** Where the provider's own metadata is, for clients that look for it at our address. Default: not forwarded. */
  readonly forwardMetadata?: string;
}

/** Which facts about a person the provider yields, for `docs/reference/providers.md`: the claim or call each comes from, or `none`. */
export interface Yields {
  readonly identity: string;
  readonly email: string;
  readonly emailVerified: string;
  readonly name: string;
  readonly groups: string;
}

/** One identity provider: a page of data. The first mode is the default. */
export interface Preset {
  /** In settings and in the name of its file and of its page under `docs/providers/`. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** Of our registration there. `none`: there is no registration, since clients get their tokens themselves. */
  readonly clientSecret: 'required' | 'optional' | 'none';
  /** What remote mode needs besides: of the registration, or that clients are told scopes, since without any the provider refuses them. Default: nothing. */
  readonly remoteNeeds?: readonly ('clientId' | 'clientSecret' | 'scopes')[];
  /** Does it take the parameter `resource` (RFC 8707)? Default: `true`, when it is asked to. */
  readonly takesResource?: boolean;
  /** Do clients get an id from the provider by themselves? Where not, ours answers them in remote mode. Default: `true`. */
  readonly clientsRegister?: boolean;
  readonly options: Readonly<Partial<Record<PresetOptionName, PresetOption>>>;
  readonly modes: readonly [PresetMode, ...PresetMode[]];
  readonly proxy?: (input: PresetInput) => ProxyPreset;
  readonly remote?: (input: PresetInput) => RemotePreset;
  /** What is contradictory. Called with whatever was set, complete or not. Default: nothing. */
  readonly conflicts?: (input: PresetInput) => readonly PresetConflict[];
  readonly yields: Yields;
  /** Where all this is documented by the provider. */
  readonly documentation: string;
}
