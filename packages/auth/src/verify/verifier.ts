import type { Caller } from '../core/identity.ts';

/** Turns a bearer token into the caller it stands for. */
export interface Verifier {
  readonly name: string;
  /** Is this token, by its form and issuer, for this verifier? A token is shown only to the first that says yes. Must not do I/O. */
  recognizes(token: string): boolean;
  /**
   * The caller, or a thrown `Refusal`: `token.*` (401) when the token is bad, `*.unavailable` (503) when nobody can tell now.
   * @param resource the resource the token must be for.
   */
  verify(token: string, resource: string): Promise<Caller>;
}
