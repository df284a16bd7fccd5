/** Records removed before others have a turn. */
const AT_A_TIME = 1000;
/** Rounds of one house-keeping: more than strangers can leave behind from one to the next, and still an end. */
const MAX_ROUNDS = 50;

/**
 * Removes what has expired, until nothing is left of it: a fixed number each time would fall behind whoever leaves more than that, and the
 * store would grow for as long as they go on. The number removed.
 */
export async function sweepExpired(sweep: (limit: number) => Promise<number>): Promise<number> {
  let removed = 0;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const now = await sweep(AT_A_TIME);
    removed += now;
    if (now < AT_A_TIME) break;
  }
  return removed;
}
