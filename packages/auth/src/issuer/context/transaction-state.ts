// RFC 6749 §4.1.1: the `state` that we send to a provider: which transaction comes back, and which cookie to look for.

/** What a `state` of ours stands for. */
export interface TransactionState {
  readonly transactionId: string;
  /** Tag of the cookie that the transaction is bound to; empty over https. */
  readonly cookieTag: string;
}

const STATE = /^([A-Za-z0-9_-]{22})(?:\.([A-Za-z0-9_-]{11}))?$/;

export function formatTransactionState({ transactionId, cookieTag }: TransactionState): string {
  return cookieTag ? `${transactionId}.${cookieTag}` : transactionId;
}

/** `undefined` for text that is no `state` of ours. */
export function parseTransactionState(text: string): TransactionState | undefined {
  const [, transactionId, cookieTag = ''] = STATE.exec(text) ?? [];
  return transactionId === undefined ? undefined : { transactionId, cookieTag };
}
