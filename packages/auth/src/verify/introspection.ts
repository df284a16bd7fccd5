// RFC 7662: asking the authorization server whether a token is active, and whose it is.
import * as oauth from 'oauth4webapi';
import { hasDuplicateMembers, isObject, parseJson } from '../core/json-text.ts';
import { OperatorError, type Problem } from '../core/operator-error.ts';
import { Refusal } from '../core/refusal.ts';
import type { Claims } from '../upstream/claims.ts';
import { clientAuthentication } from '../upstream/client-authentication.ts';
import { providerCall } from '../upstream/provider-call.ts';
import { type ProviderAnswer, ProviderFault, shownValue } from '../upstream/provider-fault.ts';
import { askedVerifier } from './asked-verifier.ts';
import { type AskingOptions, checkAddress, checkAskingOptions } from './asking-options.ts';
import { problemList } from './jwt-options.ts';
import { checkKind } from './token-rules.ts';
import type { Verifier } from './verifier.ts';
import { completeParts, type VerifierParts } from './verifier-parts.ts';

export interface IntrospectionOptions extends AskingOptions {
  /** The introspection endpoint. Gets every token and the client secret: https, but on this machine or with `allowPlainHttp`. */
  readonly endpoint: string;
  /** The id this server is registered with at the provider, as somebody who may ask. */
  readonly clientId: string;
  /** The secret that belongs to it. */
  readonly clientSecret: string;
  /** RFC 6749 §2.3.1: in the header (`basic`) or in the body (`post`). Default: `basic`. Set wrongly, every request is a 503. */
  readonly clientAuthentication?: 'basic' | 'post';
  /** Default: 60. See `AskingOptions`. */
  readonly cacheSeconds?: number;
  /** Default: 0, so that a provider whose machines are not yet agreed on a new token is asked again. */
  readonly refusedCacheSeconds?: number;
  /**
   * Accept tokens of which the provider does not tell `token_type`. Some tell it of access tokens alone, so that without it a refresh token
   * could come in as one. Default: `true` where an audience is checked, `false` with `audience: 'none'`.
   */
  readonly acceptUntyped?: boolean;
}

/**
 * @throws OperatorError when the options can not work
 */
export function introspectionVerifier(options: IntrospectionOptions, parts: VerifierParts): Verifier {
  const problems = introspectionProblems(options);
  if (problems.length > 0) throw new OperatorError(problems);
  const { endpoint, issuer, clientId, clientSecret } = options;
  const server: oauth.AuthorizationServer = { issuer, introspection_endpoint: endpoint };
  const authentication = clientAuthentication(
    { clientSecret, clientAuthentication: options.clientAuthentication ?? 'basic' },
    {},
  );
  const call = providerCall(completeParts(parts).fetch, options.timeoutSeconds ?? 10);
  const acceptUntyped = options.acceptUntyped ?? options.audience !== 'none';
  const complete = {
    ...options,
    name: options.name ?? `introspection at ${issuer}`,
    operation: 'introspection' as const,
    cacheSeconds: options.cacheSeconds ?? 60,
    refusedCacheSeconds: options.refusedCacheSeconds ?? 0,
  };
  return askedVerifier(complete, parts, async (token) => {
    const answer = await call('introspection', [token, clientSecret], (requestOptions) =>
      oauth.introspectionRequest(server, { client_id: clientId }, authentication, token, {
        ...requestOptions,
        additionalParameters: { token_type_hint: 'access_token' },
      }),
    );
    const claims = activeClaims(answer);
    checkTokenType(claims.token_type, acceptUntyped);
    checkKind(claims);
    return claims;
  });
}

/** §2.2. What has no `active` is no such answer, and says nothing about the token. */
function activeClaims(answer: ProviderAnswer): Claims {
  const claims = parseJson(answer.text);
  if (!isObject(claims) || typeof claims.active !== 'boolean' || hasDuplicateMembers(answer.text)) {
    throw new ProviderFault('misconfigured', 'introspection', {
      why: 'the answer is none of RFC 7662',
      contentType: answer.contentType.slice(0, 100),
    });
  }
  if (!claims.active) throw new Refusal('token.unknown', { why: 'the provider says it is not active' });
  return claims;
}

/** §2.2, RFC 6749 §5.1: a type knows no case. What is not a bearer token must not be taken as one (RFC 9449 §7). */
function checkTokenType(type: unknown, acceptUntyped: boolean): void {
  const isBearer = typeof type === 'string' && /^(bearer|access_token)$/i.test(type);
  const isAbsent = type === undefined || type === null;
  if (isBearer || (isAbsent && acceptUntyped)) return;
  if (!isAbsent && typeof type !== 'string')
    throw new ProviderFault('misconfigured', 'introspection', { why: 'the member token_type is no text' });
  throw new Refusal('token.type', { seen: shownValue(type).slice(0, 40), expected: 'Bearer' });
}

/** What is wrong with the options, all at once. */
export function introspectionProblems(options: IntrospectionOptions): readonly Problem[] {
  const problems: Problem[] = [];
  const add = problemList(options.settingPrefix, problems);
  checkAskingOptions(options, add);
  checkAddress(add, 'endpoint', options.endpoint, options);
  if (options.clientId === '') add('clientId', 'It is empty.', 'Set the id this server has at the provider.');
  if (options.clientSecret === '')
    add('clientSecret', 'It is empty.', 'Set the secret that belongs to the id.');
  const method: unknown = options.clientAuthentication ?? 'basic';
  if (method !== 'basic' && method !== 'post')
    add('clientAuthentication', 'There is no such method.', 'Use basic or post.');
  return problems;
}
