import { describe, expect, it } from 'vitest';
import type { AuthEvent } from '../../core/events.ts';
import { systemRandom } from '../../core/random.ts';
import { Refusal } from '../../core/refusal.ts';
import { REFUSALS, type RefusalReason } from '../../core/refusal-reasons.ts';
import type { IssuerContext } from '../context/issuer-context.ts';
import { errorRedirect } from './error-redirect.ts';

const events: AuthEvent[] = [];
const context = {
  issuer: 'https://h.example',
  random: systemRandom,
  onEvent: (event: AuthEvent) => events.push(event),
} as unknown as IssuerContext;
const target = { redirectUri: 'https://app.example.com/cb?own=1', state: 's' };

describe('an error for a proven address', () => {
  it.each(Object.keys(REFUSALS) as RefusalReason[])(
    '[AS-6][PX-11] %s goes there in our words, unless only we could mend it',
    (reason) => {
      const error = new Refusal(reason, { seen: 'secret' }, { cause: new Error('secret') });
      if (REFUSALS[reason].status === 503) {
        expect(() => errorRedirect(context, error, 'here', target)).toThrow(error);
        return;
      }
      const url = new URL(errorRedirect(context, error, 'here', target));
      expect(Object.fromEntries(url.searchParams)).toMatchObject({
        own: '1',
        error: REFUSALS[reason].error,
        state: 's',
        iss: 'https://h.example',
      });
      expect(url.href).not.toContain('secret');
      const incident = /incident (\w+)/.exec(url.searchParams.get('error_description')!)![1];
      expect(events.at(-1)).toMatchObject({
        type: 'request.refused',
        at: 'here',
        reason,
        incident,
        detail: { seen: 'secret' },
      });
    },
  );

  it('is thrown on when it is no refusal', () => {
    const fault = new TypeError('ours');
    expect(() => errorRedirect(context, fault, 'here', target)).toThrow(fault);
  });
});
