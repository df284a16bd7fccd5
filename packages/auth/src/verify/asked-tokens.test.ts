import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import { Refusal } from '../core/refusal.ts';
import { type AskedTokenOptions, askedTokens } from './asked-tokens.ts';
import { refusalOf } from './verifier.contract.ts';

function world(options: Partial<AskedTokenOptions<string>> = {}) {
  const clock = manualClock();
  const asked: string[] = [];
  const answers = new Map<string, () => string>();
  const answerFor = askedTokens<string>({
    clock,
    endOf: () => Number.MAX_SAFE_INTEGER,
    cacheSeconds: 60,
    refusedCacheSeconds: 10,
    maxTokens: 3,
    maxConcurrent: 100,
    ask: async (token) => {
      asked.push(token);
      return (answers.get(token) ?? (() => `answer to ${token}`))();
    },
    ...options,
  });
  const refuse = (token: string, reason: 'token.unknown' | 'verifier.unavailable') =>
    answers.set(token, () => {
      throw new Refusal(reason);
    });
  return {
    clock,
    asked,
    answers,
    refuse,
    answerFor: (token: string) => Promise.resolve(answerFor(token)),
    atOnce: answerFor,
  };
}

describe('tokens that somebody is asked about', () => {
  it('are asked about once for all who wait, and answered at once while they are known', async () => {
    const { asked, atOnce, clock } = world();
    await Promise.all(Array.from({ length: 20 }, () => atOnce('a')));
    expect(atOnce('a')).toBe('answer to a');
    clock.advance(59);
    expect(atOnce('a')).toBe('answer to a');
    clock.advance(1);
    await atOnce('a');
    expect(asked).toEqual(['a', 'a']);
  });

  it('are not kept beyond their end, and not at all when that is switched off', async () => {
    const ending = world({ endOf: () => manualClock().now() / 1000 + 5 });
    await ending.answerFor('a');
    ending.clock.advance(5);
    await ending.answerFor('a');
    expect(ending.asked.length).toBe(2);
    const off = world({ cacheSeconds: 0, refusedCacheSeconds: 0 });
    off.refuse('b', 'token.unknown');
    for (const token of ['a', 'a']) await off.answerFor(token);
    for (const token of ['b', 'b']) await refusalOf(off.answerFor(token));
    expect(off.asked).toEqual(['a', 'a', 'b', 'b']);
  });

  it('are remembered as refused for a while, and never as unavailable', async () => {
    const { asked, refuse, answers, answerFor, clock } = world();
    refuse('bad', 'token.unknown');
    refuse('away', 'verifier.unavailable');
    for (const token of ['bad', 'bad', 'away', 'away']) await refusalOf(answerFor(token));
    expect(asked).toEqual(['bad', 'away', 'away']);
    answers.clear();
    expect(await answerFor('away')).toBe('answer to away');
    clock.advance(10);
    expect(await answerFor('bad')).toBe('answer to bad');
  });

  it('tell of a fault in the code as what it is, and keep nothing', async () => {
    const { answers, answerFor } = world();
    answers.set('a', () => {
      throw new TypeError('a bug');
    });
    await expect(answerFor('a')).rejects.toThrow(TypeError);
    answers.clear();
    expect(await answerFor('a')).toBe('answer to a');
  });

  it('[G8] leave no room to a flood', async () => {
    const { asked, answerFor, refuse } = world();
    await answerFor('good');
    for (let n = 0; n < 50; n += 1) {
      refuse(`bad-${n}`, 'token.unknown');
      await refusalOf(answerFor(`bad-${n}`));
    }
    await answerFor('good');
    expect(asked.filter((token) => token === 'good').length).toBe(1);
  });

  it('[G8] are asked about at most once per token and time, in any order of requests', async () => {
    const step = fc.oneof(fc.constantFrom('a', 'b', 'bad'), fc.integer({ min: 1, max: 30 }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { asked, answerFor, clock, refuse } = world();
        refuse('bad', 'token.unknown');
        const last = new Map<string, number>();
        for (const each of steps) {
          if (typeof each === 'number') {
            clock.advance(each);
            continue;
          }
          const before = asked.length;
          await answerFor(each).catch(() => {});
          const seconds = each === 'bad' ? 10 : 60;
          const due = clock.now() - (last.get(each) ?? Number.NEGATIVE_INFINITY) >= seconds * 1000;
          expect(asked.length - before).toBe(due ? 1 : 0);
          if (due) last.set(each, clock.now());
        }
      }),
      { numRuns: 1000 },
    );
  });
});
