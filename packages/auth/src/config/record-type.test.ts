import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { membersBelow, recordOf } from './record-type.ts';
import { optionalSetting, type Raw, section, setting } from './row.ts';
import { text, wholeNumber } from './value-types.ts';

const words = { description: 'D.', example: 'e', wrong: 'W.' };
const rows = section('S', {
  'thing.name': optionalSetting({ ...words, type: text() }),
  'thing.key': optionalSetting({ ...words, type: text(), secret: true }),
  'thing.limits.most': setting({ ...words, type: wholeNumber({ min: 1, max: 9 }), default: 5 }),
  other: optionalSetting({ ...words, type: text() }),
});
const members = membersBelow('thing', rows);
const type = recordOf(members, 'record');
const read = (raw: Raw) => type.read(raw, { folder: '/', files: memoryFiles() });

describe('a record of settings', () => {
  it('has the rows below a name, without it', () => {
    expect(Object.keys(members)).toEqual(['name', 'key', 'limits.most']);
  });

  it('reads each member as its row says, with defaults for the others', () => {
    expect(read({ name: 'n', limits: { most: '7' } })).toEqual({
      value: { name: 'n', key: undefined, limits: { most: 7 } },
    });
    expect(read('{"limits.most": 2}')).toEqual({
      value: { name: undefined, key: undefined, limits: { most: 2 } },
    });
  });

  it.each([
    ['text', 'has another form'],
    [['a'], 'has another form'],
    [{ limits: { most: '10' } }, 'is wrong at limits.most: it is out of range'],
    [{ nam: 'x' }, 'has a member of no such name: nam'],
    [{ limits: { least: '1' } }, 'has a member of no such name: limits.least'],
    [{ name: { most: '1' } }, 'is wrong at name: it is not a single value'],
    [{ __proto__x: 'x' }, 'has a member of no such name: __proto__x'],
  ] as [Raw, string][])('refuses %j', (raw, fault) => {
    expect(read(raw)).toMatchObject({ fault });
  });

  it('says which name was meant', () => {
    expect(read({ nam: 'x' })).toMatchObject({ remedy: 'Did you mean name?' });
  });

  it('shows no secret', () => {
    const { value } = read({ name: 'n', key: 'hidden' }) as {
      value: Parameters<NonNullable<typeof type.show>>[0];
    };
    expect(type.show?.(value)).toEqual({ name: 'n', key: '********' });
    expect(type.show?.({ ...value, limits: { most: 6 } })).toMatchObject({ limits: { most: 6 } });
  });

  it('never fails otherwise than by saying so, and changes no prototype', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.dictionary(fc.string(), fc.string()))),
        (raw) => {
          const reading = read(raw);
          expect('fault' in reading || 'value' in reading).toBe(true);
          expect(Object.keys(Object.prototype)).toEqual([]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
