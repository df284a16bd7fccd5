import { describe, expect, it } from 'vitest';
import type { Parsed, SyntaxNode } from './syntax.ts';
import { at, nodes, parse } from './syntax.ts';
import { SOURCES } from './tree.ts';

/** The comment that ends right before a node, if it is a docstring. */
function docstring(file: Parsed, node: SyntaxNode): string | undefined {
  const comment = file.comments.filter((candidate) => candidate.end <= node.start).at(-1);
  if (comment?.type !== 'Block' || !comment.value.startsWith('*')) return undefined;
  return file.text.slice(comment.end, node.start).trim() === '' ? comment.value : undefined;
}

const SPECIFICATION =
  /\b(RFC \d{3,5}|draft-[a-z0-9-]+|OpenID Connect|OAuth 2\.1|MCP \d{4}-\d{2}-\d{2}|MCP security best practices|WHATWG|Fetch Standard|HTML Standard|CSP Level 3)\b/;

describe('options', () => {
  it('say of every member what it means', () => {
    const silent = SOURCES.map(parse).flatMap((file) =>
      [...nodes(file.program)]
        .filter(
          (node) =>
            node.type === 'ExportNamedDeclaration' &&
            (node.declaration as SyntaxNode | null)?.type === 'TSInterfaceDeclaration' &&
            /(Options|Settings)$/.test(String(((node.declaration as SyntaxNode).id as SyntaxNode).name)),
        )
        .flatMap((node) => ((node.declaration as SyntaxNode).body as SyntaxNode).body as SyntaxNode[])
        .filter((member) => !docstring(file, member))
        .map((member) => at(file, member)),
    );
    expect(silent).toEqual([]);
  });
});

describe('specifications', () => {
  it('are cited in the first line of every file of protocol/ and issuer/endpoints/', () => {
    const rooms = /^packages\/auth\/src\/(protocol|issuer\/endpoints)\//;
    const files = SOURCES.filter((path) => rooms.test(path)).map(parse);
    expect(files.length).toBeGreaterThan(0);
    const silent = files.filter((file) => {
      const first = file.text.split('\n', 1)[0]!;
      return !/^\/[/*]/.test(first) || !SPECIFICATION.test(first);
    });
    expect(silent.map((file) => file.path)).toEqual([]);
  });
});
