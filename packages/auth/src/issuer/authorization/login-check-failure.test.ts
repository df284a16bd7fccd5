import { describe, expect, it } from 'vitest';
import { Refusal } from '../../core/refusal.ts';
import { REFUSALS, type RefusalReason } from '../../core/refusal-reasons.ts';
import { describeFailure } from './login-check-failure.ts';

describe('a failed login check, in words', () => {
  it.each(Object.keys(REFUSALS) as RefusalReason[])('has a step, a reason and a remedy for %s', (reason) => {
    const detail = { seen: 'internal-detail', why: 'internal-detail', expected: 'internal-detail' };
    const { title, step, why, whatToDo, providerSaid } = describeFailure(
      new Refusal(reason, detail),
      undefined,
    );
    for (const text of [title, step, why, ...whatToDo]) expect(text).toMatch(/^[A-Z].{8,}$/);
    expect(whatToDo.length).toBeGreaterThan(0);
    expect(providerSaid).toBeUndefined();
    expect(JSON.stringify([step, why, whatToDo])).not.toContain('internal-detail');
  });

  it('tells what the provider said, where it was the provider', () => {
    const detail = { error: 'invalid_client', description: 'Unknown client.', operation: 'code-exchange' };
    const said = (reason: RefusalReason, over = {}) =>
      describeFailure(new Refusal(reason, { ...detail, ...over }), 'Corp').providerSaid;
    expect(said('sign-in.provider-misconfigured')).toBe('invalid_client: Unknown client.');
    expect(said('sign-in.provider-misconfigured', { description: undefined })).toBe('invalid_client');
    expect(said('sign-in.provider-misconfigured', { error: {}, description: 3 })).toBeUndefined();
    expect(said('internal.fault')).toBeUndefined();
  });

  it('names the provider of the step', () => {
    const refusal = new Refusal('sign-in.provider-unavailable', { operation: 'userinfo' });
    expect(describeFailure(refusal, 'Corp').step).toBe('Asking Corp who you are');
    expect(describeFailure(refusal, undefined).step).toBe('Asking the identity provider who you are');
    const odd = new Refusal('sign-in.provider-unavailable', { operation: '__proto__' });
    expect(describeFailure(odd, 'Corp').step).toBe('Signing in at Corp');
  });
});
