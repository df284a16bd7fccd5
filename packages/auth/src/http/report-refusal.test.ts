import { describe, expect, it } from 'vitest';
import type { AuthEvent } from '../core/events.ts';
import { systemRandom } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';
import { causeOf, reportRefusal } from './report-refusal.ts';

function report(error: unknown) {
  const events: AuthEvent[] = [];
  const reported = reportRefusal(error, 'token', {
    random: systemRandom,
    onEvent: (event) => void events.push(event),
  });
  return { ...reported, events };
}

describe('reporting a refusal', () => {
  it('tells once where and why, under the id that goes into the answer', () => {
    const error = new Refusal('grant.scope', { requested: ['a'] });
    const { refusal, incident, events } = report(error);
    expect(refusal).toBe(error);
    expect(incident).toMatch(/^[0-9a-z]{10}$/);
    expect(events).toEqual([
      {
        type: 'request.refused',
        at: 'token',
        incident,
        reason: 'grant.scope',
        detail: { requested: ['a'] },
        cause: undefined,
      },
    ]);
    expect(report(error).incident).not.toBe(incident);
  });

  it('takes anything else for a fault of ours', () => {
    const fault = new TypeError('x is not a function');
    const { refusal, events } = report(fault);
    expect(refusal.reason).toBe('internal.fault');
    expect(refusal.cause).toBe(fault);
    expect(events).toMatchObject([{ reason: 'internal.fault', cause: fault.stack }]);
  });

  it('gives the stack of a fault of ours, and one line of any other cause', () => {
    const cause = new Error('no route');
    expect(causeOf(new Refusal('store.unavailable', {}, { cause }))).toBe('Error: no route');
    expect(causeOf(new Refusal('store.unavailable', {}, { cause: 'text' }))).toBe('text');
    expect(causeOf(new Refusal('internal.fault', {}, { cause }))).toBe(cause.stack);
    expect(causeOf(new Refusal('store.unavailable'))).toBeUndefined();
  });
});
