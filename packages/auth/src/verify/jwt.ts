// RFC 7519 §7.2, RFC 9068 §4, RFC 8725: access tokens that somebody else signed.
import { nowSeconds } from '../core/clock.ts';
import type { Caller } from '../core/identity.ts';
import { OperatorError, type Problem } from '../core/operator-error.ts';
import { Refusal } from '../core/refusal.ts';
import type { Claims } from '../upstream/claims.ts';
import { shownValue } from '../upstream/provider-fault.ts';
import { type IssuerRule, issuerRule } from './issuer-rule.ts';
import { type JwtParts, readJwt } from './jwt-form.ts';
import { jwtKeys } from './jwt-keys.ts';
import { type JwtVerifierOptions, jwtOptionProblems, problemList } from './jwt-options.ts';
import { recognizeForms, type TokenForms } from './token-forms.ts';
import { personOfToken } from './token-person.ts';
import {
  checkAudience,
  checkClaimRules,
  checkKind,
  checkTimes,
  DEFAULT_LEEWAY_SECONDS,
} from './token-rules.ts';
import { scopesOfToken } from './token-scopes.ts';
import type { Verifier } from './verifier.ts';
import { completeParts, type VerifierParts } from './verifier-parts.ts';

/**
 * Verifies JWTs of one authority, with a key set, public keys or a shared secret. What a token says is weighed before its signature is
 * checked, so that no bad token makes us ask the provider; nothing of it is used before the signature is found good.
 * @throws OperatorError when the options can not work
 */
export function jwtVerifier(options: JwtVerifierOptions, parts: VerifierParts): Verifier {
  const rule = checkedOptions(options);
  const name = options.name ?? `JWT of ${rule?.issuers[0] ?? options.identityIssuer}`;
  const keys = jwtKeys(name, options, parts);
  const { clock } = completeParts(parts);
  const takes: TokenForms = { opaque: false, issuers: rule?.issuers ?? 'any' };
  const expected = { algorithms: keys.algorithms, type: options.tokenType ?? 'jwt' } as const;

  async function read(token: string, resource: string): Promise<Caller> {
    const jwt = readJwt(token, expected);
    const expiresAt = checkClaims(jwt, resource, { options, rule, nowSeconds: nowSeconds(clock) });
    await keys.check(token, jwt);
    return callerOf(jwt.claims, { options, resource, expiresAt });
  }

  return {
    name,
    takes,
    recognizes: recognizeForms(takes),
    warm: keys.warm,
    async verify(token, resource) {
      let caller = await read(token, resource);
      let checkedAt = clock.now();
      const { expiresAt } = caller;
      const isRecent = () => clock.now() - checkedAt <= keys.recheckSeconds * 1000;
      const checkAgain = async () => {
        const startedAt = clock.now();
        caller = await read(token, resource);
        checkedAt = startedAt;
        return caller;
      };
      return { expiresAt, admit: () => (isRecent() ? caller : checkAgain()) };
    },
  };
}

interface Expected {
  readonly options: JwtVerifierOptions;
  readonly rule: IssuerRule | undefined;
  readonly nowSeconds: number;
}

/** When the token ends. @throws Refusal */
function checkClaims({ claims }: JwtParts, resource: string, expected: Expected): number {
  const { options, rule, nowSeconds } = expected;
  if (rule && !rule.accepts(claims.iss, claims))
    throw new Refusal('token.issuer', {
      seen: shownValue(claims.iss),
      expected: rule.issuers.slice(0, 5),
    });
  checkKind(claims);
  checkAudience(claims.aud, options.audience, resource);
  const leewaySeconds = options.leewaySeconds ?? DEFAULT_LEEWAY_SECONDS;
  const expiresAt = checkTimes(claims, { nowSeconds, leewaySeconds });
  if (expiresAt === undefined) throw new Refusal('token.claims', { claim: 'exp' });
  checkClaimRules(claims, options.claims ?? {});
  return expiresAt;
}

function callerOf(
  token: Claims,
  { options, resource, expiresAt }: { options: JwtVerifierOptions; resource: string; expiresAt: number },
): Caller {
  const claims = options.shapeClaims?.(token) ?? token;
  const issuer = options.identityIssuer ?? String(token.iss);
  return {
    ...personOfToken(issuer, claims, options),
    scopes: scopesOfToken(claims, options),
    resource,
    expiresAt,
  };
}

/** The rule for issuers; `undefined` when none is asked for. */
function checkedOptions(options: JwtVerifierOptions): IssuerRule | undefined {
  const problems: Problem[] = [...jwtOptionProblems(options)];
  let rule: IssuerRule | undefined;
  try {
    rule = options.issuer === 'none' ? undefined : issuerRule(options.issuer);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    problemList(options.settingPrefix, problems)(
      'issuer',
      error.message,
      'Write the issuer as the provider writes it in its tokens.',
    );
  }
  if (problems.length > 0) throw new OperatorError(problems);
  return rule;
}
