// RFC 6750 §2.1: a token that only its provider can read is good when the provider's API takes it; what the API says is who it stands for.
import { type Clock, nowSeconds } from '../core/clock.ts';
import { OperatorError, type Problem } from '../core/operator-error.ts';
import { Refusal } from '../core/refusal.ts';
import type { Claims } from '../upstream/claims.ts';
import { type ApiAnswer, apiAsker, type ProviderApiCall } from './api-call.ts';
import { askedVerifier } from './asked-verifier.ts';
import { type AskingOptions, checkAddress, checkAskingOptions } from './asking-options.ts';
import { problemList } from './jwt-options.ts';
import type { AudienceRule } from './token-rules.ts';
import type { Verifier } from './verifier.ts';
import { completeParts, type VerifierParts } from './verifier-parts.ts';

export type { ApiAnswer, ProviderApiCall };

export interface ProviderApiOptions extends AskingOptions {
  /**
   * What to ask, in this order. The first decides whether the token is good; the others add what it left out, and never change what an
   * earlier one said.
   */
  readonly calls: readonly ProviderApiCall[];
  /**
   * Which application a token must have been given to, compared with `aud` of the claims (see `ProviderApiCall.claims`). `none`: a token
   * that anybody's application got from the same provider comes in. There is no default, because the choice is never obvious.
   */
  readonly audience: Exclude<AudienceRule, undefined>;
  /** Default: `scope`. */
  readonly scopeClaims?: readonly string[];
  /** Default: 60. See `AskingOptions`. */
  readonly cacheSeconds?: number;
  /** Default: 30, so that somebody who repeats a bad token does not use up what the provider allows this server to ask. */
  readonly refusedCacheSeconds?: number;
}

/** @throws OperatorError when the options can not work */
export function providerApiVerifier(options: ProviderApiOptions, parts: VerifierParts): Verifier {
  checkOptions(options);
  const { clock, fetch } = completeParts(parts);
  const complete = {
    ...options,
    name: options.name ?? `API of ${options.issuer}`,
    operation: 'token-check' as const,
    scopeClaims: options.scopeClaims ?? ['scope'],
    cacheSeconds: options.cacheSeconds ?? 60,
    refusedCacheSeconds: options.refusedCacheSeconds ?? 30,
  };
  const ask = apiAsker(fetch, options.timeoutSeconds ?? 10);
  return askedVerifier(complete, parts, async (token) => {
    const [first, ...others] = options.calls;
    const decided = await ask(first!, token);
    if (decided === undefined) throw new Refusal('token.unknown', { why: 'the provider does not take it' });
    const added = await Promise.all(others.map((call) => askFurther(call, () => ask(call, token))));
    return withTimes(merged([decided, ...added]), clock);
  });
}

/** A token may be good and still not enough for everything. */
async function askFurther(call: ProviderApiCall, ask: () => Promise<Claims | undefined>): Promise<Claims> {
  const claims = await ask();
  if (claims !== undefined) return claims;
  if (call.optional) return {};
  throw new Refusal('token.unknown', { why: 'the provider does not take it everywhere' });
}

/** What an earlier answer says stands. */
function merged(answers: readonly Claims[]): Claims {
  return Object.fromEntries(answers.toReversed().flatMap((claims) => Object.entries(claims)));
}

/** Some APIs write numbers as texts, and some tell how long a token lives in place of when it ends. */
function withTimes(claims: Claims, clock: Clock): Claims {
  const exp = wholeNumber(claims.exp);
  if (exp !== undefined) return { ...claims, exp };
  const lifetime = wholeNumber(claims.expires_in);
  return lifetime === undefined ? claims : { ...claims, exp: nowSeconds(clock) + lifetime };
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

function checkOptions(options: ProviderApiOptions): void {
  const problems: Problem[] = [];
  const add = problemList(options.settingPrefix, problems);
  checkAskingOptions(options, add);
  if (options.audience === undefined)
    add('audience', 'It is missing.', 'Name the application that tokens must be for, or write none.');
  if (options.calls.length === 0) add('calls', 'There is nothing to ask.', 'Name at least one call.');
  if (options.calls.length > 10) add('calls', 'There are more than 10.', 'Leave out what is not needed.');
  options.calls.forEach((call, at) => void checkAddress(add, `calls.${at}.url`, call.url, options));
  if (problems.length > 0) throw new OperatorError(problems);
}
