import { OperatorError, type Problem } from '../core/operator-error.ts';
import type { IntrospectionOptions } from '../verify/introspection.ts';
import { introspectionProblems } from '../verify/introspection.ts';
import { type JwtKeyOptions, type JwtVerifierOptions, jwtOptionProblems } from '../verify/jwt-options.ts';
import type { AudienceRule } from '../verify/token-rules.ts';
import type { AuthSettings } from './names.ts';

type Jwt = AuthSettings['jwt'];
type Introspection = AuthSettings['introspection'];

/** @throws OperatorError with everything that is wrong with them, each under `prefix` */
export function jwtOptions(jwt: Jwt, prefix: string): { readonly kind: 'jwt' } & JwtVerifierOptions {
  const { issuer = [], identityIssuer, algorithms, tokenType, clockToleranceSeconds, ...rest } = jwt;
  const keys = keysOf(jwt);
  const options: { readonly kind: 'jwt' } & JwtVerifierOptions = {
    kind: 'jwt',
    issuer: issuer.length === 1 && issuer[0] === 'none' ? 'none' : issuer,
    ...(identityIssuer === undefined ? {} : { identityIssuer }),
    keys,
    ...(algorithms === undefined ? {} : { algorithms }),
    ...(tokenType === undefined ? {} : { tokenType }),
    leewaySeconds: clockToleranceSeconds,
    ...sharedOptions(rest),
    settingPrefix: prefix,
  };
  const problems = [
    ...keyProblems(jwt, prefix),
    ...jwtOptionProblems(options)
      .filter(({ setting }) => setting !== `${prefix}.keys`)
      .map(operatorsName),
  ];
  if (problems.length > 0) throw new OperatorError(problems);
  return options;
}

/** @throws OperatorError with everything that is wrong with them, each under `prefix` */
export function introspectionOptions(
  introspection: Introspection,
  prefix: string,
): { readonly kind: 'introspection' } & IntrospectionOptions {
  const { endpoint, issuer, clientId, clientSecret, ...rest } = introspection;
  const missing = Object.entries({ endpoint, issuer, clientId, clientSecret })
    .filter(([, value]) => value === undefined)
    .map(([name]) => missingProblem(prefix, name));
  if (missing.length > 0) throw new OperatorError(missing);
  const { clientAuthentication, opaqueTokens, cacheSeconds, timeoutSeconds, allowPlainHttp } = rest;
  const options = {
    kind: 'introspection' as const,
    endpoint: endpoint!,
    issuer: issuer!,
    clientId: clientId!,
    clientSecret: clientSecret!,
    clientAuthentication,
    ...(opaqueTokens === undefined ? {} : { opaqueTokens }),
    cacheSeconds,
    timeoutSeconds,
    allowPlainHttp,
    ...(rest.jwtIssuers === undefined ? {} : { jwtIssuers: rest.jwtIssuers }),
    ...(rest.acceptUntyped === undefined ? {} : { acceptUntyped: rest.acceptUntyped }),
    refusedCacheSeconds: rest.refusedCacheSeconds,
    fallbackLifetimeSeconds: rest.fallbackLifetimeSeconds,
    leewaySeconds: rest.clockToleranceSeconds,
    ...sharedOptions(rest),
    settingPrefix: prefix,
  };
  const problems = introspectionProblems(options).map(operatorsName);
  if (problems.length > 0) throw new OperatorError(problems);
  return options;
}

/** The library has keys and clocks under other names. */
export function operatorsName(problem: Problem): Problem {
  const setting = problem.setting
    .replace('.keys.', '.')
    .replace(/\.leewaySeconds$/, '.clockToleranceSeconds');
  return { ...problem, setting };
}

type Shared = Pick<
  Jwt,
  'audience' | 'claims' | 'subjectClaim' | 'groupsClaim' | 'keepClaims' | 'scopeClaims' | 'grantScopes'
>;

function sharedOptions(shared: Shared) {
  const { audience, claims, subjectClaim, groupsClaim, keepClaims, scopeClaims, grantScopes } = shared;
  const rule: AudienceRule = audience?.length === 1 ? audience[0] : audience;
  return {
    ...(rule === undefined ? {} : { audience: rule }),
    claims,
    keepClaims,
    ...(subjectClaim === undefined ? {} : { subjectClaim }),
    ...(groupsClaim === undefined ? {} : { groupsClaim }),
    ...(scopeClaims === undefined ? {} : { scopeClaims }),
    ...(grantScopes.length === 0
      ? {}
      : { mapScopes: (scopes: readonly string[]) => [...scopes, ...grantScopes] }),
  };
}

function keysOf(jwt: Jwt): JwtKeyOptions {
  const { jwksUri, publicKey, sharedSecret, secretEncoding, timeoutSeconds, allowPlainHttp } = jwt;
  if (jwksUri !== undefined) {
    const { keysMaxAgeSeconds: maxAgeSeconds, keysCooldownSeconds: cooldownSeconds } = jwt;
    return { jwksUri, maxAgeSeconds, cooldownSeconds, timeoutSeconds, allowPlainHttp };
  }
  if (sharedSecret !== undefined)
    return { sharedSecret, ...(secretEncoding === undefined ? {} : { encoding: secretEncoding }) };
  return { publicKey: publicKey ?? [] };
}

const KEYS = ['jwksUri', 'publicKey', 'sharedSecret'] as const;

function keyProblems(jwt: Jwt, prefix: string): readonly Problem[] {
  const given = KEYS.filter((name) => jwt[name] !== undefined);
  const source = 'configuration';
  if (given.length === 0) return [missingProblem(prefix, 'jwksUri')];
  return [
    ...given.slice(1).map((name) => ({
      setting: `${prefix}.${name}`,
      source,
      message: `There is ${given[0]} already.`,
      remedy: 'Remove one of the two; for two kinds of keys, use moreVerifiers.',
    })),
    ...(jwt.secretEncoding !== undefined && jwt.sharedSecret === undefined
      ? [
          {
            setting: `${prefix}.secretEncoding`,
            source,
            message: 'There is no sharedSecret.',
            remedy: 'Remove it.',
          },
        ]
      : []),
  ];
}

const REMEDIES: Readonly<Record<string, string>> = {
  jwksUri: 'Set jwksUri, publicKey or sharedSecret: what tokens are checked with.',
  issuer: 'Set the issuer of the provider; where it has none, its address.',
};

function missingProblem(prefix: string, name: string): Problem {
  return {
    setting: `${prefix}.${name}`,
    source: 'configuration',
    message: 'It is missing.',
    remedy: REMEDIES[name] ?? 'Set it as the issuer gave it to this server.',
  };
}
