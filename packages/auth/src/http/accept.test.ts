import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefersPage } from './accept.ts';

describe('prefersPage', () => {
  it.each([
    'text/html',
    'TEXT/HTML',
    'text/html;charset=utf-8',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'application/json;q=0.5, text/html;q=0.6',
    'application/json;q=0, text/html;q=0.001',
    'text/*, application/json;q=0.9',
    '*/*, application/json;q=0.1',
    'text/html, text/event-stream;q=0',
  ])('says yes to %s', (accept) => expect(prefersPage(accept)).toBe(true));

  it.each([
    null,
    '',
    '*/*',
    'application/json',
    'text/html;q=0',
    'text/html;q=0, */*',
    'text/html, application/json',
    'text/html, */*',
    'application/json;q=0.9, text/html;q=0.8',
    'text/event-stream',
    'application/json, text/event-stream',
    'text/html, text/event-stream',
    'text/html, text/event-stream;q=0.1',
    'text/htmlx',
    'html',
    ';q=1',
    `text/html${' '.repeat(1000)}`,
  ])('says no to %s', (accept) => expect(prefersPage(accept)).toBe(false));

  it('compares qualities, in whatever order they stand', () => {
    const quality = fc.integer({ min: 0, max: 1000 }).map((thousandth) => thousandth / 1000);
    fc.assert(
      fc.property(quality, quality, fc.boolean(), (page, json, turned) => {
        const ranges = [`text/html;q=${page}`, `application/json; q=${json}`];
        expect(prefersPage((turned ? ranges.reverse() : ranges).join(', '))).toBe(page > json);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads anything without a fault', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (accept) => {
        expect(typeof prefersPage(accept)).toBe('boolean');
      }),
      { numRuns: 1000 },
    );
  });
});
