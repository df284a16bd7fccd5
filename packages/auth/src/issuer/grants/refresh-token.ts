// OAuth 2.1 §4.3: the refresh token grant at the token endpoint.
import { Refusal } from '../../core/refusal.ts';
import { sameResource } from '../../core/url.ts';
import { coversScopes, OFFLINE_ACCESS } from '../../protocol/scope.ts';
import type { RefreshTokenRequest } from '../../protocol/token-request.ts';
import type { IssuedTokens } from '../../protocol/token-response.ts';
import { refreshSession } from '../../sessions/refresh.ts';
import { parseRefreshToken } from '../../sessions/refresh-token.ts';
import type { Session } from '../../sessions/session.ts';
import type { Client } from '../clients/client.ts';
import type { IssuerContext } from '../context/issuer-context.ts';
import { mintAccessToken } from './access-token.ts';
import { requestedResource } from './authorization-code.ts';

export async function grantByRefreshToken(
  context: IssuerContext,
  client: Client,
  request: RefreshTokenRequest,
  presenter: { readonly address?: string; readonly userAgent?: string },
): Promise<IssuedTokens> {
  if (!client.grantTypes.includes('refresh_token'))
    throw new Refusal('client.grant-not-allowed', { clientId: client.id });
  const parts = parseRefreshToken(request.refreshToken);
  if (!parts) throw new Refusal('grant.refresh-malformed');
  const resource = request.resources.length > 0 ? requestedResource(context, request.resources) : undefined;
  const { session, refreshToken } = await refreshSession(context.sessions, parts, {
    clientId: client.id,
    ...presenter,
    check(current) {
      scopesFor(context, current, request.scopes);
      if (resource !== undefined && !sameResource(resource, current.resource)) {
        throw new Refusal('grant.resource', { expected: current.resource, seen: resource });
      }
    },
    vouch: (current) => context.upstream.vouch(current),
  });
  const scopes = scopesFor(context, session, request.scopes);
  return { ...mintAccessToken(context, session, scopes), scopes, refreshToken };
}

/** The scopes of the new access token: those of the session, or fewer, or narrower ones that those imply (OAuth 2.1 §4.3.1). */
function scopesFor(
  context: IssuerContext,
  session: Session,
  requested: readonly string[] | undefined,
): readonly string[] {
  // Clients ask for `offline_access` again with every refresh; it was never a scope of a token.
  const scopes = (requested ?? []).filter((scope) => scope !== OFFLINE_ACCESS);
  if (!coversScopes(scopes, session.scopes, context.scopeHierarchy))
    throw new Refusal('grant.scope', { granted: session.scopes, requested: scopes });
  return scopes.length > 0 ? scopes : session.scopes;
}
