// OAuth 2.1 §4.1.3: the authorization code grant at the token endpoint.
import { Refusal } from '../../core/refusal.ts';
import { resolveResource } from '../../protocol/resource-indicator.ts';
import type { CodeTokenRequest } from '../../protocol/token-request.ts';
import type { IssuedTokens } from '../../protocol/token-response.ts';
import { headRefreshToken } from '../../sessions/refresh.ts';
import type { Session } from '../../sessions/session.ts';
import { absoluteSeconds, type NewSession } from '../../sessions/sessions.ts';
import type { ProviderTokens } from '../../upstream/provider.ts';
import type { Client } from '../clients/client.ts';
import { type IssuerContext, resourceIds } from '../context/issuer-context.ts';
import { mintAccessToken } from './access-token.ts';

export async function grantByCode(
  context: IssuerContext,
  client: Client,
  request: CodeTokenRequest,
): Promise<IssuedTokens> {
  const issued = await context.codes.redeem({
    code: request.code,
    clientId: client.id,
    redirectUri: request.redirectUri,
    verifier: request.codeVerifier,
    resource: request.resources.length > 0 ? requestedResource(context, request.resources) : undefined,
  });
  const upstream = issued.upstream as ProviderTokens | undefined;
  // Written first: a session that could not be checked again must not come to be.
  if (upstream)
    await context.upstream.keep(issued.session, upstream, absoluteSeconds(issued.session, context.lifetimes));
  const session = await startSession(context, issued.session);
  const minted = mintAccessToken(context, session, session.scopes);
  const refreshToken = client.grantTypes.includes('refresh_token')
    ? headRefreshToken(context.sessions, session)
    : undefined;
  return { ...minted, scopes: session.scopes, refreshToken };
}

/** When the session was ended before it began, what was kept for it is given back. */
async function startSession(context: IssuerContext, fresh: NewSession): Promise<Session> {
  try {
    return await context.sessions.start(fresh);
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'grant.code-spent')
      await context.upstream.release(fresh.id);
    throw error;
  }
}

/** The configured spelling of the resource a token request names. @throws Refusal `authorization.resource` */
export function requestedResource(
  context: Pick<IssuerContext, 'resources'>,
  requested: readonly string[],
): string {
  return resolveResource(requested, { configured: resourceIds(context) });
}
