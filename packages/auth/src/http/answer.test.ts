import { describe, expect, it } from 'vitest';
import { toResponse } from '../core/plain-response.ts';
import { respond as respondPlainly } from './answer.ts';
import type { Answer } from './route.ts';

const respond = (answer: Answer, cors: boolean) => toResponse(respondPlainly(answer, cors));

describe('an answer as a response', () => {
  it('is kept by no cache unless it says so itself', async () => {
    const json = respond({ kind: 'json', status: 201, body: { a: 1 } }, true);
    expect([
      json.status,
      json.headers.get('cache-control'),
      json.headers.get('access-control-allow-origin'),
      await json.json(),
    ]).toEqual([201, 'no-store', '*', { a: 1 }]);
    const kept = respond(
      { kind: 'json', status: 200, body: {}, headers: { 'cache-control': 'public, max-age=300' } },
      false,
    );
    expect([kept.headers.get('cache-control'), kept.headers.get('access-control-allow-origin')]).toEqual([
      'public, max-age=300',
      null,
    ]);
    const empty = respond({ kind: 'empty', status: 200, headers: { 'x-a': 'b' } }, false);
    expect([empty.headers.get('x-a'), await empty.text()]).toEqual(['b', '']);
  });

  it('[AS-18] redirects by 303, tells no referrer, and sets each cookie on a line of its own', () => {
    const { status, headers } = respond(
      { kind: 'redirect', url: 'https://app.example.com/cb?code=1', cookies: ['a=1', 'b=2'] },
      false,
    );
    expect([status, headers.get('location'), headers.get('referrer-policy'), headers.getSetCookie()]).toEqual(
      [303, 'https://app.example.com/cb?code=1', 'no-referrer', ['a=1', 'b=2']],
    );
  });

  it('[G11] sends a page with the policy of pages and the headers it brings', async () => {
    const response = respond(
      {
        kind: 'page',
        page: { status: 403, html: '<p>x' },
        cookies: ['a=1'],
        headers: { 'retry-after': '7' },
      },
      false,
    );
    expect([
      response.status,
      response.headers.get('retry-after'),
      response.headers.get('x-frame-options'),
      await response.text(),
    ]).toEqual([403, '7', 'DENY', '<p>x']);
    expect(response.headers.getSetCookie()).toEqual(['a=1']);
  });
});
