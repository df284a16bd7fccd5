import { describe, expect, it } from 'vitest';
import { viewRequest } from './request-view.ts';

describe('a request as a gate sees it', () => {
  it('has method, target, headers and peer', () => {
    const view = viewRequest(
      new Request('https://h.example:8443/mcp?a=b', { method: 'DELETE', headers: { 'X-A': '1' } }),
      '192.0.2.1',
    );
    expect([view.method, view.target, view.peerAddress]).toEqual(['DELETE', '/mcp?a=b', '192.0.2.1']);
    expect([
      view.header('x-a'),
      view.headerCount('x-a'),
      view.header('x-b'),
      view.headerCount('x-b'),
    ]).toEqual(['1', 1, null, 0]);
  });

  it('takes the host of the URL where the runtime has no Host header, and the header where there is one', () => {
    expect(viewRequest(new Request('https://h.example:8443/')).header('host')).toBe('h.example:8443');
    expect(
      viewRequest(new Request('https://h.example/', { headers: { host: 'other.example' } })).header('host'),
    ).toBe('other.example');
  });
});
