// RFC 6749 §4.1.3, RFC 9207 §2.4 and OpenID Connect Core §3.1.3: from the callback to tokens and what they say of the person.
import * as oauth from 'oauth4webapi';
import type { AuthorizationSecrets } from './authorization-url.ts';
import type { Claims } from './claims.ts';
import { unverifiedClaims, verifiedClaims } from './id-token.ts';
import type { Provider, ProviderTokens } from './provider.ts';
import { type FaultKind, kindOfError, ProviderFault, shown } from './provider-fault.ts';
import { subjectFrom } from './subject.ts';
import { issuerOfTenant } from './tenants.ts';
import { jsonResponse, providerTokens, tokenAnswerBody } from './token-answer.ts';

export interface CodeExchangeContext {
  readonly callbackUrl: string;
  readonly state: string;
  readonly secrets: AuthorizationSecrets;
}

export interface CodeExchange {
  readonly tokens: ProviderTokens;
  /** Of the verified ID token; absent without `openid`. */
  readonly idTokenClaims?: Claims;
}

/** Throws `ProviderFault`; its kind is `ended` when the provider, or the person there, said no. */
export async function exchangeCode(
  provider: Provider,
  answer: URLSearchParams,
  context: CodeExchangeContext,
): Promise<CodeExchange> {
  const { settings, client, call } = provider;
  const metadata = provider.metadata();
  const parameters = validatedAnswer(provider, answer, context.state);
  const verifier = settings.pkce ? context.secrets.verifier : oauth.nopkce;
  const nonce = context.secrets.nonce;
  if (verifier === undefined || (settings.openid && nonce === undefined)) {
    throw new ProviderFault('invalid', 'code-exchange', { why: 'the secrets of the request are missing' });
  }
  const secrets = [
    parameters.get('code') ?? '',
    settings.clientSecret ?? '',
    typeof verifier === 'string' ? verifier : '',
  ];
  const received = await call('code-exchange', secrets, (options) =>
    oauth.authorizationCodeGrantRequest(
      metadata,
      client,
      provider.authentication(),
      parameters,
      context.callbackUrl,
      verifier,
      { ...options, additionalParameters: settings.tokenParameters },
    ),
  );
  const { id_token: idToken, ...rest } = tokenAnswerBody('code-exchange', received);
  // Without `openid` an ID token was not asked for, and is not looked at.
  const body = settings.openid && idToken !== undefined ? { ...rest, id_token: idToken } : rest;
  const result = await processed(() =>
    oauth.processAuthorizationCodeResponse(
      { ...metadata, issuer: expectedIssuer(provider, body) },
      client,
      jsonResponse(body),
      settings.openid ? { expectedNonce: nonce!, requireIdToken: true } : {},
    ),
  );
  const tokens = providerTokens(result, provider);
  if (!settings.openid) return { tokens };
  const algorithms = metadata.id_token_signing_alg_values_supported;
  const claims = await verifiedClaims('code-exchange', result.id_token!, provider.keys!, algorithms);
  if (typeof claims.sub !== 'string' || subjectFrom(claims.sub) === undefined) {
    throw new ProviderFault('invalid', 'code-exchange', { why: 'the subject can not name anybody' });
  }
  return { tokens, idTokenClaims: claims };
}

/** Which issuer the token has to name may hang on what it says itself; its signature is looked at after that, and covers both. */
function expectedIssuer(
  provider: Provider,
  { id_token: idToken }: Readonly<Record<string, unknown>>,
): string {
  const { issuer } = provider.metadata();
  const { tenants } = provider.settings;
  if (!tenants || typeof idToken !== 'string') return issuer;
  return issuerOfTenant(tenants, unverifiedClaims(idToken)) ?? issuer;
}

/** State and issuer first, so that an error that somebody else sent is not taken for the provider's. */
function validatedAnswer(provider: Provider, answer: URLSearchParams, state: string): URLSearchParams {
  let parameters: URLSearchParams;
  try {
    parameters = oauth.validateAuthResponse(provider.metadata(), provider.client, answer, state);
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) throw refusedAuthorization(error.error);
    const why = error instanceof Error ? error.message : 'unreadable';
    const issuer = { expected: provider.metadata().issuer, seen: shown(answer.get('iss') ?? '(none)') };
    throw new ProviderFault('invalid', 'authorization', { why: shown(why), ...issuer });
  }
  if (parameters.getAll('code').length !== 1 || !parameters.get('code')) {
    throw new ProviderFault('invalid', 'authorization', { why: 'the answer has no code, or several' });
  }
  return parameters;
}

/** RFC 6749 §4.1.2.1: errors that name a mistake in our request. All others are a decision about the person. */
const OUR_MISTAKES: ReadonlySet<string> = new Set([
  'invalid_request',
  'invalid_client',
  'unauthorized_client',
  'unsupported_response_type',
  'invalid_scope',
  'invalid_target',
]);

function refusedAuthorization(error: string): ProviderFault {
  let kind: FaultKind = 'ended';
  if (kindOfError(error) === 'unavailable') kind = 'unavailable';
  else if (OUR_MISTAKES.has(error)) kind = 'misconfigured';
  return new ProviderFault(kind, 'authorization', { error: shown(error) });
}

async function processed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // The messages of the library name members and rules; its causes hold tokens, and stay here.
    const why = error instanceof Error ? shown(error.message) : 'unreadable';
    throw new ProviderFault('invalid', 'code-exchange', { why });
  }
}
