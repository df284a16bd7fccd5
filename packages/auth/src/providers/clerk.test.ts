import { describe, expect, it } from 'vitest';
import { clerk } from './clerk.ts';
import { presetInput } from './preset-input.ts';
import { proxyOptions } from './preset-options.ts';

const resource = 'https://mcp.example.com/mcp';

describe('Clerk', () => {
  it('is found by discovery, and asked for a refresh token', () => {
    const values = { resource, clientId: 'id', options: { domain: 'verb-noun-00.clerk.accounts.dev' } };
    expect(proxyOptions(clerk, presetInput(clerk, 'proxy', values))).toEqual({
      title: 'Clerk',
      clientId: 'id',
      issuer: 'https://verb-noun-00.clerk.accounts.dev',
      scopes: ['openid', 'profile', 'email', 'offline_access'],
    });
  });
});
