import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { REFUSALS, type RefusalReason } from '../core/refusal-reasons.ts';
import { refusalAtGate } from './refusal-at-gate.ts';

const context = {
  resourceMetadataUrl: 'https://h/.well-known/oauth-protected-resource/mcp',
  scopes: ['mcp:read'],
};

describe('a refusal of a resource', () => {
  it.each(Object.keys(REFUSALS) as RefusalReason[])(
    '[E2][S4] %s is what the standards say, and reveals nothing',
    (reason) => {
      const refusal = new Refusal(reason, { seen: 'secret' }, { cause: new Error('secret') });
      const { status, headers, body } = refusalAtGate(refusal, 'abc123', context);
      const row = REFUSALS[reason];
      expect([status, JSON.parse(body).error, headers['x-incident-id'], headers['cache-control']]).toEqual([
        row.status,
        row.error,
        'abc123',
        'no-store',
      ]);
      expect(headers['www-authenticate'] !== undefined).toBe(
        status === 401 || row.error === 'insufficient_scope',
      );
      expect(headers['retry-after'] !== undefined).toBe(status === 503 || status === 429);
      expect(JSON.stringify({ headers, body })).not.toContain('secret');
    },
  );

  it('[RS-6] names no error when no credentials came', () => {
    expect(
      refusalAtGate(new Refusal('token.absent'), 'i', context).headers['www-authenticate'],
    ).not.toContain('error');
    expect(refusalAtGate(new Refusal('token.expired'), 'i', context).headers['www-authenticate']).toContain(
      'error="invalid_token"',
    );
  });

  it('lets a page of a refused origin read nothing', () => {
    expect(
      refusalAtGate(new Refusal('request.origin'), 'i', { ...context, origin: 'https://evil.example' })
        .headers,
    ).not.toHaveProperty('access-control-allow-origin');
  });
});
