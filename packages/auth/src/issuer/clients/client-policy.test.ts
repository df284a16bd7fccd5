import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../core/operator-error.ts';
import { clientPolicy } from './client-policy.ts';

describe('what the operator allows', () => {
  it('is whatever was registered when nothing is said', () => {
    expect(clientPolicy({}).objection('any', 'https://app.example.com/cb')).toBeUndefined();
  });

  it('[AS-16] narrows redirect URIs, and a denial beats what allows', () => {
    const { objection } = clientPolicy({
      allowedRedirectUris: ['https://*.example.com', 'http://localhost:*'],
      deniedRedirectUris: ['https://bad.example.com'],
      deniedClients: ['banned'],
    });
    expect(objection('c', 'https://app.example.com/cb')).toBeUndefined();
    expect(objection('c', 'http://localhost:1234/cb')).toBeUndefined();
    expect(objection('c', 'https://bad.example.com/cb')).toMatchObject({
      reason: 'client.redirect-uri',
      detail: { deniedBy: 'https://bad.example.com' },
    });
    expect(objection('c', 'https://example.org/cb')?.reason).toBe('client.redirect-uri');
    expect(objection('c', 'cursor://x/cb')?.reason).toBe('client.redirect-uri');
    expect(objection('banned', 'https://app.example.com/cb')?.reason).toBe('client.denied');
  });

  it('lets nobody in when the list of what is allowed is empty', () => {
    expect(
      clientPolicy({ allowedRedirectUris: [] }).objection('c', 'https://app.example.com/cb'),
    ).toBeDefined();
  });

  it('[G1] stops the start for a pattern that is not understood: a rule that is skipped would be open', () => {
    for (const pattern of [
      '',
      '*',
      'https://*',
      'https://*.com',
      'http://app.example.com',
      'https://app.example.com/*/x',
      'not a pattern',
    ]) {
      expect(() => clientPolicy({ deniedRedirectUris: [pattern] })).toThrow(OperatorError);
      expect(() => clientPolicy({ allowedRedirectUris: ['https://a.example.com', pattern] })).toThrow(
        /redirectUris\.allow/,
      );
    }
  });
});
