import { describe, expect, it } from 'vitest';
import { corsHeaders, preflight } from './cors.ts';

describe('what scripts of other origins may do', () => {
  it('[RS-23] is to read answers, challenges included, without credentials', () => {
    expect(corsHeaders()).toEqual({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'WWW-Authenticate, Mcp-Session-Id, Retry-After',
    });
    expect(corsHeaders('https://a.example')).toMatchObject({
      'access-control-allow-origin': 'https://a.example',
      vary: 'Origin',
    });
    expect(JSON.stringify([corsHeaders(), corsHeaders('https://a.example')])).not.toContain('credentials');
  });

  it('[RS-23] is asked for first, and answered before any authorization', () => {
    const { status, headers } = preflight(['GET', 'POST']);
    expect(status).toBe(204);
    expect(headers['access-control-allow-methods']).toBe('GET, POST, OPTIONS');
    for (const name of ['Authorization', 'Content-Type', 'MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name'])
      expect(headers['access-control-allow-headers']).toContain(name);
  });
});
