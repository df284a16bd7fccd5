/** `npm run bench`: every line of `docs/benchmarks.md` in one run. Exits with 1 when one is below its floor. */
import { parseArgs } from 'node:util';
import { measureCold } from './lines/cold.ts';
import { measureGuard, measureMcp } from './lines/guarded.ts';
import { measureIssuer } from './lines/issuer.ts';
import { measureOpaque } from './lines/opaque.ts';
import { FULL, type Plan, QUICK } from './lines/plan.ts';
import { measureSlowProvider } from './lines/slow-provider.ts';
import { measureStartUp } from './lines/start-up.ts';
import { machineLines } from './measure/machine.ts';
import { isGood, type Line, reportText } from './measure/report.ts';

const MEASURES: Readonly<Record<string, (plan: Plan) => Promise<Line[]>>> = {
  guard: measureGuard,
  mcp: measureMcp,
  cold: measureCold,
  opaque: measureOpaque,
  issuer: measureIssuer,
  start: measureStartUp,
  'slow-provider': measureSlowProvider,
};

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});
const chosen = values.only ?? Object.keys(MEASURES);
const unknown = chosen.filter((name) => !Object.hasOwn(MEASURES, name));
if (unknown.length > 0) {
  console.error(`--only takes ${Object.keys(MEASURES).join(', ')}`);
  process.exit(2);
}

const start = performance.now();
const machine = machineLines();
const lines: Line[] = [];
for (const name of chosen) {
  console.error(`measuring: ${name}`);
  lines.push(...(await MEASURES[name]!(values.quick ? QUICK : FULL)));
}
const seconds = Math.round((performance.now() - start) / 1000);
console.log(
  [...machine, `${values.quick ? 'Quick run' : 'Full run'}, ${seconds} s`, '', reportText(lines)].join('\n'),
);
process.exitCode = isGood(lines) ? 0 : 1;
