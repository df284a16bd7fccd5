import { describe, expect, it } from 'vitest';
import { toResponse } from './plain-response.ts';

describe('a plain answer as a web response', () => {
  it('says the same, each cookie on a line of its own', async () => {
    const headers = { 'content-type': 'application/json', 'x-a': 'b' };
    const response = toResponse({ status: 201, headers, cookies: ['a=1', 'b=2'], body: '{}' });
    expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([201, 'b', '{}']);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('has no body, and no type of one, where there is none', () => {
    const response = toResponse({ status: 204, headers: {}, body: '' });
    expect([response.status, response.body, response.headers.get('content-type')]).toEqual([204, null, null]);
  });
});
