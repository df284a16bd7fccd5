import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { followReferences } from './reference.ts';
import type { Raw } from './row.ts';

const context = {
  folder: '/etc/p',
  files: memoryFiles({ '/etc/p/secret': 's3cret\n', '/etc/p/empty': '\n', '/etc/p/ref': 'env:NAME' }),
  environment: { NAME: 'value', EMPTY: '', QUOTED: '"v"', CHAIN: 'file:secret' },
};
const follow = (raw: Raw) => followReferences(raw, context);

describe('followReferences', () => {
  it('leaves what is no reference', () => {
    for (const raw of ['x', '', 'environment:x', 'x env:NAME', ['a']] as Raw[])
      expect(follow(raw)).toEqual({ raw, references: [], wrong: [] });
  });

  it('follows them in values, lists and maps', () => {
    expect(follow([{ secret: 'file:secret', id: 'env:NAME', n: 'x' }])).toEqual({
      raw: [{ secret: 's3cret', id: 'value', n: 'x' }],
      references: ['file:secret', 'env:NAME'],
      wrong: [],
    });
  });

  it('follows none twice', () => {
    expect(follow('env:CHAIN')).toMatchObject({ raw: 'file:secret' });
    expect(follow('file:ref')).toMatchObject({ raw: 'env:NAME' });
  });

  it.each([
    ['env:NOPE', 'NOPE'],
    ['env:EMPTY', 'EMPTY'],
    ['env:QUOTED', 'QUOTED, which has quotes around its value'],
    ['env:toString', 'toString'],
    ['env:', 'nothing'],
    ['file:nope', '/etc/p/nope, which can not be read (ENOENT)'],
    ['file:empty', 'empty file'],
  ])('%s is a problem that says where it led', (raw, words) => {
    expect(follow(raw).wrong).toMatchObject([{ fault: expect.stringContaining(words) }]);
  });

  it('names the member of each that leads nowhere', () => {
    const { wrong } = follow([{ secret: 'env:NOPE' }, 'x', 'file:nope']);
    expect(wrong.map(({ fault }) => fault.slice(0, 30))).toEqual([
      'is wrong at 1.secret: it refer',
      'is wrong at 3: it refers to th',
    ]);
    const tokens = followReferences({ hunter2: 'env:NOPE' }, context, true);
    expect(JSON.stringify(tokens.wrong)).not.toContain('hunter2');
  });

  it('bounds what a file may hold', () => {
    const files = memoryFiles({ '/etc/p/huge': 'x'.repeat(1_048_577) });
    expect(followReferences('file:huge', { ...context, files }).wrong).toMatchObject([
      { fault: expect.stringContaining('too large') },
    ]);
  });
});
