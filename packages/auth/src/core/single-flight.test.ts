import { describe, expect, it } from 'vitest';
import { singleFlight } from './single-flight.ts';

describe('one flight for many passengers', () => {
  it('does the work once for all who ask at the same time', async () => {
    const flights = singleFlight<number>();
    let calls = 0;
    let land = (_value: number) => {};
    const work = () => {
      calls += 1;
      return new Promise<number>((resolve) => {
        land = resolve;
      });
    };
    const passengers = Array.from({ length: 20 }, () => flights.run('a', work));
    await Promise.resolve();
    expect(flights.size).toBe(1);
    land(7);
    expect(await Promise.all(passengers)).toEqual(Array(20).fill(7));
    expect(calls).toBe(1);
    expect(flights.size).toBe(0);
  });

  it('keeps keys apart', async () => {
    const flights = singleFlight<string>();
    const seen = await Promise.all(['a', 'b', 'a'].map((key) => flights.run(key, async () => `${key}!`)));
    expect(seen).toEqual(['a!', 'b!', 'a!']);
  });

  it('tells everybody of a failure and forgets it', async () => {
    const flights = singleFlight<string>();
    const fail = () => {
      throw new Error('lost');
    };
    const outcomes = await Promise.allSettled([flights.run('a', fail), flights.run('a', fail)]);
    expect(outcomes.map((o) => o.status)).toEqual(['rejected', 'rejected']);
    expect(flights.size).toBe(0);
    expect(await flights.run('a', async () => 'found')).toBe('found');
  });

  it('starts again once the first has landed', async () => {
    const flights = singleFlight<number>();
    let calls = 0;
    const work = async () => ++calls;
    expect(await flights.run('a', work)).toBe(1);
    expect(await flights.run('a', work)).toBe(2);
  });
});
