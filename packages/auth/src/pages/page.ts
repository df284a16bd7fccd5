/** A finished HTML page. */
export interface Page {
  readonly status: number;
  readonly html: string;
}
