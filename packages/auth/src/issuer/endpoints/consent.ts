// MCP security best practices (confused deputy): the person approves or denies; only then does anything begin.
import { Refusal } from '../../core/refusal.ts';
import type { Answer, Exchange } from '../../http/route.ts';
import { continuePage } from '../../pages/continue-page.ts';
import { signInPage } from '../../pages/sign-in-page.ts';
import { authorizationErrorUrl } from '../../protocol/authorization-response.ts';
import { parseForm, required, single } from '../../protocol/form.ts';
import type { RedirectUri } from '../../protocol/redirect-uri.ts';
import { hashBrowser } from '../../sessions/transactions.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { MAX_SEALED_LENGTH, type SealedForm } from '../context/approvals.ts';
import { endpointUrl, type IssuerContext } from '../context/issuer-context.ts';
import { PATHS } from '../context/paths.ts';
import { formatTransactionState } from '../context/transaction-state.ts';

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
  return beginSignIn(context, opened, chooseSignIn(context, single(form, 'sign_in')), {
    cookieValue: readCookie(opened.cookieTag)!,
    address: exchange.address,
  });
}

function deny(context: IssuerContext, { request, cookieTag }: SealedForm, redirect: RedirectUri): Answer {
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

function chooseSignIn(context: IssuerContext, chosen: string | undefined): SignIn {
  const only = context.signIns.length === 1 ? context.signIns[0] : undefined;
  const signIn = chosen === undefined ? only : context.signIns.find(({ id }) => id === chosen);
  if (!signIn) throw new Refusal('request.invalid-parameter', { parameter: 'sign_in' });
  return signIn;
}

/** Each approval has a transaction of its own, for one browser, one sign-in and one use. */
async function beginSignIn(
  context: IssuerContext,
  opened: SealedForm,
  signIn: SignIn,
  { cookieValue, address }: { readonly cookieValue: string; readonly address: string | undefined },
): Promise<Answer> {
  const { request, cookieTag } = opened;
  const transactionId = context.transactions.newId();
  const callbackUrl = endpointUrl(context, PATHS.callback);
  const step = await signIn.start({
    state: formatTransactionState({ transactionId, cookieTag }),
    callbackUrl,
    prompt: request.prompt,
    loginHint: request.loginHint,
  });
  const browser = hashBrowser(cookieValue);
  const transaction = { request, browser, signInId: signIn.id, secrets: step.secrets };
  await context.transactions.begin(transactionId, transaction, address);
  if (step.kind === 'redirect')
    return { kind: 'page', page: continuePage({ url: step.url, kind: 'sign-in' }) };
  const cookie = { tag: cookieTag, value: cookieValue };
  const sealed = context.approvals.seal('sign-in', { request, cookieTag, transactionId }, cookie);
  const page = signInPage({
    people: step.people,
    action: endpointUrl(context, PATHS.signIn),
    hidden: { request: sealed },
    developmentNotice: true,
  });
  return { kind: 'page', page };
}
