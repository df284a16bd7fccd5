import type { Problem } from '../core/operator-error.ts';
import { ID_TOKEN_ALGORITHMS } from '../upstream/id-token.ts';
import { addressFault } from '../upstream/provider-settings.ts';
import type { IssuerOption } from './issuer-rule.ts';
import type { JwtType } from './jwt-form.ts';
import { HMAC_ALGORITHMS, type SecretEncoding } from './shared-secret.ts';
import type { TokenPersonOptions } from './token-person.ts';
import { type AudienceRule, type ClaimRule, MAX_LEEWAY_SECONDS } from './token-rules.ts';
import type { TokenScopeOptions } from './token-scopes.ts';

/** A key set that the provider publishes and changes when it likes (RFC 7517 §5). */
export interface JwksOptions {
  /** Where it is, with its query if it has one. https; plain http only on this machine or with `allowPlainHttp`. Who serves it decides who may come in. */
  readonly jwksUri: string;
  /** Seconds after which it is read again when it is needed, and tokens that are remembered are looked at again: how long a key lives on that the provider took away. Default: 600. */
  readonly maxAgeSeconds?: number;
  /** Seconds in which unknown key ids cause no second reading. Default: 60. */
  readonly cooldownSeconds?: number;
  /** Seconds that one reading may take. Default: 10. */
  readonly timeoutSeconds?: number;
  /** Accept a plain http address of another machine. Whoever can change that traffic can sign in as anybody. Default: `false`. */
  readonly allowPlainHttp?: boolean;
}

/** Keys that do not change while this server runs. */
export interface PublicKeyOptions {
  /** Each a text in any form that `readPublicKeys` reads (PEM, certificate, JWK, key set, bare base64), or a JWK as an object. */
  readonly publicKey: PublicKeySource | readonly PublicKeySource[];
}

export type PublicKeySource = string | Readonly<Record<string, unknown>>;

/** One key for making and for checking tokens: whoever can check them can also make them. */
export interface SharedSecretOptions {
  /** Random, and at least as long as the hash: 32 bytes for HS256, 48 for HS384, 64 for HS512. */
  readonly sharedSecret: string;
  /** How the bytes are written. Default: `text`, its UTF-8 bytes. Wrongly set, no token is ever good. */
  readonly encoding?: SecretEncoding;
}

export type JwtKeyOptions = JwksOptions | PublicKeyOptions | SharedSecretOptions;

export interface JwtVerifierOptions extends TokenPersonOptions, TokenScopeOptions {
  /** For the log. Default: `JWT of <first issuer>`. */
  readonly name?: string;
  /**
   * Who makes the tokens: one issuer, several, or a template with its tenants. All of them sign with the keys of this verifier, so list
   * only issuers that share theirs. `none`: tokens are not asked for an issuer; then `identityIssuer` must be set, and every JWT that no
   * other verifier takes comes here.
   */
  readonly issuer: IssuerOption;
  /** The issuer that people are known under, in place of the one in the token. Set it when one provider has two names. Default: `iss`. */
  readonly identityIssuer?: string;
  /** What the tokens are verified with. */
  readonly keys: JwtKeyOptions;
  /**
   * Algorithms a token may have. Default: all of RS, PS and ES 256, 384, 512, EdDSA and Ed25519 for public keys; `HS256` for a shared secret.
   * One that no key can have is refused at the start.
   */
  readonly algorithms?: readonly string[];
  /**
   * Whom the tokens are for; one of the listed must be in `aud`. Default: the resource itself. `none`: not asked, and then any token of the
   * issuer for any of its services gets in, unless `claims` says which; it has to be written out.
   */
  readonly audience?: AudienceRule;
  /** Claims that must be there, and what they must be: `{ token_use: 'access', client_id: ['a', 'b'] }`. Default: none. */
  readonly claims?: Readonly<Record<string, ClaimRule>>;
  /** `at+jwt`: only tokens that say they are access tokens. `jwt`: also `JWT` or no type. Default: `jwt`, since few providers write the other. */
  readonly tokenType?: JwtType;
  /** Seconds that clocks may differ. Default: 30, at most 300. */
  readonly leewaySeconds?: number;
  /** How the settings above are called for the operator: `<settingPrefix>.issuer`. Default: `verifier`. */
  readonly settingPrefix?: string;
}

/** What is wrong with the options, all at once; keys and issuers themselves are read by those who use them. */
export function jwtOptionProblems(options: JwtVerifierOptions): readonly Problem[] {
  const problems: Problem[] = [];
  const add = problemList(options.settingPrefix, problems);
  const { keys, audience, leewaySeconds: leeway = 0 } = options;
  const given = ['jwksUri', 'publicKey', 'sharedSecret'].filter((name) => Object.hasOwn(keys, name));
  if (given.length !== 1) {
    add(
      'keys',
      `${given.length} of jwksUri, publicKey and sharedSecret are set.`,
      'Set exactly one of them.',
    );
  }
  if ('jwksUri' in keys) {
    const fault = addressFault(keys.jwksUri, keys.allowPlainHttp ?? false);
    if (fault) add('keys.jwksUri', `The address ${fault}.`, 'Use an https URL.');
    for (const name of ['maxAgeSeconds', 'cooldownSeconds', 'timeoutSeconds'] as const)
      rangeProblem(add, `keys.${name}`, keys[name], SECONDS[name]);
  }
  if (options.issuer === 'none' && !options.identityIssuer)
    add('identityIssuer', 'It is missing, and issuer is none.', 'Say under which issuer people are known.');
  if (Array.isArray(audience) ? audience.length === 0 || audience.includes('') : audience === '')
    add(
      'audience',
      'It is empty.',
      'List the audiences, leave it out for the resource itself, or write none.',
    );
  if (Array.isArray(audience) && audience.includes('none'))
    add('audience', 'It lists none beside others.', 'Write none alone, or leave it out of the list.');
  rangeProblem(add, 'leewaySeconds', leeway, [0, MAX_LEEWAY_SECONDS]);
  for (const problem of algorithmProblems(options)) add('algorithms', ...problem);
  for (const [name, rule] of Object.entries(options.claims ?? {}))
    if (Array.isArray(rule) && rule.length === 0)
      add(`claims.${name}`, 'Its list is empty: no token could fit.', 'List what the claim may be.');
  return problems;
}

const SECONDS = { maxAgeSeconds: [1, 86_400], cooldownSeconds: [1, 3600], timeoutSeconds: [1, 60] } as const;

function algorithmProblems({ keys, algorithms }: JwtVerifierOptions): readonly (readonly [string, string])[] {
  if (algorithms === undefined) return [];
  if (algorithms.length === 0) return [['The list is empty: no token could fit.', 'Leave it out.']];
  const possible: readonly string[] = 'sharedSecret' in keys ? HMAC_ALGORITHMS : [...ID_TOKEN_ALGORITHMS];
  return algorithms
    .filter((name) => !possible.includes(name))
    .map((name) => [`${name.slice(0, 40)} can not be used with such keys.`, `Use ${possible.join(', ')}.`]);
}

export type AddProblem = (name: string, message: string, remedy: string) => void;

/** Adds problems under the operator's name for a setting. */
export function problemList(prefix = 'verifier', problems: Problem[]): AddProblem {
  return (name, message, remedy) =>
    void problems.push({ setting: `${prefix}.${name}`, source: 'configuration', message, remedy });
}

/** A number beyond its bounds; absent is fine. */
export function rangeProblem(
  add: AddProblem,
  name: string,
  value: number | undefined,
  [least, most]: readonly [number, number],
): void {
  if (value === undefined || (value >= least && value <= most)) return;
  add(name, `It is ${value}.`, `Use a number from ${least} to ${most}.`);
}
