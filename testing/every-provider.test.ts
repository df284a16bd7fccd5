import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const names = readdirSync(new URL('providers', import.meta.url));
const standIns = names.flatMap((name) => {
  const start = /^export async function (start\w+)/m.exec(read(`providers/${name}`))?.[1];
  return start === undefined ? [] : [{ name, start }];
});

describe('the table of stand-ins', () => {
  it.each(standIns)('starts $name', ({ start }) => {
    expect(read('every-provider.ts')).toMatch(new RegExp(`^ {4}start: .*\\b${start}\\b`, 'm'));
  });

  it('has stand-ins that each have a test of their own', () => {
    expect(standIns.length).toBeGreaterThan(15);
    const untested = standIns.filter(({ name }) => !names.includes(name.replace('.ts', '.test.ts')));
    expect(untested).toEqual([]);
  });
});
