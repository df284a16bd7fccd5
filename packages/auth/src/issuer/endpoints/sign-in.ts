// OpenID Connect Core §3.1.2.3: the person says who they are, on a page of our own.
import type { Answer, Exchange } from '../../http/route.ts';
import { continuePage } from '../../pages/continue-page.ts';
import { parseForm, required } from '../../protocol/form.ts';
import { acceptedRedirectUri } from '../../protocol/redirect-uri.ts';
import { askAgain } from '../authorization/ask-consent.ts';
import { finishSignIn } from '../authorization/finish-sign-in.ts';
import { MAX_SEALED_LENGTH } from '../context/approvals.ts';
import type { IssuerContext } from '../context/issuer-context.ts';
import { formatTransactionState } from '../context/transaction-state.ts';

export async function answerSignIn(context: IssuerContext, exchange: Exchange): Promise<Answer> {
  context.hosts.ownForm(exchange.headers);
  const form = parseForm(exchange.body);
  const readCookie = (tag: string) => context.cookies.read(exchange.headers.get('cookie'), tag);
  const opened = await context.approvals.open(
    'sign-in',
    required(form, 'request', MAX_SEALED_LENGTH),
    readCookie,
  );
  const { transactionId, cookieTag } = opened;
  const purpose = 'authorization';
  const transaction = await context.transactions.take(transactionId, readCookie(cookieTag), purpose);
  const state = formatTransactionState({ transactionId, cookieTag, purpose });
  const finished = await finishSignIn(context, state, transaction, { answer: form });
  // People of a page of our own prove nothing: no approval of theirs is remembered.
  if (finished === 'ask-again') return askAgain(context, transaction.request, exchange);
  const { url } = finished;
  const { kind } = acceptedRedirectUri(transaction.request.redirectUri);
  const page = continuePage({ url, kind, outcome: 'approved' });
  return { kind: 'page', page, cookies: context.cookies.clear(cookieTag) };
}
