import { setTimeout as later } from 'node:timers/promises';

/** Asks until the answer is right: for what another process does in its own time. The last answer, right or not. */
export async function until<T>(
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean,
  seconds = 10,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (isRight(answer) || Date.now() > end) return answer;
    await later(100);
  }
}
