import { describe, expect, it } from 'vitest';
import { HOST, HTTPS_URL, SEGMENT, UUID, WEB_URL } from './preset-patterns.ts';

describe('forms of values', () => {
  it.each([
    [
      HOST,
      ['a.example', 'a', 'a.example:8443'],
      ['https://a.example', 'a.example/', 'a b', '-a', 'a@b', 'a?', ''],
    ],
    [
      HTTPS_URL,
      ['https://a.example', 'https://a.example/b'],
      ['http://a.example', 'https://a.example/', 'https://a?b', 'x'],
    ],
    [
      WEB_URL,
      ['http://a.example/b', 'https://a.example'],
      ['ftp://a', 'http://a/', 'http://a#b', ' http://a'],
    ],
    [SEGMENT, ['a', 'B2C_1_x', 'a.b~c-d'], ['', '.', '..', 'a/b', 'a%2f', 'a?b', 'a b']],
    [UUID, ['8eaef023-2b34-4da1-9baa-8bc8c9d6a490'], ['8eaef023', '8EAEF023-2b34-4da1-9baa-8bc8c9d6a490x']],
  ])('%s', (pattern, right, wrong) => {
    for (const value of right) expect(value).toMatch(pattern);
    for (const value of wrong) expect(value).not.toMatch(pattern);
  });
});
