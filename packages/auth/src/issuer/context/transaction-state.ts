// RFC 6749 §4.1.1: the `state` that we send to a provider: which transaction comes back, and which cookie to look for.
import type { Transaction } from '../../sessions/transactions.ts';

/** What a `state` of ours stands for. */
export interface TransactionState {
  readonly transactionId: string;
  /** Tag of the cookie that the transaction is bound to; empty over https. */
  readonly cookieTag: string;
  /** What was begun. It decides which page is shown; what may come of it is in the transaction. */
  readonly purpose: Transaction['purpose'];
}

const STATE = /^(check\.)?([A-Za-z0-9_-]{22})(?:\.([A-Za-z0-9_-]{11}))?$/;

export function formatTransactionState({ transactionId, cookieTag, purpose }: TransactionState): string {
  const named = cookieTag ? `${transactionId}.${cookieTag}` : transactionId;
  return purpose === 'login-check' ? `check.${named}` : named;
}

/** `undefined` for text that is no `state` of ours. */
export function parseTransactionState(text: string): TransactionState | undefined {
  const [, check, transactionId, cookieTag = ''] = STATE.exec(text) ?? [];
  const purpose = check === undefined ? 'authorization' : 'login-check';
  return transactionId === undefined ? undefined : { transactionId, cookieTag, purpose };
}
