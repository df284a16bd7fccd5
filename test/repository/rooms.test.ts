import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPage } from './markdown.ts';
import { AUTH_ROOMS, EVERYWHERE, NODE_ONLY, SERVER_ROOMS } from './rooms.ts';
import type { Import } from './syntax.ts';
import { findCycles, imports, resolveOwn } from './syntax.ts';
import { exists, FILES, isTest, isTypeScript, SOURCES } from './tree.ts';

const AUTH = 'packages/auth/src/';
const SERVER = 'packages/server/src/';

/** The folder; files that lie in none are the front door. */
const roomOf = (path: string, base: string) =>
  path.slice(base.length).includes('/') ? path.slice(base.length).split('/')[0]! : 'auth.ts';

const authSources = SOURCES.filter((path) => path.startsWith(AUTH));
const serverSources = SOURCES.filter((path) => path.startsWith(SERVER));

function strangers(
  sources: readonly string[],
  base: string,
  rooms: Readonly<Record<string, readonly string[]>>,
) {
  return sources.flatMap((path) => {
    const room = roomOf(path, base);
    return imports(path)
      .filter((entry) => entry.target?.startsWith(base))
      .filter((entry) => {
        const other = roomOf(entry.target!, base);
        return other !== room && !rooms[room]?.includes(other);
      })
      .map((entry) => `${path}:${entry.line}: ${room} may not import ${entry.specifier}`);
  });
}

describe('rooms', () => {
  it('are all in the table', () => {
    const real = (sources: readonly string[], base: string) => [
      ...new Set(sources.map((path) => roomOf(path, base))),
    ];
    expect(real(authSources, AUTH).filter((room) => !(room in AUTH_ROOMS))).toEqual([]);
    expect(real(serverSources, SERVER).filter((room) => !(room in SERVER_ROOMS))).toEqual([]);
  });

  it('of the library import only the rooms that the table allows', () => {
    expect(authSources.length).toBeGreaterThan(0);
    expect(strangers(authSources, AUTH, AUTH_ROOMS)).toEqual([]);
  });

  it('of the program import only the rooms that the table allows', () => {
    expect(serverSources.length).toBeGreaterThan(0);
    expect(strangers(serverSources, SERVER, SERVER_ROOMS)).toEqual([]);
  });

  it('are told in ARCHITECTURE.md as they are held here, those that are there and no others', () => {
    const rows = readPage('ARCHITECTURE.md').prose.flatMap((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      const name = /^`([\w.-]+)\/?`$/.exec(cells[1] ?? '')?.[1];
      return cells.length === 5 && name ? [{ name, may: cells[3]! }] : [];
    });
    const tables: readonly [Readonly<Record<string, readonly string[]>>, string][] = [
      [AUTH_ROOMS, AUTH],
      [SERVER_ROOMS, SERVER],
    ];
    const isThere = (base: string) => (room: string) => SOURCES.some((path) => roomOf(path, base) === room);
    for (const [table, base] of tables) {
      const names = Object.keys(table).filter(isThere(base));
      const held = names.map((name) => [name, table[name]!.filter(isThere(base))]);
      const told = names.map((name) => {
        const may = rows.find((row) => row.name === name)?.may ?? 'is not told';
        if (may === 'every room above') return [name, names.slice(0, names.indexOf(name))];
        return [name, [...may.matchAll(/`([\w-]+)`/g)].map((match) => match[1]!)];
      });
      expect(told).toEqual(held);
    }
    const known = [
      ...Object.keys(AUTH_ROOMS).filter(isThere(AUTH)),
      ...Object.keys(SERVER_ROOMS).filter(isThere(SERVER)),
    ];
    expect(rows.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('have a table without a cycle', () => {
    for (const table of [AUTH_ROOMS, SERVER_ROOMS]) {
      const graph = new Map(Object.entries(table).map(([room, may]) => [room, new Set(may)]));
      expect(findCycles(graph)).toEqual([]);
    }
  });
});

describe('imports', () => {
  const all = FILES.filter(isTypeScript).flatMap((path) => imports(path));

  it('lead to a file that exists', () => {
    const lost = all.filter((entry) => {
      const target = resolveOwn(entry);
      return target !== undefined && !exists(target);
    });
    expect(lost.map((entry) => `${entry.from}:${entry.line} ${entry.specifier}`)).toEqual([]);
  });

  it('make no cycle of files', () => {
    const graph = new Map(
      SOURCES.map((path) => [
        path,
        new Set(
          imports(path)
            .flatMap((entry) => resolveOwn(entry) ?? [])
            .filter((target) => target !== path),
        ),
      ]),
    );
    expect(findCycles(graph)).toEqual([]);
  });

  it('make no cycle of folders', () => {
    const graph = new Map<string, Set<string>>();
    for (const path of SOURCES) {
      const folder = posix.dirname(path);
      const others = graph.get(folder) ?? new Set();
      graph.set(folder, others);
      for (const entry of imports(path)) {
        const target = resolveOwn(entry);
        if (target && posix.dirname(target) !== folder) others.add(posix.dirname(target));
      }
    }
    expect(findCycles(graph)).toEqual([]);
  });

  it('never lead from the library out of it, but for tests to the servers and clients of e2e, and to stand-ins', () => {
    const realParts = (entry: Import) =>
      isTest(entry.from) && /^(e2e\/(servers|clients)|testing)\//.test(entry.target ?? '');
    const wrong = all.filter(
      (entry) =>
        entry.from.startsWith('packages/auth/') &&
        (/^portcullis(\/|$)/.test(entry.specifier) ||
          (entry.target && !entry.target.startsWith('packages/auth/') && !realParts(entry))),
    );
    expect(wrong.map((entry) => `${entry.from}:${entry.line} ${entry.specifier}`)).toEqual([]);
  });

  it('of the program, examples and benchmarks reach the library through published subpaths only', () => {
    const users = /^(packages\/server|examples|bench)\//;
    const wrong = all.filter((entry) => users.test(entry.from) && entry.target?.startsWith('packages/auth/'));
    expect(wrong.map((entry) => `${entry.from}:${entry.line} ${entry.specifier}`)).toEqual([]);
    const published = all.filter(
      (entry) => users.test(entry.from) && entry.specifier.startsWith('@portcullis/auth'),
    );
    const unpublished = published.filter((entry) =>
      /\.(test|contract)$|\.ts$|\/dist\//.test(entry.specifier),
    );
    expect(unpublished.map((entry) => `${entry.from}:${entry.line} ${entry.specifier}`)).toEqual([]);
  });
});

describe('what the library needs of its runtime', () => {
  const rules = NODE_ONLY.map(
    (pattern) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[a-z-]+')}$`),
  );
  const needsNode = (path: string) =>
    imports(path).filter(({ specifier }) => specifier.startsWith('node:') && !EVERYWHERE.includes(specifier));

  it('is web standards and node:crypto, but for the files named in rooms.ts', () => {
    const others = authSources.filter((path) => !rules.some((rule) => rule.test(path)));
    expect(
      others.flatMap(needsNode).map((entry) => `${entry.from}:${entry.line} ${entry.specifier}`),
    ).toEqual([]);
  });

  it('has no name in that list without a file that needs Node', () => {
    const idle = rules.filter(
      (rule) => !authSources.some((path) => rule.test(path) && needsNode(path).length > 0),
    );
    expect(idle.map(String)).toEqual([]);
  });
});
