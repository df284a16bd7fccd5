import type { Lap } from './rounds.ts';
import { type Spread, spreadOf, spreadText } from './spread.ts';

/** The suite fails below this share of a target. */
const FLOOR = 0.8;

/** A line of the report. */
export interface Line {
  readonly name: string;
  /** The ratio of ours to the other side; above 1 ours is faster. */
  readonly ratio?: Spread;
  /** What the ratio should reach. */
  readonly target?: number;
  /** A line without a ratio says by itself whether it holds. */
  readonly holds?: boolean;
  /** The figures behind it. */
  readonly figures: readonly string[];
}

/** Ours against theirs, round by round. */
export function compare(
  name: string,
  target: number | undefined,
  ours: readonly Lap[],
  theirs: readonly Lap[],
  unit: string,
): Line {
  const ratios = (of: (lap: Lap) => number) => ours.map((lap, round) => of(lap) / of(theirs[round]!));
  const work = spreadOf(ratios((lap) => 1 / lap.cpuEach));
  return {
    name,
    target,
    ratio: spreadOf(ratios((lap) => lap.perSecond)),
    figures: [
      `ours ${lapFigures(ours, unit)}`,
      `other side ${lapFigures(theirs, unit)}`,
      `by processor time of the process under test: ratio ${spreadText(work)}`,
    ],
  };
}

function lapFigures(laps: readonly Lap[], unit: string): string {
  const of = (pick: (lap: Lap) => number) => spreadOf(laps.map(pick));
  const { median, min, max } = of((lap) => lap.perSecond);
  const generator = of((lap) => lap.generatorBusy).median;
  return (
    `${round(median)} ${unit}/s (${round(min)}–${round(max)}), ${(of((lap) => lap.cpuEach).median * 1000).toFixed(1)} µs each,` +
    ` process ${percent(of((lap) => lap.busy).median)} of a processor${generator > 0 ? `, generator ${percent(generator)}` : ''}`
  );
}

/** `true` when no line is below its floor. */
export function isGood(lines: readonly Line[]): boolean {
  return lines.every((line) => verdict(line) !== 'FAILED');
}

export function verdict({ ratio, target, holds }: Line): '' | 'met' | 'below target' | 'FAILED' {
  if (holds !== undefined) return holds ? 'met' : 'FAILED';
  if (ratio === undefined || target === undefined) return '';
  if (ratio.median >= target) return 'met';
  return ratio.median >= target * FLOOR ? 'below target' : 'FAILED';
}

export function reportText(lines: readonly Line[]): string {
  const rows = lines.map((line) => [
    line.name,
    line.ratio ? spreadText(line.ratio) : '',
    line.target?.toFixed(2) ?? '',
    line.target === undefined ? '' : (line.target * FLOOR).toFixed(2),
    verdict(line),
  ]);
  const table = columns([['line', 'ratio (min–max)', 'target', 'floor', 'verdict'], ...rows]);
  const figures = lines.flatMap((line) => [line.name, ...line.figures.map((figure) => `    ${figure}`)]);
  return [...figures, '', ...table].join('\n');
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

const percent = (share: number) => `${Math.round(share * 100)} %`;
const round = (value: number) => (value >= 100 ? String(Math.round(value)) : value.toFixed(1));
