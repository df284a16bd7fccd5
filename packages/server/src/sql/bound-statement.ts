import type { GuardedStatement } from './statement-guard.ts';

/** A statement, with the values of `$1` (an array of text) where it is one of ours. */
export interface BoundStatement extends GuardedStatement {
  readonly values?: readonly string[];
}
