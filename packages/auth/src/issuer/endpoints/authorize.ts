// OAuth 2.1 §4.1.1, RFC 9207 §2: a client asks for an authorization; a person is shown what for. Nothing is stored before somebody approves.
import { Refusal } from '../../core/refusal.ts';
import type { Answer, Exchange } from '../../http/route.ts';
import {
  type AuthorizationRequest,
  parseAuthorizationRequest,
  readAuthorizationTarget,
} from '../../protocol/authorization-request.ts';
import { parseForm } from '../../protocol/form.ts';
import { resolveResource } from '../../protocol/resource-indicator.ts';
import { OFFLINE_ACCESS } from '../../protocol/scope.ts';
import type { PendingRequest } from '../../sessions/transactions.ts';
import { askConsent } from '../authorization/ask-consent.ts';
import { errorRedirect } from '../authorization/error-redirect.ts';
import type { Client } from '../clients/client.ts';
import { type IssuerContext, resourceIds } from '../context/issuer-context.ts';

export async function answerAuthorize(context: IssuerContext, exchange: Exchange): Promise<Answer> {
  // A parameter sent twice is an error that may go to the client, once its address is proven.
  const query = parseForm(exchange.method === 'POST' ? exchange.body : exchange.query, {
    duplicates: 'keep',
  });
  const { clientId, redirectUri: requested, state } = readAuthorizationTarget(query);
  const client = await context.clients.find(clientId);
  const redirectUri = redirectUriOf(client, requested);
  const redirect = context.clients.checkRedirectUri(client, redirectUri);
  // From here on client and address are proven, and errors may go there.
  try {
    const request = parseAuthorizationRequest(query);
    const pending = pendingRequest(context, client, redirectUri, request);
    const wantsConsent = request.prompts.includes('consent');
    return await askConsent(context, { client, pending, redirect, wantsConsent }, exchange);
  } catch (error) {
    return { kind: 'redirect', url: errorRedirect(context, error, 'authorize', { redirectUri, state }) };
  }
}

/** OAuth 2.1 §4.1.1: a request may leave out the address when the client registered exactly one. */
function redirectUriOf(client: Client, requested: string | undefined): string {
  const [only] = client.redirectUris;
  if (requested !== undefined) return requested;
  if (client.redirectUris.length === 1 && only !== undefined) return only;
  throw new Refusal('request.missing-parameter', { parameter: 'redirect_uri' });
}

function pendingRequest(
  context: IssuerContext,
  client: Client,
  redirectUri: string,
  request: AuthorizationRequest,
): PendingRequest {
  if (!client.grantTypes.includes('authorization_code'))
    throw new Refusal('client.grant-not-allowed', { clientId: client.id });
  // Signing in always takes a page here.
  if (request.prompts.includes('none')) throw new Refusal('authorization.prompt');
  return {
    clientId: client.id,
    clientName: client.name,
    redirectUri,
    state: request.state,
    challenge: request.codeChallenge,
    scopes: grantableScopes(context, request.scopes),
    resource: resolveResource(request.resources, {
      configured: resourceIds(context),
    }),
    prompt: request.prompts.filter((prompt) => prompt !== 'consent').join(' ') || undefined,
    loginHint: request.loginHint,
  };
}

/** RFC 6749 §3.3: what is asked for and known here; the rest is left out, and the answer says what was granted. The baseline when nothing is left. */
function grantableScopes(
  context: IssuerContext,
  requested: readonly string[] | undefined,
): readonly string[] {
  const known = (requested ?? []).filter((scope) => context.scopes.has(scope));
  if (known.length > 0) return known;
  const onlyOffline = (requested ?? []).every((scope) => scope === OFFLINE_ACCESS);
  if (!onlyOffline)
    throw new Refusal('authorization.scope', { requested, known: [...context.scopes.keys()] });
  return context.baselineScopes;
}
