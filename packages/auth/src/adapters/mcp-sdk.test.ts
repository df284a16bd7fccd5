import { describe, expect, it } from 'vitest';
import { login, openHouse, PUBLIC_URL } from '../auth.contract.ts';
import { protectMcp } from './mcp-sdk.ts';

describe('a web-standard handler behind the gate', () => {
  it('is reached with a good token alone, and learns who calls', async () => {
    const { first } = await openHouse();
    const { tokens } = await login(first);
    const seen: unknown[] = [];
    const handler = protectMcp(first.auth, {
      async fetch(request, options) {
        seen.push(request.headers.get('authorization') && options?.authInfo);
        return new Response('hello', { status: 201, headers: { 'x-tool': 'yes' } });
      },
    });
    const ask = (url: string, headers: Record<string, string> = {}, method = 'POST') =>
      handler(new Request(url, { method, headers }));
    const refused = (await ask(`${PUBLIC_URL}/mcp`))!;
    expect([refused.status, refused.headers.get('www-authenticate')?.slice(0, 7), seen]).toEqual([
      401,
      'Bearer ',
      [],
    ]);
    const authorization = `Bearer ${tokens.access_token}`;
    const passed = (await ask(`${PUBLIC_URL}/mcp`, { authorization, origin: PUBLIC_URL }))!;
    expect([
      passed.status,
      await passed.text(),
      passed.headers.get('x-tool'),
      passed.headers.get('access-control-allow-origin'),
    ]).toEqual([201, 'hello', 'yes', PUBLIC_URL]);
    expect(seen).toEqual([
      expect.objectContaining({
        token: '',
        extra: {
          caller: expect.objectContaining({ identity: expect.objectContaining({ subject: 'alice' }) }),
        },
      }),
    ]);
    expect((await ask(`${PUBLIC_URL}/mcp`, { origin: PUBLIC_URL }, 'OPTIONS'))?.status).toBe(204);
    expect((await ask(`${PUBLIC_URL}/token`))?.status).toBe(415);
    expect(await ask(`${PUBLIC_URL}/elsewhere`)).toBeUndefined();
  });
});
