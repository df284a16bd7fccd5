// OAuth 2.1 §4.3.1, RFC 9700 §4.14.2: rotation of refresh tokens with detection of reuse, such that racers and lost answers log nobody out.
import type { Session } from './session.ts';

/** A session never remembers more retired generations than this, however fast a client rotates. */
const MAX_RETIRED = 64;

export type RefreshDecision =
  /** The newest token: move on to the next generation. `caughtUp`: the store had lost a write. */
  | { readonly kind: 'rotate'; readonly next: Session; readonly caughtUp: boolean }
  /** A racer, or a client whose answer was lost: it gets what the others got. */
  | { readonly kind: 'repeat' }
  | { readonly kind: 'reuse' };

/** What to do with generation `presented`, whose MAC is true and whose client is the session's own. */
export function decideRefresh(
  session: Session,
  presented: number,
  nowMilliseconds: number,
  graceSeconds: number,
): RefreshDecision {
  if (presented >= session.head) {
    const seen = confirm(
      { ...session, head: presented, confirmed: presented === session.head && session.confirmed },
      nowMilliseconds,
      graceSeconds,
    );
    return {
      kind: 'rotate',
      next: { ...seen, head: presented + 1, confirmed: false },
      caughtUp: presented > session.head,
    };
  }
  if (presented === session.head - 1 && !session.confirmed) return { kind: 'repeat' };
  const retired = session.retired.find((entry) => entry.generation === presented);
  return retired && ageSeconds(retired.at, nowMilliseconds) < graceSeconds
    ? { kind: 'repeat' }
    : { kind: 'reuse' };
}

/**
 * The session after a token of `generation` was seen: when that is the head, its answer has arrived and the one before it is retired.
 * `undefined` when nothing changes.
 */
export function confirmGeneration(
  session: Session,
  generation: number,
  nowMilliseconds: number,
  graceSeconds: number,
): Session | undefined {
  if (generation !== session.head || session.confirmed) return undefined;
  return confirm(session, nowMilliseconds, graceSeconds);
}

function confirm(session: Session, nowMilliseconds: number, graceSeconds: number): Session {
  if (session.confirmed) return session;
  const recent = session.retired.filter((entry) => ageSeconds(entry.at, nowMilliseconds) < graceSeconds);
  const retired =
    session.head > 1 ? [...recent, { generation: session.head - 1, at: nowMilliseconds }] : recent;
  return { ...session, confirmed: true, retired: retired.slice(-MAX_RETIRED) };
}

/** A clock that was set back makes nobody a thief: negative ages count as zero. */
function ageSeconds(at: number, nowMilliseconds: number): number {
  return Math.max(0, nowMilliseconds - at) / 1000;
}
