// RFC 9700 §4.4 (mix-up), §4.7: what begins at a sign-in has a transaction of its own, for one browser, one sign-in and one use.
import { Refusal } from '../../core/refusal.ts';
import type { BrowserCookie } from '../../http/browser-cookie.ts';
import type { Answer } from '../../http/route.ts';
import { continuePage } from '../../pages/continue-page.ts';
import { signInPage } from '../../pages/sign-in-page.ts';
import {
  type AuthorizationTransaction,
  hashBrowser,
  type PendingRequest,
  type Transaction,
} from '../../sessions/transactions.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { callbackUrl, endpointUrl, type IssuerContext } from '../context/issuer-context.ts';
import { PATHS } from '../context/paths.ts';
import { formatTransactionState } from '../context/transaction-state.ts';

/** What a browser begins. */
export interface Beginning {
  readonly signIn: SignIn;
  /** What a client asked for and a person approved. Default: no client is there, a person checks their login. */
  readonly request?: PendingRequest;
  /** What is known of the approval, where it is remembered. Default: nothing. */
  readonly approval?: Pick<AuthorizationTransaction, 'remember' | 'approvedBy'>;
  /** The cookie of the browser. */
  readonly cookie: BrowserCookie;
  /** The address of the browser, where it is known. */
  readonly address: string | undefined;
}

/** The sign-in that a form named; with one alone nothing has to be named. @throws Refusal `request.invalid-parameter` */
export function chooseSignIn(context: IssuerContext, chosen: string | undefined): SignIn {
  const only = context.signIns.length === 1 ? context.signIns[0] : undefined;
  const signIn = chosen === undefined ? only : context.signIns.find(({ id }) => id === chosen);
  if (!signIn) throw new Refusal('request.invalid-parameter', { parameter: 'sign_in' });
  return signIn;
}

/** Sends the browser to the provider, or asks who is there on a page of our own. */
export async function beginSignIn(context: IssuerContext, beginning: Beginning): Promise<Answer> {
  const { signIn, request, approval, cookie, address } = beginning;
  const transactionId = context.transactions.newId();
  const { tag: cookieTag } = cookie;
  const purpose = request ? 'authorization' : 'login-check';
  const step = await signIn.start({
    state: formatTransactionState({ transactionId, cookieTag, purpose }),
    callbackUrl: callbackUrl(context, signIn.id),
    prompt: request?.prompt,
    loginHint: request?.loginHint,
  });
  const common = { browser: hashBrowser(cookie.value), signInId: signIn.id, secrets: step.secrets };
  const transaction: Transaction = request
    ? { purpose: 'authorization', request, ...approval, ...common }
    : { purpose: 'login-check', ...common };
  await context.transactions.begin(transactionId, transaction, address);
  if (step.kind === 'redirect')
    return { kind: 'page', page: continuePage({ url: step.url, kind: 'sign-in' }) };
  const sealed = context.approvals.seal(
    request ? 'sign-in' : 'login-check-sign-in',
    { cookieTag, transactionId },
    cookie,
  );
  const page = signInPage({
    people: step.people,
    action: endpointUrl(context, request ? PATHS.signIn : PATHS.loginCheckSignIn),
    hidden: { request: sealed },
    developmentNotice: true,
  });
  return { kind: 'page', page };
}
