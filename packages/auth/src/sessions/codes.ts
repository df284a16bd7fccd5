// OAuth 2.1 §4.1.2 and §4.1.3: authorization codes, checked first and then spent exactly once.
import type { Clock } from '../core/clock.ts';
import { type Random, randomToken } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';
import { sameResource } from '../core/url.ts';
import { verifyPkce } from '../protocol/pkce.ts';
import type { Collection } from '../store/collection.ts';
import { withStore } from './guarded-store.ts';
import type { NewSession } from './sessions.ts';

/** How long a spent code is remembered beyond its expiry, so that a replay is noticed. */
const SPENT_SECONDS = 600;
/** A second exchange by the same client this soon after the first is a race or a retry, not a theft. */
const RACE_SECONDS = 10;

export interface IssuedCode {
  /** The session the code will start; its id is fixed now, so that a replay can end it whenever it is written. */
  readonly session: NewSession;
  /** RFC 7636 §4.2. */
  readonly challenge: string;
  /** Sealed with the code until it is redeemed. */
  readonly upstream?: unknown;
}

export interface SpentCode {
  readonly spentAt: number;
  readonly sessionId: string;
  readonly clientId: string;
  readonly challenge: string;
}

export type CodeRecord = IssuedCode | SpentCode;

export interface CodeRedemption {
  readonly code: string;
  readonly clientId: string;
  /** OAuth 2.1 dropped it from the token request; when sent it must be the one of the authorization request. */
  readonly redirectUri?: string;
  readonly verifier: string;
  readonly resource?: string;
}

export interface CodesOptions {
  /** Where they are kept, sealed. */
  readonly collection: Collection<CodeRecord>;
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Where randomness comes from. */
  readonly random: Random;
  /** Seconds a code may wait for its redemption. */
  readonly codeSeconds: number;
  /** Ends the session of a code that was replayed. */
  readonly endSession: (sessionId: string) => Promise<void>;
}

export type Codes = ReturnType<typeof openCodes>;

export function openCodes(options: CodesOptions) {
  const { collection, clock } = options;

  async function issue(issued: IssuedCode): Promise<string> {
    const code = randomToken(options.random);
    await withStore(() => collection.put(code, issued, options.codeSeconds));
    return code;
  }

  async function redeem(redemption: CodeRedemption): Promise<IssuedCode> {
    const held = await withStore(() => collection.get(redemption.code));
    if (!held) throw new Refusal('grant.code-unknown');
    if ('spentAt' in held.value) return refuseSpent(held.value, redemption);
    const issued = held.value;
    checkRedemption(issued, redemption);
    const spent: SpentCode = {
      spentAt: clock.now(),
      sessionId: issued.session.id,
      clientId: issued.session.clientId,
      challenge: issued.challenge,
    };
    const keepSeconds = Math.ceil(Math.max(0, held.expiresAt - clock.now()) / 1000) + SPENT_SECONDS;
    if (await withStore(() => collection.update(redemption.code, held, spent, keepSeconds))) return issued;
    const winner = await withStore(() => collection.get(redemption.code));
    return refuseSpent(winner && 'spentAt' in winner.value ? winner.value : spent, redemption);
  }

  async function refuseSpent(spent: SpentCode, redemption: CodeRedemption): Promise<never> {
    const ageSeconds = Math.max(0, clock.now() - spent.spentAt) / 1000;
    const sameClient =
      spent.clientId === redemption.clientId && verifyPkce(redemption.verifier, spent.challenge);
    if (!sameClient || ageSeconds >= RACE_SECONDS) await options.endSession(spent.sessionId);
    throw new Refusal('grant.code-spent', { session: spent.sessionId, ageSeconds, sameClient });
  }

  return { issue, redeem };
}

/** Everything the request must say, before the code is touched: a wrong guess must not spend it. */
function checkRedemption(issued: IssuedCode, redemption: CodeRedemption): void {
  const { clientId, redirectUri, resource } = issued.session;
  if (clientId !== redemption.clientId)
    throw new Refusal('grant.code-client', { expected: clientId, seen: redemption.clientId });
  if (redemption.redirectUri !== undefined && redemption.redirectUri !== redirectUri) {
    throw new Refusal('grant.code-redirect-uri', { expected: redirectUri, seen: redemption.redirectUri });
  }
  if (!verifyPkce(redemption.verifier, issued.challenge)) throw new Refusal('grant.code-verifier');
  if (redemption.resource !== undefined && !sameResource(redemption.resource, resource)) {
    throw new Refusal('grant.resource', { expected: resource, seen: redemption.resource });
  }
}
