/** Where two authorization servers part. */
export interface Difference {
  /** What of the observation differs: ours, then the other's. */
  readonly differs: Readonly<Record<string, readonly [ours: string, other: string]>>;
  /** The section that asks for ours or leaves the choice, or `decision`. */
  readonly source: string;
  readonly why: string;
}
