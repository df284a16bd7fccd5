// OpenID Connect Core §3.1.2.5, RFC 9700 §4.4 (mix-up): the provider sends the browser back.
import { Refusal } from '../../core/refusal.ts';
import type { Answer, Exchange } from '../../http/route.ts';
import { parseForm, required } from '../../protocol/form.ts';
import { askAgain } from '../authorization/ask-consent.ts';
import { finishSignIn } from '../authorization/finish-sign-in.ts';
import { showLoginCheck } from '../authorization/show-login-check.ts';
import { callbackUrl, type IssuerContext } from '../context/issuer-context.ts';
import { formatTransactionState, parseTransactionState } from '../context/transaction-state.ts';

/** `signInId`: whose address it is that was called. */
export async function answerCallback(
  context: IssuerContext,
  exchange: Exchange,
  signInId: string,
): Promise<Answer> {
  if (exchange.method === 'POST') {
    // `response_mode=form_post`: a cross-site POST brings no SameSite=Lax cookie, a GET that follows it does.
    const form = parseForm(exchange.body);
    return { kind: 'redirect', url: `${callbackUrl(context, signInId)}?${form}` };
  }
  const answer = parseForm(exchange.query, { maxBytes: 16_384 });
  const state = parseTransactionState(required(answer, 'state', 200));
  if (!state) throw new Refusal('authorization.expired', { why: 'state is not ours' });
  const browserValue = context.cookies.read(exchange.headers.get('cookie'), state.cookieTag);
  if (state.purpose === 'login-check')
    return showLoginCheck(context, { answering: signInId, state, browserValue, answer });
  const transaction = await context.transactions.take(state.transactionId, browserValue, state.purpose);
  const finished = await finishSignIn(context, formatTransactionState(state), transaction, {
    answering: signInId,
    answer,
  });
  if (finished === 'ask-again') return askAgain(context, transaction.request, exchange);
  const { url, remember: person } = finished;
  const cookie = exchange.headers.get('cookie');
  const remembered =
    person === undefined
      ? []
      : [context.remembered.remember(cookie, transaction.request, { signIn: signInId, person })];
  return { kind: 'redirect', url, cookies: [...context.cookies.clear(state.cookieTag), ...remembered] };
}
