/** A finished HTML page. `formActionOrigins`: origins a form of the page may lead to, for the policy header. */
export interface Page {
  readonly status: number;
  readonly html: string;
  readonly formActionOrigins?: readonly string[];
}
