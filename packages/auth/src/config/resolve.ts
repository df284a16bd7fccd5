import { OperatorError, type Problem } from '../core/operator-error.ts';
import { readEnvironment } from './environment.ts';
import type { GivenValue, Layer } from './layer.ts';
import { nested } from './nested.ts';
import { followReferences, hasReference } from './reference.ts';
import type { DefaultContext, Fault, FileAccess, Raw, SettingRow, SettingsOf, SettingTable } from './row.ts';
import { UNRESOLVED } from './row.ts';
import { readSettingsFile, type SettingsFile } from './settings-file.ts';

/** Everything settings are read from. */
export interface Sources {
  /** Values of flags as text, by the name of the setting (`upstream.clientId`), not of the flag. */
  readonly flags: Readonly<Record<string, string>>;
  /** The environment, as a record. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The settings file, when there is one. */
  readonly file?: SettingsFile;
  /** What relative paths in flags and variables are relative to. */
  readonly folder: string;
  readonly files: FileAccess;
}

/** A setting with the value that is in force, and where it came from. */
export interface ResolvedSetting {
  readonly row: SettingRow;
  readonly value: unknown;
  /** `--port`, `environment`, `portcullis.yaml:12`, `default`; with `(env:NAME)` behind it where a reference led on. */
  readonly source: string;
  /** The setting as the operator named it there. */
  readonly writtenName: string;
}

/** The outcome of reading: every setting of the table that could be read, and every problem met. */
export interface Resolution {
  readonly settings: ReadonlyMap<string, ResolvedSetting>;
  readonly problems: readonly Problem[];
}

/** Reads every setting of a table: flag before environment before file before default. Nothing is thrown: all problems come back at once. */
export function resolveSettings(table: SettingTable, sources: Sources): Resolution {
  const layers: Layer[] = [
    readFlags(table, sources),
    readEnvironment(table, sources.environment, sources.folder),
    ...(sources.file ? [readSettingsFile(table, sources.file)] : []),
  ];
  const settings = new Map<string, ResolvedSetting>();
  const problems = layers.flatMap((layer) => layer.problems);
  for (const row of Object.values(table)) {
    const given = layers.map((layer) => layer.values.get(row.name)).find((value) => value !== undefined);
    if (!given) continue;
    const outcome = readGiven(row, given, sources);
    if ('problems' in outcome) problems.push(...outcome.problems);
    else settings.set(row.name, outcome);
  }
  const wrong = new Set(problems.map((problem) => problem.setting));
  fillDefaults(table, settings, sources, wrong);
  return { settings, problems };
}

/** The typed settings of a resolution. @throws OperatorError with all problems, when there are any. */
export function typedSettings<T extends SettingTable>(_table: T, resolution: Resolution): SettingsOf<T> {
  if (resolution.problems.length > 0) throw new OperatorError(resolution.problems);
  const values = new Map([...resolution.settings].map(([name, { value }]) => [name, value]));
  return nested(values) as SettingsOf<T>;
}

function readFlags(table: SettingTable, sources: Sources): Layer {
  const values = new Map<string, GivenValue>();
  for (const [name, raw] of Object.entries(sources.flags)) {
    const flag = flagName(table[name]!);
    values.set(name, { writtenName: flag, raw, source: flag, folder: sources.folder });
  }
  return { values, problems: [] };
}

/** `--port <number>` → `--port`. */
export function flagName(row: SettingRow): string {
  return row.flag?.match(/--[a-z-]+/)?.[0] ?? row.name;
}

function readGiven(
  row: SettingRow,
  given: GivenValue,
  sources: Sources,
): ResolvedSetting | { readonly problems: readonly Problem[] } {
  const { files, environment } = sources;
  const context = { files, environment, folder: given.folder };
  // Taken apart first, and followed once: what a reference leads to is not looked through for others.
  const whole = row.type.parts?.(given.raw) ?? given.raw;
  const { raw, references, wrong } = followReferences(whole, context, row.type.secretNames);
  const source = references.length > 0 ? `${given.source} (${references.join(', ')})` : given.source;
  if (references.length > 0 && row.type.parts && hasReference(row.type.parts(raw)))
    return { problems: [problemOf(row, given, source, SECOND, true)] };
  const isUnread = wrong.length > 0 && (raw === UNRESOLVED || !row.type.readsOthers);
  const reading = isUnread ? undefined : row.type.read(raw, context);
  if (wrong.length === 0 && reading && 'value' in reading)
    return { row, value: reading.value, source, writtenName: given.writtenName };
  const faults = reading && 'fault' in reading ? [reading, ...(reading.others ?? [])] : [];
  return {
    problems: [
      ...wrong.map((fault) => problemOf(row, given, given.source, fault, true)),
      ...faults.map((fault) => problemOf(row, given, source, fault, references.length > 0)),
    ],
  };
}

/** In a list or map it would count as the value itself, in place of a secret. */
const SECOND: Fault = {
  fault: 'leads to a reference, which is not followed',
  remedy: 'Put the value itself there, or let the first reference lead to it.',
};

function problemOf(
  row: SettingRow,
  given: GivenValue,
  source: string,
  wrong: Fault,
  referenced: boolean,
): Problem {
  const shown = referenced || row.secret || row.type.secretInside ? 'The value' : quote(given.raw);
  return { setting: given.writtenName, source, message: `${shown} ${wrong.fault}.`, remedy: wrong.remedy };
}

function quote(raw: Raw): string {
  if (typeof raw !== 'string') return 'The value';
  return JSON.stringify(raw.length > 60 ? `${raw.slice(0, 60)}...` : raw);
}

function fillDefaults(
  table: SettingTable,
  settings: Map<string, ResolvedSetting>,
  sources: Sources,
  wrong: ReadonlySet<string>,
): void {
  const open = new Set<string>();
  const value = (name: string): unknown => {
    const row = table[name];
    if (!row || settings.has(name)) return settings.get(name)?.value;
    const names = [name, flagName(row), row.env, ...(row.alsoEnv ?? [])];
    if (open.has(name) || names.some((one) => wrong.has(one))) return undefined;
    open.add(name);
    const computed = typeof row.default === 'function' ? row.default(context) : row.default;
    settings.set(name, { row, value: computed, source: 'default', writtenName: name });
    return computed;
  };
  const { files, folder, environment } = sources;
  const context: DefaultContext = { files, folder, environment, value };
  for (const name of Object.keys(table)) value(name);
}
