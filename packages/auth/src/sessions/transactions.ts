import type { Clock } from '../core/clock.ts';
import { sha256Text } from '../core/encoding.ts';
import { type Random, randomToken } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';
import type { Collection } from '../store/collection.ts';
import { withStore } from './guarded-store.ts';
import { openUnfinished } from './unfinished.ts';

/** What a client asked for, checked: the part of an authorization request that lives on after the consent page. */
export interface PendingRequest {
  readonly clientId: string;
  readonly clientName?: string;
  readonly redirectUri: string;
  readonly state?: string;
  readonly challenge: string;
  readonly scopes: readonly string[];
  readonly resource: string;
  readonly prompt?: string;
  readonly loginHint?: string;
}

interface OnItsWay {
  /** Hash of the value in the cookie of the browser that began it. */
  readonly browser: string;
  /** The sign-in that was chosen: an answer of another is not for this transaction. */
  readonly signInId: string;
  /** What the sign-in needs at the end: PKCE verifier, nonce. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** One approval on its way through sign-in: at its end a client gets a code. */
export interface AuthorizationTransaction extends OnItsWay {
  readonly purpose: 'authorization';
  readonly request: PendingRequest;
  /** The person was asked, and wants not to be asked again. Default: no. */
  readonly remember?: boolean;
  /** Nobody was asked, since this person (a hash) approved it before: for anybody else it is no approval. Default: the person was asked. */
  readonly approvedBy?: string;
}

/** A person who only wants to see whether signing in works: at its end there is a page, and nothing else. */
export interface LoginCheckTransaction extends OnItsWay {
  readonly purpose: 'login-check';
}

export type Transaction = AuthorizationTransaction | LoginCheckTransaction;

export interface TransactionsOptions {
  /** Where they are kept, sealed. */
  readonly collection: Collection<Transaction>;
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Where randomness comes from. */
  readonly random: Random;
  /** Seconds from approval to the return from sign-in. */
  readonly transactionSeconds: number;
}

export type Transactions = ReturnType<typeof openTransactions>;

/** What is on its way. Each is consumed once, by the browser that began it, through the sign-in it chose, for what it was begun for. */
export function openTransactions(options: TransactionsOptions) {
  const { clock, transactionSeconds } = options;
  const unfinished = openUnfinished({ clock, seconds: transactionSeconds });

  return {
    newId: () => randomToken(options.random, 128),

    /** `address`: of the browser that begins. @throws Refusal `request.rate-limited` when too many are begun and not finished */
    async begin(id: string, transaction: Transaction, address?: string): Promise<void> {
      unfinished.add(id, address);
      try {
        await withStore(() => options.collection.put(id, transaction, transactionSeconds));
      } catch (error) {
        unfinished.remove(id);
        throw error;
      }
    },

    /** Looks before it takes, so that a stranger's browser can not use up somebody else's approval. */
    async take<P extends Transaction['purpose']>(
      id: string,
      browserValue: string | undefined,
      purpose: P,
    ): Promise<Extract<Transaction, { readonly purpose: P }>> {
      const held = await withStore(() => options.collection.get(id));
      if (!held) throw new Refusal('authorization.expired');
      if (!browserValue || held.value.browser !== hashBrowser(browserValue))
        throw new Refusal('authorization.wrong-browser');
      if (!isFor(held.value, purpose))
        throw new Refusal('authorization.expired', { why: 'begun for another purpose' });
      const taken = await withStore(() => options.collection.take(id));
      if (!taken || !isFor(taken, purpose))
        throw new Refusal('authorization.expired', { why: 'used at the same moment' });
      unfinished.remove(id);
      return taken;
    },
  };
}

function isFor<P extends Transaction['purpose']>(
  transaction: Transaction,
  purpose: P,
): transaction is Extract<Transaction, { readonly purpose: P }> {
  return transaction.purpose === purpose;
}

export function hashBrowser(value: string): string {
  return sha256Text(value);
}
