// OpenID Connect Core §3.1.2.5: the end of a sign-in without a client. What was learned is shown, and nothing of it is kept.
import { Refusal } from '../../core/refusal.ts';
import { refusalAsPage } from '../../http/refusal-answer.ts';
import { reportRefusal } from '../../http/report-refusal.ts';
import type { Answer } from '../../http/route.ts';
import { loginCheckFailedPage } from '../../pages/login-check-failed-page.ts';
import { loginCheckResultPage } from '../../pages/login-check-result-page.ts';
import type { LoginCheckTransaction } from '../../sessions/transactions.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { callbackUrl, endpointUrl, type IssuerContext } from '../context/issuer-context.ts';
import { PATHS } from '../context/paths.ts';
import { formatTransactionState, type TransactionState } from '../context/transaction-state.ts';
import { checkAnswering } from './check-answering.ts';
import { giveBack } from './give-back.ts';
import { describeFailure } from './login-check-failure.ts';

/** A browser that comes back from a sign-in. */
export interface Return {
  readonly state: TransactionState;
  /** Whose callback address was called. Default: none, the person answered on our own page. */
  readonly answering?: string;
  /** Value of the cookie that the state names, when the browser sent it. */
  readonly browserValue: string | undefined;
  /** What the provider said, or the person on our own page. */
  readonly answer: URLSearchParams;
}

/** The page at the end of a check: who signed in, or which step failed. */
export async function showLoginCheck(
  context: IssuerContext,
  { state, answering, browserValue, answer }: Return,
): Promise<Answer> {
  let signIn: SignIn | undefined;
  try {
    const transaction = await context.transactions.take(state.transactionId, browserValue, 'login-check');
    signIn = signInOf(context, transaction);
    checkAnswering(signIn.id, answering ?? signIn.id);
    const page = await finish(context, signIn, { state, transaction, answer });
    return { kind: 'page', page, cookies: context.cookies.clear(state.cookieTag) };
  } catch (error) {
    return loginCheckFailed(context, error, signIn);
  }
}

/** The page for a step that failed, with an incident in the log. `signIn`: where one was chosen. */
export function loginCheckFailed(context: IssuerContext, error: unknown, signIn?: SignIn): Answer {
  const { refusal, incident } = reportRefusal(error, 'login-check', context);
  const plain = refusalAsPage(refusal, incident);
  const page = loginCheckFailedPage({
    status: plain.page.status,
    ...describeFailure(refusal, signIn?.title),
    incident,
    startAgainUrl: endpointUrl(context, PATHS.loginCheck),
  });
  return { ...plain, page };
}

function signInOf(context: IssuerContext, { signInId }: LoginCheckTransaction): SignIn {
  const signIn = context.signIns.find(({ id }) => id === signInId);
  if (signIn) return signIn;
  throw new Refusal('authorization.expired', { why: `the sign-in ${signInId} is no longer configured` });
}

interface Finishing {
  readonly state: TransactionState;
  readonly transaction: LoginCheckTransaction;
  readonly answer: URLSearchParams;
}

async function finish(context: IssuerContext, signIn: SignIn, { state, transaction, answer }: Finishing) {
  const signedIn = await signIn.finish(answer, {
    callbackUrl: callbackUrl(context, signIn.id),
    secrets: transaction.secrets,
    state: formatTransactionState(state),
  });
  const { identity } = signedIn;
  const { issuer, subject, username, usernameRule } = identity;
  context.onEvent({
    type: 'login-check.completed',
    signIn: signIn.id,
    issuer,
    subject,
    username,
    usernameRule,
  });
  await giveBack(context, signIn, signedIn);
  return loginCheckResultPage({
    identity,
    signInTitle: signIn.title,
    scopes: context.baselineScopes.map((name) => ({ name, description: context.scopes.get(name) ?? name })),
    startAgainUrl: endpointUrl(context, PATHS.loginCheck),
  });
}
