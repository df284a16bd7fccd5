// YAML 1.2.2 §10.1: the failsafe schema, in which every scalar is a string, so that `no`, `0123` and `1e5` stay what was written.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Raw } from './row.ts';

const MAX_NODES = 20_000;
const MAX_DEPTH = 20;

/** A YAML text with its nodes, or the first things wrong with it. */
export interface YamlText {
  readonly document: Document;
  readonly faults: readonly { readonly line: number; readonly message: string }[];
  /** The line (from 1) an offset is on. */
  lineOf(offset: number): number;
}

export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const lineOf = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const faults = [...document.errors, ...document.warnings].map((error) => ({
    line: lineOf(error.pos[0]),
    message: error.message,
  }));
  return { document, faults, lineOf };
}

/** Why a node can not be read as a value. */
export class UnreadableNode extends Error {
  override readonly name = 'UnreadableNode';
}

/** A node as plain text, lists and maps. @throws UnreadableNode when it is too deep or too large, or a key is no text or there twice. */
export function rawOf(node: unknown, document: Document): Raw {
  let budget = MAX_NODES;
  const read = (current: unknown, depth: number): Raw => {
    budget -= 1;
    if (depth > MAX_DEPTH || budget < 0) throw new UnreadableNode('is nested too deeply or too large');
    if (isAlias(current)) return read(current.resolve(document), depth + 1);
    if (isSeq(current)) return current.items.map((item) => read(item, depth + 1));
    if (isMap(current)) {
      const entries = current.items.map((pair) => [keyOf(pair.key), read(pair.value, depth + 1)] as const);
      if (new Set(entries.map(([key]) => key)).size < entries.length)
        throw new UnreadableNode('has a key twice');
      return Object.assign(Object.create(null), Object.fromEntries(entries)) as Raw;
    }
    if (current === null || current === undefined) return '';
    return isScalar(current) ? String(current.value ?? '') : unreadable();
  };
  return read(node, 0);
}

export function keyOf(key: unknown): string {
  return isScalar(key) ? String((key as Node & { value: unknown }).value) : unreadable();
}

function unreadable(): never {
  throw new UnreadableNode('is not a plain value');
}

/** A list or map in brackets on one line (JSON is YAML); `undefined` when it is none. */
export function parseFlow(text: string): Raw | undefined {
  const { document, faults } = parseYaml(text);
  if (faults.length > 0) return undefined;
  try {
    return rawOf(document.contents, document);
  } catch (error) {
    if (error instanceof UnreadableNode) return undefined;
    throw error;
  }
}
