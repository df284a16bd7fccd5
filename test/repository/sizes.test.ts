import { describe, expect, it } from 'vitest';
import { at, nodes, parse } from './syntax.ts';
import { isTest, read, SOURCES, TYPESCRIPT } from './tree.ts';

const MAX_FILE_LINES = 400;
const MAX_TEST_FILE_LINES = 600;
const MAX_FUNCTION_LINES = 80;

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

describe('sizes', () => {
  it(`no file is longer than ${MAX_FILE_LINES} lines, no test file longer than ${MAX_TEST_FILE_LINES}`, () => {
    const long = TYPESCRIPT.map((path) => ({ path, lines: read(path).trimEnd().split('\n').length }))
      .filter(({ path, lines }) => lines > (isTest(path) ? MAX_TEST_FILE_LINES : MAX_FILE_LINES))
      .map(({ path, lines }) => `${path}: ${lines}`);
    expect(long).toEqual([]);
  });

  it(`no function of the packages is longer than ${MAX_FUNCTION_LINES} lines that are not blank`, () => {
    const long = SOURCES.map(parse).flatMap((parsed) =>
      [...nodes(parsed.program)]
        .filter((node) => FUNCTIONS.has(node.type))
        .map((node) => ({
          node,
          lines: parsed.text
            .slice(node.start, node.end)
            .split('\n')
            .filter((line) => line.trim() !== '').length,
        }))
        .filter(({ lines }) => lines > MAX_FUNCTION_LINES)
        .map(({ node, lines }) => `${at(parsed, node)}: ${lines}`),
    );
    expect(long).toEqual([]);
  });
});
