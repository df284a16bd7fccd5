/** The `server` scenarios of the official suite, against the fixture alone and behind our gate: nothing may be lost. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lostChecks } from './compare-checks.mjs';
import { gatedPlace, openPlace } from './fixture/places.mjs';
import { folder, startSuite } from './suite.mjs';

const REVISIONS = ['2025-11-25', '2026-07-28'];
const RUN_SECONDS = 120;

/** Folders are named `server-<scenario>-<time>`. */
function readChecks(results) {
  const found = new Map();
  for (const name of readdirSync(results)) {
    const scenario = /^server-(.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/.exec(name)?.[1];
    if (!scenario) throw new Error(`The suite left something unknown: ${name}`);
    found.set(scenario, JSON.parse(readFileSync(join(results, name, 'checks.json'), 'utf8')));
  }
  return found;
}

const summary = (output) => output.slice(Math.max(0, output.indexOf('=== SUMMARY')));

/** One run at one place: its checks, and what is wrong with it as a whole. The suite ends with 0 when all that is required passed. */
async function run(openAt, revision) {
  const place = await openAt();
  const results = mkdtempSync(join(folder, 'results-'));
  try {
    const suite = startSuite(
      'server',
      ['--url', place.url, '--requirements', revision, '-o', results],
      RUN_SECONDS,
    );
    const code = await suite.ended;
    const checks = readChecks(results);
    const faults = [...place.faults()];
    if (code !== 0) faults.push(`The suite ends with ${code}:\n${summary(suite.output)}`);
    return { checks, faults };
  } finally {
    await place.close();
  }
}

const count = (checks) => [...checks.values()].flat().filter(({ status }) => status === 'SUCCESS').length;

const open = (checks) =>
  [...checks].filter(([, all]) => all.some(({ status }) => status === 'FAILURE')).map(([name]) => name);

/** Prints what passed and what did not, and answers how much did not. */
export async function runServerSuite() {
  let failed = 0;
  for (const revision of REVISIONS) {
    const alone = await run(openPlace, revision);
    const gated = await run(gatedPlace, revision);
    const faults = [
      ...alone.faults.map((fault) => `alone: ${fault}`),
      ...gated.faults.map((fault) => `behind the gate: ${fault}`),
      ...lostChecks(alone.checks, gated.checks),
    ];
    if (gated.checks.size === 0) faults.push('The suite ran no scenario.');
    const told =
      `server ${revision}: ${gated.checks.size} scenarios behind the gate, ${count(gated.checks)} checks passed, ` +
      `${count(alone.checks)} without it`;
    process.stdout.write(
      faults.length === 0 ? `passed  ${told}\n` : `FAILED  ${told}\n${faults.join('\n')}\n`,
    );
    const rest = open(gated.checks);
    if (rest.length > 0)
      process.stdout.write(`        not required, and not of the fixture: ${rest.join(', ')}\n`);
    failed += faults.length;
  }
  return failed;
}
