// MCP security best practices (confused deputy): whether a person is asked before a client gets access, as the operator has it.
import type { Answer, Exchange } from '../../http/route.ts';
import { consentPage } from '../../pages/consent-page.ts';
import { clientIdHost } from '../../protocol/client-id-document.ts';
import type { RedirectUri } from '../../protocol/redirect-uri.ts';
import type { PendingRequest } from '../../sessions/transactions.ts';
import type { Client } from '../clients/client.ts';
import { endpointUrl, type IssuerContext } from '../context/issuer-context.ts';
import { PATHS } from '../context/paths.ts';
import { beginSignIn, chooseSignIn } from './begin-sign-in.ts';

/** A request of a client whose id, address and wishes are found good. */
export interface ProvenRequest {
  readonly client: Client;
  readonly pending: PendingRequest;
  readonly redirect: RedirectUri;
  /** Does the client want the person to be asked, whatever was approved before? */
  readonly wantsConsent: boolean;
}

/** The consent page; or at once the sign-in, where that is not for us to ask, or was answered in this browser before. */
export async function askConsent(
  context: IssuerContext,
  proven: ProvenRequest,
  exchange: Exchange,
): Promise<Answer> {
  const signInId = skippedTo(context, proven, exchange);
  if (signInId === undefined) return showConsent(context, proven, exchange);
  const { cookie, setCookie } = context.cookies.forPage(exchange.headers.get('cookie'));
  const signIn = chooseSignIn(context, signInId);
  context.onEvent({
    type: 'consent.skipped',
    clientId: proven.client.id,
    redirectHost: proven.redirect.label,
    mode: context.consent,
  });
  const answer = await beginSignIn(context, {
    signIn,
    request: proven.pending,
    cookie,
    address: exchange.address,
  });
  return answer.kind === 'page' ? { ...answer, cookies: [setCookie] } : answer;
}

/** The sign-in that begins without our asking. */
function skippedTo(
  { consent, signIns, remembered }: IssuerContext,
  { pending, wantsConsent }: ProvenRequest,
  { headers, method }: Exchange,
): string | undefined {
  if (consent === 'external' || consent === 'off') return signIns[0]?.id;
  // What another site begins is never skipped: the person did not ask for it. Browsers that do not say where from are asked too.
  const ownWish = ['none', 'same-origin'].includes(headers.get('sec-fetch-site') ?? '');
  if (consent !== 'remember' || wantsConsent || !ownWish || method !== 'GET') return undefined;
  const chosen = remembered.signInOf(headers.get('cookie'), pending);
  return signIns.find(({ id }) => id === chosen)?.id;
}

function showConsent(
  context: IssuerContext,
  { client, pending, redirect }: ProvenRequest,
  exchange: Exchange,
): Answer {
  const { cookie, setCookie } = context.cookies.forPage(exchange.headers.get('cookie'));
  const page = consentPage({
    clientName: client.name,
    clientIdHost: client.kind === 'document' ? clientIdHost(client.id) : undefined,
    clientKind: client.kind,
    redirectHost: redirect.label,
    redirectUri: pending.redirectUri,
    redirectKind: redirect.kind,
    scopes: pending.scopes.map((name) => ({ name, description: context.scopes.get(name) ?? name })),
    resource: pending.resource,
    resourceName:
      context.resources.find(({ resource }) => resource === pending.resource)?.name ?? pending.resource,
    signInTitles: context.signIns.map(({ id, title }) => ({ id, title })),
    action: endpointUrl(context, PATHS.consent),
    hidden: {
      request: context.approvals.seal('consent', { request: pending, cookieTag: cookie.tag }, cookie),
    },
  });
  return { kind: 'page', page, cookies: [setCookie] };
}
