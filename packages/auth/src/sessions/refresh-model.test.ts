import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentAccessToken } from './presence.ts';
import { headRefreshToken, refreshSession } from './refresh.ts';
import { parseRefreshToken } from './refresh-token.ts';
import { newSession, openReplicas, outcome } from './replicas.contract.ts';

type Step =
  /** Presents one of the tokens that were ever given out, counted back from the newest. */
  | { readonly do: 'refresh'; readonly back: number; readonly replica: number }
  | { readonly do: 'use'; readonly back: number; readonly replica: number }
  | { readonly do: 'wait'; readonly seconds: number };

const replica = fc.nat(1);
const waits = fc.constantFrom(0, 1, 4, 5, 6, 30, 59, 60, 61, 3600, 86_400, 29 * 86_400, -3, -120);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('refresh' as const),
      back: fc.oneof({ weight: 4, arbitrary: fc.nat(1) }, fc.nat(6)),
      replica,
    }),
    fc.record({
      do: fc.constant('use' as const),
      back: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(4)),
      replica,
    }),
    fc.record({ do: fc.constant('wait' as const), seconds: waits }),
  ),
  { maxLength: 25 },
);

/** What the rules say, in as few words as possible. */
class Model {
  head = 1;
  confirmed = false;
  endedAt: number | undefined;
  readonly retiredAt = new Map<number, number>();

  refresh(generation: number, now: number): 'ok' | 'grant.refresh-reused' | 'grant.session-ended' {
    if (this.endedAt !== undefined) return 'grant.session-ended';
    if (generation === this.head) {
      this.#confirm(now);
      this.head += 1;
      this.confirmed = false;
      return 'ok';
    }
    if (generation === this.head - 1 && !this.confirmed) return 'ok';
    const retiredAt = this.retiredAt.get(generation);
    if (retiredAt !== undefined && Math.max(0, now - retiredAt) < 60_000) return 'ok';
    this.endedAt = now;
    return 'grant.refresh-reused';
  }

  use(generation: number, now: number): void {
    if (this.endedAt === undefined && generation === this.head) this.#confirm(now);
  }

  #confirm(now: number): void {
    if (this.confirmed) return;
    // What is past the grace stays past it, even when the clock is set back later.
    for (const [generation, at] of this.retiredAt) if (now - at >= 60_000) this.retiredAt.delete(generation);
    this.retiredAt.set(this.head - 1, now);
    this.confirmed = true;
  }
}

const lifetimes = { sessionIdleSeconds: 400 * 86_400, sessionAbsoluteSeconds: 4000 * 86_400 };

describe('refresh generations over two replicas', () => {
  it('[S2][S3] do what the model says, in any order of refreshes, uses and waits', async () => {
    const house = await openReplicas({ lifetimes });
    await fc.assert(
      fc.asyncProperty(steps, async (walk) => {
        const fresh = newSession();
        const witness = newSession();
        const started = await house.first.sessions.start(fresh);
        await house.first.sessions.start(witness);
        const model = new Model();
        const tokens = [headRefreshToken(house.first.sessions, started)];
        const generations = [1];
        for (const step of walk) {
          const now = house.clock.now();
          if (step.do === 'wait') {
            house.clock.advance(step.seconds);
            continue;
          }
          const at = Math.max(0, tokens.length - 1 - step.back);
          const { sessions } = house.replicas[step.replica]!;
          if (step.do === 'refresh') {
            let given: string | undefined;
            const refreshed = refreshSession(sessions, parseRefreshToken(tokens[at]!)!, presenter).then(
              ({ refreshToken }) => {
                given = refreshToken;
              },
            );
            const expected = model.refresh(at + 1, now);
            // The note that a session ended is kept for an hour; after that nobody knows it any more.
            const seen = (await outcome(refreshed)).replace('grant.refresh-unknown', 'grant.session-ended');
            expect(seen).toBe(expected);
            if (given === undefined) continue;
            // All who are answered are answered with the same token: that of the head.
            if (tokens.length < model.head) tokens.push(given);
            expect(given).toBe(tokens[model.head - 1]);
            generations.push(model.head);
          } else {
            const generation = generations[Math.max(0, generations.length - 1 - step.back)]!;
            const seen = await outcome(
              presentAccessToken(sessions, { sessionId: fresh.id, generation, jti: 'j' }),
            );
            if (model.endedAt === undefined) expect(seen).toBe('ok');
            else if (Math.abs(now - model.endedAt) >= 5000) expect(seen).toBe('token.session-ended');
            model.use(generation, now);
          }
        }
        // Whatever happened to this session, the other one of the same person and client lives on.
        expect(typeof (await house.second.sessions.hold(witness.id))).toBe('object');
      }),
      { numRuns: 1000 },
    );
  }, 60_000);

  it('[S3] an honest client that loses answers, sleeps and changes replicas stays logged in', async () => {
    const house = await openReplicas({ lifetimes });
    const moves = fc.array(
      fc.record({
        answerLost: fc.boolean(),
        usesAccessToken: fc.boolean(),
        sleeps: waits.filter((seconds) => seconds >= 0),
        replica,
        copies: fc.integer({ min: 1, max: 4 }),
      }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(moves, async (walk) => {
        const started = await house.first.sessions.start(newSession());
        let holds = headRefreshToken(house.first.sessions, started);
        for (const move of walk) {
          house.clock.advance(move.sleeps);
          const racers = Array.from({ length: move.copies }, (_, i) =>
            refreshSession(
              house.replicas[(move.replica + i) % 2]!.sessions,
              parseRefreshToken(holds)!,
              presenter,
            ),
          );
          const answers = await Promise.all(racers);
          expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
          if (move.answerLost) continue;
          holds = answers[0]!.refreshToken;
          if (!move.usesAccessToken) continue;
          const { id: sessionId, head: generation } = answers[0]!.session;
          const { sessions } = house.replicas[1 - move.replica]!;
          await presentAccessToken(sessions, { sessionId, generation, jti: 'j' });
        }
      }),
      { numRuns: 1000 },
    );
  }, 60_000);
});

const presenter = { clientId: 'client-1', check() {}, vouch: async () => 0 };
