/** What a server passes with something in front of it, compared with what it passes alone: check by check, not by a total. */

const RANK = { SUCCESS: 0, WARNING: 1, SKIPPED: 2, FAILURE: 3 };

/** Notes about the traffic are no checks; how many there are depends on how the stream was cut. */
const isCheck = ({ status }) => status !== 'INFO';

function byCheck(checks) {
  const found = new Map();
  for (const { id, name, status } of checks.filter(isCheck)) {
    const key = `${id} (${name})`;
    found.set(key, [...(found.get(key) ?? []), status]);
  }
  for (const statuses of found.values()) statuses.sort((a, b) => RANK[a] - RANK[b]);
  return found;
}

/**
 * What was lost. Both sides are a map from scenario to its checks.
 * @returns one line for each check that is missing, that came up more or less often, or that ended differently
 */
export function lostChecks(alone, behind) {
  const lost = [];
  for (const scenario of new Set([...alone.keys(), ...behind.keys()])) {
    const before = byCheck(alone.get(scenario) ?? []);
    const after = byCheck(behind.get(scenario) ?? []);
    for (const check of new Set([...before.keys(), ...after.keys()])) {
      const was = before.get(check)?.join(', ') ?? 'nothing';
      const is = after.get(check)?.join(', ') ?? 'nothing';
      if (was !== is) lost.push(`${scenario}: ${check}: alone ${was}; behind the gate ${is}`);
    }
  }
  return lost;
}
