/** How long things live. Every member is a number of whole seconds. */
export interface Lifetimes {
  /** An authorization code, from its making to its redemption. Default 60. */
  readonly codeSeconds: number;
  /** The consent page, and a transaction from approval to the return from sign-in. Default 600. */
  readonly transactionSeconds: number;
  /** How long a browser remembers what was approved in it, where that is switched on. Default 30 days. */
  readonly consentSeconds: number;
  /** An access token. Default 3600. A longer one keeps removed people in for longer. */
  readonly accessTokenSeconds: number;
  /** A session that is not used. Default 30 days. */
  readonly sessionIdleSeconds: number;
  /** A session, however much it is used. Default 90 days. */
  readonly sessionAbsoluteSeconds: number;
  /** A session whose provider gives no refresh token, so that nobody can ask whether the person is still there. Default 24 hours. */
  readonly sessionUncheckedSeconds: number;
  /** How long a retired refresh token still gets the current one. Default 60. Shorter logs racing clients out. */
  readonly refreshGraceSeconds: number;
  /** How long a session that was read counts as alive without reading it again. Default 5. Revocations reach other processes this late. */
  readonly livenessSeconds: number;
  /** How long a person may go without the provider having vouched for them again, where it gives refresh tokens. Default 3600. */
  readonly personCheckSeconds: number;
}

const DAY = 86_400;

export const DEFAULT_LIFETIMES: Lifetimes = {
  codeSeconds: 60,
  transactionSeconds: 600,
  consentSeconds: 30 * DAY,
  accessTokenSeconds: 3600,
  sessionIdleSeconds: 30 * DAY,
  sessionAbsoluteSeconds: 90 * DAY,
  sessionUncheckedSeconds: DAY,
  refreshGraceSeconds: 60,
  livenessSeconds: 5,
  personCheckSeconds: 3600,
};
