// RFC 6749 §6 and OpenID Connect Core §12.2: new tokens of the provider for a session that lives on.
import * as oauth from 'oauth4webapi';
import { unverifiedClaims } from './id-token.ts';
import type { Provider, ProviderTokens } from './provider.ts';
import { ProviderFault } from './provider-fault.ts';
import { jsonResponse, providerTokens, tokenAnswerBody } from './token-answer.ts';

/**
 * Throws `ProviderFault`; `ended` only when the provider said `invalid_grant`. After the provider answered nothing else is asked of it: a
 * refresh token that was just rotated must not be lost because of a second request. So the signature of a new ID token is not looked at
 * (§3.1.3.7 allows it for a token that came straight from the provider), and nothing is read from it but that the person is the same.
 */
export async function refreshTokens(provider: Provider, tokens: ProviderTokens): Promise<ProviderTokens> {
  const { settings, client } = provider;
  const { refreshToken } = tokens;
  if (refreshToken === undefined) {
    throw new ProviderFault('invalid', 'refresh', { why: 'the provider gave no refresh token' });
  }
  const metadata = provider.metadata();
  const received = await provider.call('refresh', [refreshToken, settings.clientSecret ?? ''], (options) =>
    oauth.refreshTokenGrantRequest(metadata, client, provider.authentication(), refreshToken, {
      ...options,
      additionalParameters: settings.tokenParameters,
    }),
  );
  const { id_token: idToken, ...body } = tokenAnswerBody('refresh', received);
  let result: oauth.TokenEndpointResponse;
  try {
    result = await oauth.processRefreshTokenResponse(metadata, client, jsonResponse(body));
  } catch (error) {
    // The cause of such an error holds the tokens, and stays here.
    const why = error instanceof Error ? error.message : 'unreadable';
    throw new ProviderFault('invalid', 'refresh', { why });
  }
  if (!settings.openid || typeof idToken !== 'string') return providerTokens(result, provider, tokens);
  requireSamePerson(idToken, tokens.idToken);
  return providerTokens({ ...result, id_token: idToken }, provider, tokens);
}

function requireSamePerson(idToken: string, before: string | undefined): void {
  const now = unverifiedClaims(idToken);
  const then = before === undefined ? undefined : unverifiedClaims(before);
  if (!now || !then || (now.iss === then.iss && now.sub === then.sub)) return;
  throw new ProviderFault('invalid', 'refresh', { why: 'the new ID token is about another person' });
}
