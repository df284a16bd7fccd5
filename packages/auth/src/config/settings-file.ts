import { isMap, isScalar, type Node, type Pair } from 'yaml';
import type { Problem } from '../core/operator-error.ts';
import { type GivenValue, type Layer, unknownName } from './layer.ts';
import { nearestName } from './nearest-name.ts';
import type { SettingTable } from './row.ts';
import { keyOf, parseYaml, rawOf, UnreadableNode, type YamlText } from './yaml-text.ts';

/** A settings file that was read. */
export interface SettingsFile {
  /** As the operator named it: `portcullis.yaml`. */
  readonly label: string;
  /** The folder it stands in: relative paths in it start there. */
  readonly folder: string;
  readonly text: string;
}

const MAX_FILE_CHARACTERS = 1_048_576;

/** The values of `portcullis.yaml`. Sections may be nested (`upstream:` with `clientId:` below) or written with dots. */
export function readSettingsFile(table: SettingTable, file: SettingsFile): Layer {
  const walk = new Walk(table, file);
  if (file.text.length > MAX_FILE_CHARACTERS) {
    walk.problem(
      file.label,
      file.label,
      'The file is larger than 1 MiB.',
      'Split off large values with file:PATH.',
    );
    return walk;
  }
  const yaml = parseYaml(file.text);
  for (const { line, message } of yaml.faults) {
    walk.problem(file.label, `${file.label}:${line}`, `It is not valid YAML: ${message}.`, 'Mend this line.');
  }
  if (yaml.faults.length === 0) walk.top(yaml);
  return walk;
}

class Walk implements Layer {
  readonly values = new Map<string, GivenValue>();
  readonly problems: Problem[] = [];
  private readonly file: SettingsFile;
  private readonly names: readonly string[];
  private yaml!: YamlText;

  constructor(table: SettingTable, file: SettingsFile) {
    this.file = file;
    this.names = Object.values(table)
      .filter((row) => row.inFile !== false)
      .map((row) => row.name);
  }

  problem(setting: string, source: string, message: string, remedy: string): void {
    this.problems.push({ setting, source, message, remedy });
  }

  top(yaml: YamlText): void {
    this.yaml = yaml;
    const contents = yaml.document.contents;
    if (contents === null || (isScalar(contents) && (contents.value === null || contents.value === '')))
      return;
    if (isMap(contents)) this.section('', contents.items as Pair[]);
    else
      this.problem(
        this.file.label,
        `${this.file.label}:1`,
        'It is not a list of settings.',
        'Write `name: value` lines.',
      );
  }

  private section(prefix: string, items: readonly Pair[]): void {
    for (const pair of items) {
      const source = `${this.file.label}:${this.lineOf(pair)}`;
      try {
        this.pair(prefix + keyOf(pair.key), pair, source);
      } catch (error) {
        if (!(error instanceof UnreadableNode)) throw error;
        const name = isScalar(pair.key) ? prefix + String(pair.key.value) : prefix || this.file.label;
        this.problem(name, source, `It ${error.message}.`, 'Write plain names, values, lists and maps.');
      }
    }
  }

  private pair(name: string, pair: Pair, source: string): void {
    if (this.names.includes(name)) {
      this.value(name, pair, source);
      return;
    }
    const below = this.names.filter((known) => known.startsWith(`${name}.`));
    if (below.length === 0) {
      this.problems.push(unknownName(name, source, nearestName(name, this.names)));
    } else if (isMap(pair.value)) {
      this.section(`${name}.`, pair.value.items as Pair[]);
    } else if (rawOf(pair.value, this.yaml.document) === '') {
      this.problem(name, source, 'The section is empty.', 'Fill it, or remove the line.');
    } else {
      const remedy = `Write ${below.slice(0, 3).join(', ')}${below.length > 3 ? ' ...' : ''} below it.`;
      this.problem(name, source, 'This is a section, and has no value of its own.', remedy);
    }
  }

  private value(name: string, pair: Pair, source: string): void {
    const raw = rawOf(pair.value, this.yaml.document);
    if (raw === '') {
      this.problem(name, source, 'It has no value.', 'Give it a value, or remove the line.');
    } else if (this.values.has(name)) {
      const first = this.values.get(name)!.source;
      this.problem(name, source, `It is already set at ${first}.`, 'Remove one of the two.');
    } else {
      this.values.set(name, { writtenName: name, raw, source, folder: this.file.folder });
    }
  }

  private lineOf(pair: Pair): number {
    return this.yaml.lineOf((pair.key as Node | null)?.range?.[0] ?? 0);
  }
}
