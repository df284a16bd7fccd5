import { describe, expect, it } from 'vitest';
import { problemList } from './problem-list.ts';

const problem = {
  setting: 'port',
  source: 'portcullis.yaml:3',
  message: '"80a" is not a whole number.',
  remedy: 'Write a whole number.',
};
const list = (...problems: (typeof problem)[]) => problemList(problems, { colour: false, width: 60 });

describe('problemList', () => {
  it('says which setting, where, what and what to do', () => {
    expect(list(problem)).toBe(
      'portcullis can not start: one problem with the settings.\n\n' +
        '  port  (portcullis.yaml:3)\n    "80a" is not a whole number.\n    → Write a whole number.\n\n',
    );
  });

  it('says the place once where it is the name', () => {
    expect(list({ ...problem, setting: '--port', source: '--port' })).toContain('\n  --port\n');
    expect(list({ ...problem, setting: 'portcullis.yaml' })).toContain('\n  portcullis.yaml:3\n');
  });

  it('keeps lines within the terminal', () => {
    const words = Array(40).fill('word').join(' ');
    const lines = list({ ...problem, message: words, remedy: words }, problem).split('\n');
    expect(lines[0]).toContain('2 problems');
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
  });

  it('lets nothing that was written move the cursor', () => {
    const text = list({ setting: 'a\u001b[2J', source: 'b\r', message: 'c\u202e', remedy: 'd\u0007' });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
