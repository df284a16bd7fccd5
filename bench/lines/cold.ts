import { compare, type Line } from '../measure/report.ts';
import type { Lap } from '../measure/rounds.ts';
import { startChild } from '../processes/child.ts';
import { STORES, type StoreName } from '../stores/open-store.ts';
import type { Plan } from './plan.ts';

const BATCHES = 10;
const SESSIONS = 100;
const WARM_UP = 2000;

/** Tokens that the gate has not seen before: signature, claims and session, over signature and claims by `jose`. */
export async function measureCold(plan: Plan): Promise<Line[]> {
  const lines: Line[] = [];
  for (const store of STORES) lines.push(await measureOn(store, plan.coldTokens));
  return lines;
}

async function measureOn(store: StoreName, count: number): Promise<Line> {
  const program = await startChild('../servers/cold-verification.js', {
    store,
    tokens: count + WARM_UP,
    sessions: SESSIONS,
  });
  const ours: Lap[] = [];
  const theirs: Lap[] = [];
  await program.call('round', { size: WARM_UP, oursFirst: true });
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const laps = await program.call<{ ours: Lap; theirs: Lap }>('round', {
      size: count / BATCHES,
      oursFirst: batch % 2 === 0,
    });
    ours.push(laps.ours);
    theirs.push(laps.theirs);
  }
  await program.stop();
  return compare(`${count} cold tokens over jose.jwtVerify, ${store}`, 1, ours, theirs, 'tokens');
}
