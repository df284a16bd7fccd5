import { describe, expect, it } from 'vitest';
import { authInfoOf } from './sdk-auth-info.ts';

describe('what a tool learns of its caller', () => {
  it('[RS-16][G5] is everything but the token', () => {
    const caller = {
      identity: { issuer: 'i', subject: 's' },
      clientId: 'c',
      scopes: ['mcp:read'],
      resource: 'https://h.example/mcp',
      expiresAt: 7,
    };
    const info = authInfoOf(caller);
    expect(info).toEqual({
      token: '',
      clientId: 'c',
      scopes: ['mcp:read'],
      expiresAt: 7,
      resource: new URL('https://h.example/mcp'),
      extra: { caller },
    });
    info.scopes.push('mcp:admin');
    expect(caller.scopes).toEqual(['mcp:read']);
  });
});
