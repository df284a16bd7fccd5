// The titles of tests, as the test files have them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

/**
 * Every test of a file: its title behind those of the groups it stands in.
 * @param {string} root the folder of the repository
 * @param {string} path below it
 * @returns {{ groups: string[], title: string }[]}
 */
export function testTitles(root, path) {
  const { program, errors } = parseSync(path, readFileSync(join(root, path), 'utf8'), {
    lang: 'ts',
    sourceType: 'module',
  });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  return [...titles(program, [])];
}

/** Files of a folder by a pattern, as paths from the root. */
export function testFiles(root, folder, pattern) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => `${folder}/${name}`);
}

function* titles(node, groups) {
  const kind = node.type === 'CallExpression' ? kindOf(node.callee) : undefined;
  const title = kind && textOf(node.arguments[0]);
  if (kind === 'it' && title !== undefined) {
    yield { groups, title };
    return;
  }
  const inner = kind === 'describe' && title !== undefined ? [...groups, title] : groups;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') yield* titles(child, inner);
    }
  }
}

/** `describe`, `it`, or these with `.each(...)`. */
function kindOf(callee) {
  if (callee.type === 'Identifier') return ['describe', 'it'].includes(callee.name) ? callee.name : undefined;
  if (callee.type === 'CallExpression') return kindOf(callee.callee);
  if (callee.type === 'MemberExpression' && callee.property.name === 'each') return kindOf(callee.object);
  return undefined;
}

function textOf(node) {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type !== 'TemplateLiteral') return undefined;
  return node.quasis.map((part) => part.value.cooked).join('…');
}
