import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BEHAVIOURS } from './behaviours.ts';
import { startCertifiedTarget } from './certified-target.ts';
import { DIFFERENCES } from './differences.ts';
import type { Observation } from './observation.ts';
import { startOurTarget } from './our-target.ts';

const RULES = Array.from({ length: 22 }, (_, index) => `AS-${index + 1}`);

let ours: Awaited<ReturnType<typeof startOurTarget>>;
let other: Awaited<ReturnType<typeof startCertifiedTarget>>;

beforeAll(async () => {
  // Time stands still but for what a behaviour lets pass.
  vi.useFakeTimers({ toFake: ['Date'] });
  const advance = (seconds: number) => void vi.setSystemTime(Date.now() + seconds * 1000);
  ours = await startOurTarget(advance);
  other = await startCertifiedTarget(advance);
});

afterAll(async () => {
  await ours.close();
  await other.close();
  vi.useRealTimers();
});

/** Member by member: what one side shows and the other does not. */
function compare(one: Observation, two: Observation): Record<string, [string, string]> {
  const names = [...new Set([...Object.keys(one), ...Object.keys(two)])];
  return Object.fromEntries(
    names
      .filter((name) => one[name] !== two[name])
      .map((name) => [name, [one[name] ?? 'nothing', two[name] ?? 'nothing']]),
  );
}

describe('our issuer beside a certified implementation', () => {
  const named = BEHAVIOURS.map(
    (each) => [`[${each.rules.join(', ')}] ${each.id}: ${each.what}`, each] as const,
  );

  it.each(named)('%s', async (_title, { id, drive }) => {
    const [one, two] = [await drive(ours.target), await drive(other.target)];
    expect(Object.keys(one).length).toBeGreaterThan(0);
    expect(compare(one, two)).toEqual(DIFFERENCES[id]?.differs ?? {});
  });
});

describe('the comparison', () => {
  it('has every rule for authorization servers, and at least 80 behaviours with an id each', () => {
    const ids = BEHAVIOURS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(80);
    const touched = new Set(BEHAVIOURS.flatMap(({ rules }) => rules));
    expect(RULES.filter((rule) => !touched.has(rule))).toEqual([]);
    expect([...touched].filter((rule) => !RULES.includes(rule))).toEqual([]);
  });

  it('lists no difference of a behaviour that there is not, and none without a reason', () => {
    const known = new Set(BEHAVIOURS.map(({ id }) => id));
    expect(Object.keys(DIFFERENCES).filter((id) => !known.has(id))).toEqual([]);
    const thin = Object.entries(DIFFERENCES).filter(
      ([, { source, why }]) => why.length < 15 || !/§|MCP|^decision$/.test(source),
    );
    expect(thin.map(([id]) => id)).toEqual([]);
  });
});
