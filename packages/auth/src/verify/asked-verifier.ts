import { nowSeconds } from '../core/clock.ts';
import type { Caller, Identity } from '../core/identity.ts';
import { Refusal } from '../core/refusal.ts';
import type { Claims } from '../upstream/claims.ts';
import { ProviderFault, shown } from '../upstream/provider-fault.ts';
import { askedTokens } from './asked-tokens.ts';
import { type AskingOptions, formsOf } from './asking-options.ts';
import { recognizeForms } from './token-forms.ts';
import { personOfToken } from './token-person.ts';
import { checkAudience, checkClaimRules, checkTimes, DEFAULT_LEEWAY_SECONDS } from './token-rules.ts';
import { scopesOfToken } from './token-scopes.ts';
import type { Verifier } from './verifier.ts';
import { completeParts, unavailable, type VerifierParts } from './verifier-parts.ts';

/** How long what was just asked still counts as asked for the request that waited for it. */
const SAME_REQUEST_MILLISECONDS = 1000;

interface Answer {
  readonly identity: Identity;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly audience: unknown;
  readonly expiresAt: number;
}

export interface AskedVerifierOptions extends AskingOptions {
  /** For the log. */
  readonly name: string;
  /** How a provider is asked, for the log. */
  readonly operation: 'introspection' | 'token-check';
  /** As in `AskingOptions`, with its default filled in. */
  readonly cacheSeconds: number;
  /** As in `AskingOptions`, with its default filled in. */
  readonly refusedCacheSeconds: number;
}

/**
 * A verifier that asks somebody else about each token. Good answers are remembered for a while, and looked at again in the course of a
 * token's life: a token that was revoked at the provider ends here when its time in the cache does.
 * @param ask what is known of a token, as claims. Throws `Refusal` for a bad one, `ProviderFault` when nobody can tell
 */
export function askedVerifier(
  options: AskedVerifierOptions,
  parts: VerifierParts,
  ask: (token: string) => Promise<Claims>,
): Verifier {
  const { clock, onEvent } = completeParts(parts);
  const takes = formsOf(options);
  const answerFor = askedTokens<Answer>({
    clock,
    cacheSeconds: options.cacheSeconds,
    refusedCacheSeconds: options.refusedCacheSeconds,
    maxTokens: options.maxTokens ?? 10_000,
    maxConcurrent: options.maxConcurrent ?? 100,
    endOf: ({ expiresAt }) => expiresAt,
    ask: async (token) => {
      try {
        return shapedAnswer(await ask(token), options, nowSeconds(clock));
      } catch (error) {
        throw error instanceof ProviderFault ? unavailable(options.name, error, onEvent) : error;
      }
    },
  });

  return {
    name: options.name,
    takes,
    recognizes: recognizeForms(takes),
    async verify(token, resource) {
      let answer = await answerFor(token);
      let caller = callerOf(answer, options, resource);
      const verifiedAt = clock.now();
      const { expiresAt } = answer;
      const admitted = (latest: Answer): Caller => {
        if (latest !== answer) {
          caller = callerOf(latest, options, resource);
          answer = latest;
        }
        return caller;
      };
      let isFirst = true;
      return {
        expiresAt,
        admit() {
          const isSameRequest = isFirst && clock.now() - verifiedAt <= SAME_REQUEST_MILLISECONDS;
          isFirst = false;
          if (isSameRequest) return caller;
          const latest = answerFor(token);
          return latest instanceof Promise ? latest.then(admitted) : admitted(latest);
        },
      };
    },
  };
}

/** @throws Refusal for a bad token, ProviderFault when what is said of it can not be understood */
function shapedAnswer(told: Claims, options: AskedVerifierOptions, now: number): Answer {
  try {
    return answerOf(told, options, now);
  } catch (cause) {
    if (cause instanceof Refusal || cause instanceof ProviderFault) throw cause;
    throw new ProviderFault(
      'misconfigured',
      options.operation,
      { why: 'the answer has not the shape that was expected' },
      { cause },
    );
  }
}

/** @throws Refusal when what the provider says of the token does not keep the rules */
function answerOf(told: Claims, options: AskedVerifierOptions, now: number): Answer {
  const claims = options.shapeClaims?.(told) ?? told;
  const { leewaySeconds = DEFAULT_LEEWAY_SECONDS, fallbackLifetimeSeconds = 3600 } = options;
  const { iss: seen } = claims;
  if (seen !== undefined && seen !== null && typeof seen !== 'string')
    throw new ProviderFault('misconfigured', options.operation, { why: 'the member iss is no text' });
  if (typeof seen === 'string' && seen !== options.issuer)
    throw new Refusal('token.issuer', { seen: shown(seen), expected: options.issuer });
  const end = checkTimes(claims, { nowSeconds: now, leewaySeconds });
  checkClaimRules(claims, options.claims ?? {});
  return {
    ...personOfToken(options.issuer, claims, options),
    scopes: scopesOfToken(claims, options),
    audience: claims.aud,
    expiresAt: end ?? now + fallbackLifetimeSeconds,
  };
}

function callerOf(answer: Answer, { audience: rule }: AskedVerifierOptions, resource: string): Caller {
  const { audience, ...person } = answer;
  checkAudience(audience, rule, resource);
  return { ...person, resource };
}
