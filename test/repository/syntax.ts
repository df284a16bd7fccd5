import { posix } from 'node:path';
import { parseSync } from 'vite';
import { read } from './tree.ts';

/** A node of the syntax tree, as the parser gives it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface Comment {
  readonly type: 'Line' | 'Block';
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface Parsed {
  readonly path: string;
  readonly text: string;
  readonly program: SyntaxNode;
  readonly comments: readonly Comment[];
}

const cache = new Map<string, Parsed>();

export function parse(path: string): Parsed {
  const known = cache.get(path) ?? parseText(path, read(path));
  cache.set(path, known);
  return known;
}

export function parseText(path: string, text: string): Parsed {
  const result = parseSync(path, text, { lang: 'ts', sourceType: 'module' });
  if (result.errors.length > 0) throw new Error(`${path}: ${result.errors[0]?.message}`);
  return { path, text, program: result.program as unknown as SyntaxNode, comments: result.comments };
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string';
}

/** The node and everything below it. */
export function* nodes(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodes(child);
  }
}

/** Counted from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

export const at = (parsed: Parsed, node: { readonly start: number }) =>
  `${parsed.path}:${lineOf(parsed.text, node.start)}`;

export interface Import {
  readonly from: string;
  /** As written. */
  readonly specifier: string;
  /** The file in this repository that a relative specifier leads to. */
  readonly target?: string;
  readonly line: number;
}

/** Everything a file imports, types and re-exports and `import('x')` included. */
export function imports(path: string): Import[] {
  return importsOf(parse(path));
}

export function importsOf(parsed: Parsed): Import[] {
  const { path } = parsed;
  const found: Import[] = [];
  for (const node of nodes(parsed.program)) {
    const source = node.source ?? (node.type === 'TSImportType' ? node.argument : undefined);
    if (!/^(Import|Export|TSImport)/.test(node.type) || !isNode(source)) continue;
    const literal = source.type === 'TSLiteralType' ? source.literal : source;
    const specifier = isNode(literal) ? literal.value : undefined;
    if (typeof specifier !== 'string') continue;
    const target = specifier.startsWith('.')
      ? posix.normalize(posix.join(posix.dirname(path), specifier))
      : undefined;
    found.push({
      from: path,
      specifier,
      ...(target ? { target } : {}),
      line: lineOf(parsed.text, node.start),
    });
  }
  return found;
}

const PUBLISHED = /^@portcullis\/auth(?:\/(.+))?$/;

/** The source file behind a specifier of our own library, or of a relative path; `undefined` for anything foreign. */
export function resolveOwn(entry: Import): string | undefined {
  if (entry.target) return entry.target;
  const match = PUBLISHED.exec(entry.specifier);
  return match ? `packages/auth/src/${match[1] ?? 'auth'}.ts` : undefined;
}

/** Paths through the graph that come back to where they began: at least one of each knot, or none. */
export function findCycles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (node: string, trail: readonly string[]) => {
    const seenAt = trail.indexOf(node);
    if (seenAt >= 0) cycles.push([...trail.slice(seenAt), node].join(' > '));
    if (seenAt >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return cycles;
}

/** True when a file has nothing left once its types are taken away. */
export function isTypesOnly(path: string): boolean {
  const body = parse(path).program.body as SyntaxNode[];
  return body.every((statement) => {
    const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (statement.exportKind === 'type' || statement.importKind === 'type') return true;
    if (!isNode(inner)) return false;
    return inner.type === 'TSInterfaceDeclaration' || inner.type === 'TSTypeAliasDeclaration';
  });
}
