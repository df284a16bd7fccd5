// MCP security best practices (confused deputy): the person approves or denies; only then does anything begin.
import type { Answer, Exchange } from '../../http/route.ts';
import { continuePage } from '../../pages/continue-page.ts';
import { authorizationErrorUrl } from '../../protocol/authorization-response.ts';
import { parseForm, required, single } from '../../protocol/form.ts';
import type { RedirectUri } from '../../protocol/redirect-uri.ts';
import { canBeRemembered } from '../authorization/ask-consent.ts';
import { beginSignIn, chooseSignIn } from '../authorization/begin-sign-in.ts';
import { MAX_SEALED_LENGTH, type SealedForms } from '../context/approvals.ts';
import type { IssuerContext } from '../context/issuer-context.ts';

export async function answerConsent(context: IssuerContext, exchange: Exchange): Promise<Answer> {
  context.hosts.ownForm(exchange.headers);
  const form = parseForm(exchange.body);
  const readCookie = (tag: string) => context.cookies.read(exchange.headers.get('cookie'), tag);
  const sealed = required(form, 'request', MAX_SEALED_LENGTH);
  const opened = await context.approvals.open('consent', sealed, readCookie);
  const client = await context.clients.find(opened.request.clientId);
  const { clientId, redirectUri } = opened.request;
  const redirect = context.clients.checkRedirectUri(client, redirectUri);
  const redirectHost = redirect.label;
  if (required(form, 'action') !== 'approve') {
    context.onEvent({ type: 'consent.denied', clientId, redirectHost });
    return deny(context, opened, redirect);
  }
  context.onEvent({ type: 'consent.approved', clientId, redirectHost });
  const signIn = chooseSignIn(context, single(form, 'sign_in'));
  return beginSignIn(context, {
    signIn,
    request: opened.request,
    approval: canBeRemembered(context, client, redirect) ? { remember: true } : undefined,
    cookie: { tag: opened.cookieTag, value: readCookie(opened.cookieTag)! },
    address: exchange.address,
  });
}

function deny(
  context: IssuerContext,
  { request, cookieTag }: SealedForms['consent'],
  redirect: RedirectUri,
): Answer {
  const { redirectUri, state } = request;
  const url = authorizationErrorUrl({
    redirectUri,
    state,
    issuer: context.issuer,
    error: 'access_denied',
    description: 'The person denied the request.',
  });
  const page = continuePage({ url, kind: redirect.kind, outcome: 'denied' });
  return { kind: 'page', page, cookies: context.cookies.clear(cookieTag) };
}
