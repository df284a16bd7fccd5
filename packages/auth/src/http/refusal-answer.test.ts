import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { REFUSALS, type RefusalReason } from '../core/refusal-reasons.ts';
import { refusalAsJson, refusalAsPage } from './refusal-answer.ts';
import { whatToDo } from './remedies.ts';

const reasons = Object.keys(REFUSALS) as RefusalReason[];
const SECRET = 'what only the log may know';

describe('a refusal on the wire', () => {
  it.each(reasons)(
    '[E1][E2] %s is a code and a text with the incident for a program, and a page with a next step for a person',
    (reason) => {
      const refusal = new Refusal(reason, { seen: SECRET, allow: 'GET' }, { cause: new Error(SECRET) });
      const json = refusalAsJson(refusal, 'abc123');
      const page = refusalAsPage(refusal, 'abc123');
      if (json.kind !== 'json' || page.kind !== 'page') throw new Error('wrong kind');
      expect(json.status).toBe(REFUSALS[reason].status);
      expect(json.body).toEqual({
        error: expect.stringMatching(/^[a-z_]+$/),
        error_description: expect.stringContaining('(incident abc123)'),
      });
      expect(page.page.html).toContain('abc123');
      expect(whatToDo(refusal).length).toBeGreaterThan(0);
      expect(JSON.stringify([json, page])).not.toContain(SECRET);
      for (const { headers } of [json, page]) {
        expect(headers?.['x-incident-id']).toBe('abc123');
        if (json.status === 503 || json.status === 429) expect(headers?.['retry-after']).toBe('5');
        if (json.status === 405) expect(headers?.allow).toBe('GET');
      }
    },
  );

  it('asks a program for credentials where it has none, and a person never', () => {
    const refusal = new Refusal('client.unknown');
    const json = refusalAsJson(refusal, 'i');
    const page = refusalAsPage(refusal, 'i');
    expect(json).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringMatching(/^Basic /) },
    });
    expect(page).toMatchObject({ page: { status: 400 } });
    expect('headers' in page && page.headers?.['www-authenticate']).toBe(undefined);
  });

  it('[S4] says when to come back', () => {
    expect(refusalAsJson(new Refusal('store.unavailable', {}, { retryAfterSeconds: 9 }), 'i')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '9' },
      body: { error: 'temporarily_unavailable' },
    });
  });
});
