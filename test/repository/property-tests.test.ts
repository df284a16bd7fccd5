import { describe, expect, it } from 'vitest';
import { exists, read, SOURCES } from './tree.ts';

/** What reads a text that others wrote is called `parse…`: that name is a promise to this test. */
const PARSER = /export (?:async )?function (parse[A-Z]\w*)/g;

describe('parsers', () => {
  it('each have a property test beside them', () => {
    const parsers = SOURCES.flatMap((path) =>
      [...read(path).matchAll(PARSER)].map(([, name]) => ({ path, name })),
    );
    expect(parsers.length).toBeGreaterThan(20);
    const without = parsers.filter(({ path }) => {
      const test = path.replace(/\.ts$/, '.test.ts');
      return !exists(test) || !/fc\.(?:async)?[pP]roperty\(/.test(read(test));
    });
    expect(without.map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
  });
});
