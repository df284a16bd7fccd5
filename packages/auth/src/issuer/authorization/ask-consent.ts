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
  const skipped = skippedBy(context, proven, exchange);
  if (skipped === undefined) return showConsent(context, proven, exchange);
  const { cookie, setCookie } = context.cookies.forPage(exchange.headers.get('cookie'));
  context.onEvent({
    type: 'consent.skipped',
    clientId: proven.client.id,
    redirectHost: proven.redirect.label,
    mode: context.consent,
  });
  const answer = await beginSignIn(context, {
    signIn: chooseSignIn(context, skipped.signIn),
    request: proven.pending,
    approval: skipped.person === undefined ? undefined : { approvedBy: skipped.person },
    cookie,
    address: exchange.address,
  });
  return answer.kind === 'page' ? { ...answer, cookies: [setCookie] } : answer;
}

/** The consent page after all: somebody else signed in than the one whose approval was remembered. */
export async function askAgain(
  context: IssuerContext,
  pending: PendingRequest,
  exchange: Exchange,
): Promise<Answer> {
  const client = await context.clients.find(pending.clientId);
  const redirect = context.clients.checkRedirectUri(client, pending.redirectUri);
  return showConsent(context, { client, pending, redirect, wantsConsent: true }, exchange);
}

/**
 * Whose approvals are remembered: clients that the operator listed, or whose document says where they are called back, at an https address.
 * Whoever registers themselves, and whatever runs on the machine of the person, could take the place of what was approved.
 */
export function canBeRemembered(
  { consent, publicUrl }: Pick<IssuerContext, 'consent' | 'publicUrl'>,
  client: Pick<Client, 'kind'>,
  redirect: Pick<RedirectUri, 'kind'>,
): boolean {
  // On plain-http loopback nothing is remembered: any local port could read it.
  const isOn = consent === 'remember' && publicUrl.startsWith('https:');
  return isOn && client.kind !== 'registered' && redirect.kind === 'https';
}

/** The sign-in that begins without our asking, and whose approval it goes by. */
function skippedBy(
  context: IssuerContext,
  { client, redirect, pending, wantsConsent }: ProvenRequest,
  { headers, method }: Exchange,
): { readonly signIn: string; readonly person?: string } | undefined {
  const { consent, signIns, remembered } = context;
  if (consent === 'external' || consent === 'off') return { signIn: signIns[0]!.id };
  // What another site begins is never skipped: the person did not ask for it. Browsers that do not say where from are asked too.
  const ownWish = ['none', 'same-origin'].includes(headers.get('sec-fetch-site') ?? '');
  if (!canBeRemembered(context, client, redirect) || wantsConsent || !ownWish || method !== 'GET')
    return undefined;
  const found = remembered.find(headers.get('cookie'), pending);
  return signIns.some(({ id }) => id === found?.signIn) ? found : undefined;
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
