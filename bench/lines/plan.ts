/** How long everything is measured. */
export interface Plan {
  readonly rounds: number;
  /** Of one lap against a resource. */
  readonly floodSeconds: number;
  /** Of one lap of logins or refreshes. */
  readonly loginSeconds: number;
  /** Before the first round, for each contender. */
  readonly warmUpSeconds: number;
  /** Tokens that are verified cold on each store. */
  readonly coldTokens: number;
  readonly starts: number;
  /** Against a resource whose tokens somebody else is asked about. */
  readonly askedRounds: number;
  /** Of one lap there. Several times what the provider takes for an answer. */
  readonly askedSeconds: number;
  /** With a provider, for each kind of start. */
  readonly providerStarts: number;
}

export const FULL: Plan = {
  rounds: 21,
  floodSeconds: 0.3,
  loginSeconds: 0.5,
  warmUpSeconds: 2,
  coldTokens: 50_000,
  starts: 5,
  askedRounds: 9,
  askedSeconds: 0.6,
  providerStarts: 3,
};

export const QUICK: Plan = {
  rounds: 11,
  floodSeconds: 0.3,
  loginSeconds: 0.4,
  warmUpSeconds: 1.5,
  coldTokens: 10_000,
  starts: 3,
  askedRounds: 5,
  askedSeconds: 0.5,
  providerStarts: 2,
};
