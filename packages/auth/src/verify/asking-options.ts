import { addressFault } from '../upstream/provider-settings.ts';
import { type AddProblem, rangeProblem } from './jwt-options.ts';
import type { TokenForms } from './token-forms.ts';
import type { TokenPersonOptions } from './token-person.ts';
import { type AudienceRule, type ClaimRule, MAX_LEEWAY_SECONDS } from './token-rules.ts';
import type { TokenScopeOptions } from './token-scopes.ts';

/** What verifiers that ask a provider about each token have in common. */
export interface AskingOptions extends TokenPersonOptions, TokenScopeOptions {
  /** For the log. Default: the kind of verifier and the issuer. */
  readonly name?: string;
  /** Who vouches for people: the provider's issuer, or its address where it has none. An answer that names another is refused. */
  readonly issuer: string;
  /** Whom the tokens are for; one of the listed must be in the audience the provider tells. Default: the resource itself. `none`: not asked. */
  readonly audience?: AudienceRule;
  /** What must be in the answer: `{ client_id: ['a', 'b'] }`. Default: none. */
  readonly claims?: Readonly<Record<string, ClaimRule>>;
  /**
   * Which opaque tokens are shown to the provider: all, none, or those with one of these prefixes. Where several verifiers ask providers,
   * prefixes keep one provider's tokens from the other. Default: `true`.
   */
  readonly opaqueTokens?: boolean | readonly string[];
  /** JWTs that name one of these issuers are shown to the provider too. Default: those that name `issuer`. */
  readonly jwtIssuers?: readonly string[];
  /** Seconds that a good answer is used, never beyond the end of the token: how long a revoked token lives on. 0: ask at every request. At most 3,600. */
  readonly cacheSeconds?: number;
  /** Seconds that a refused token is refused without asking again, at most 300. 0: ask every time. */
  readonly refusedCacheSeconds?: number;
  /** Tokens remembered at most, good and refused ones each. Default: 10,000. */
  readonly maxTokens?: number;
  /** Tokens asked about at the same time; for one more the answer is 503. Default: 100. */
  readonly maxConcurrent?: number;
  /** Seconds that one request to the provider may take, body included. Default: 10, at most 60. */
  readonly timeoutSeconds?: number;
  /** Seconds that clocks may differ. Default: 30, at most 300. */
  readonly leewaySeconds?: number;
  /** Seconds until a token ends of which the provider tells no end; it is asked about again long before. Default: 3,600. */
  readonly fallbackLifetimeSeconds?: number;
  /** Accept plain http addresses of other machines. Whoever can read that traffic can act as anybody. Default: `false`. */
  readonly allowPlainHttp?: boolean;
  /** How the settings above are called for the operator: `<settingPrefix>.issuer`. Default: `verifier`. */
  readonly settingPrefix?: string;
}

export function formsOf(options: AskingOptions): TokenForms {
  return { opaque: options.opaqueTokens ?? true, issuers: options.jwtIssuers ?? [options.issuer] };
}

const BOUNDS = {
  cacheSeconds: [0, 3600],
  refusedCacheSeconds: [0, 300],
  maxTokens: [1, 1_000_000],
  maxConcurrent: [1, 10_000],
  timeoutSeconds: [1, 60],
  leewaySeconds: [0, MAX_LEEWAY_SECONDS],
  fallbackLifetimeSeconds: [1, 86_400],
} as const;

/** What is wrong with the common options, each under its own name. */
export function checkAskingOptions(options: AskingOptions, add: AddProblem): void {
  const { audience, opaqueTokens } = options;
  if (options.issuer === '')
    add('issuer', 'It is empty.', 'Write the issuer of the provider, or its address.');
  for (const [name, bounds] of Object.entries(BOUNDS))
    rangeProblem(add, name, options[name as keyof typeof BOUNDS], bounds);
  if (Array.isArray(audience) ? audience.length === 0 || audience.includes('') : audience === '')
    add(
      'audience',
      'It is empty.',
      'List the audiences, leave it out for the resource itself, or write none.',
    );
  if (Array.isArray(audience) && audience.includes('none'))
    add('audience', 'It lists none beside others.', 'Write none alone, or leave it out of the list.');
  if (Array.isArray(opaqueTokens) && (opaqueTokens.length === 0 || opaqueTokens.includes('')))
    add('opaqueTokens', 'It lists no prefix, or an empty one.', 'List prefixes, or write true or false.');
}

export function checkAddress(add: AddProblem, name: string, address: string, options: AskingOptions): void {
  const fault = addressFault(address, options.allowPlainHttp ?? false);
  if (fault) add(name, `The address ${fault}.`, 'Use an https URL.');
}
