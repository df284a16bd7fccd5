import type { Caller } from '../core/identity.ts';
import type { TokenForms } from './token-forms.ts';

/** A token whose signature and claims are good. */
export interface VerifiedToken {
  /** When the token ends, seconds since 1970: it is never remembered beyond that. */
  readonly expiresAt: number;
  /**
   * The caller behind it as things stand now: at once when that is known, else after a look. Asked at every request, so that a revocation
   * is seen although the token is remembered. Throws `Refusal` `token.*`.
   */
  admit(): Caller | Promise<Caller>;
}

/** Turns a bearer token into the caller it stands for. */
export interface Verifier {
  /** For the log. */
  readonly name: string;
  /**
   * Which tokens are for it, where that can be said beforehand: so that two verifiers that want the same ones are found at the start.
   * Default: unknown.
   */
  readonly takes?: TokenForms;
  /**
   * Shows tokens to nobody, and can not tell by their form whether they are its own: when it says `token.unknown`, the next that recognizes
   * the token is asked. Default: `false`, and then what it says is final.
   */
  readonly local?: boolean;
  /** Gets ready, so that the first token does not wait. Never rejects. Default: there is nothing to get ready. */
  warm?(): Promise<void>;
  /** Is this token, by its form and issuer, for this verifier? A token is shown only to the first that says yes. Must not do I/O. */
  recognizes(token: string): boolean;
  /**
   * Checks signature and claims. Throws `Refusal`: `token.*` (401) when the token is bad, `*.unavailable` (503) when nobody can tell now.
   * @param resource the resource the token must be for.
   */
  verify(token: string, resource: string): Promise<VerifiedToken>;
}
