// Compares what vitest says it ran with what lies in the repository: a suite that silently did not run fails here.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = process.cwd();
const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const NOT_OURS = new Set(['node_modules', 'dist', '.git', 'conformance']);

function* testFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (NOT_OURS.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* testFiles(path);
    else if (entry.name.endsWith('.test.ts')) yield relative(root, path);
  }
}

const there = [...testFiles(root)].sort();
const ran = new Map(report.testResults.map((file) => [relative(root, file.name), file.assertionResults]));

const faults = [];
for (const path of there) {
  const tests = ran.get(path);
  if (tests === undefined) faults.push(`${path}: did not run`);
  else if (tests.length === 0) faults.push(`${path}: has no test`);
  else
    for (const test of tests)
      if (test.status !== 'passed') faults.push(`${path}: ${test.fullName}: ${test.status}`);
}
if (there.length === 0) faults.push('no test file was found');
if (!report.success) faults.push('vitest reports a failure');

const count = [...ran.values()].reduce((sum, tests) => sum + tests.length, 0);
process.stdout.write(`${there.length} test files there, ${ran.size} ran, ${count} tests\n`);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exit(faults.length === 0 ? 0 : 1);
