import { describe, expect, it } from 'vitest';
import { login, openHouse, PUBLIC_URL } from '../auth.contract.ts';
import { Refusal } from '../core/refusal.ts';
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

  it('[G6] ends a stream when its session is revoked', async () => {
    const { first } = await openHouse();
    const { tokens, clientId } = await login(first);
    const fetch = async () =>
      new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } });
    const handler = protectMcp(first.auth, { fetch }, { streamCheckSeconds: 0.05 });
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const reader = (await handler(new Request(`${PUBLIC_URL}/mcp`, { headers })))!.body!.getReader();
    await first.form('/revoke', { token: tokens.refresh_token, client_id: clientId });
    expect((await reader.read()).done).toBe(true);
  });

  it('[E2] is answered for as the gate would, when it came to a refusal', async () => {
    const { first } = await openHouse();
    const { tokens } = await login(first);
    const faults = [
      new Refusal('token.session-ended'),
      new Refusal('sign-in.provider-unavailable'),
      new Error('fault'),
    ];
    const handler = protectMcp(first.auth, { fetch: () => Promise.reject(faults.shift()) });
    const headers = { authorization: `Bearer ${tokens.access_token}`, origin: PUBLIC_URL };
    const seen = [];
    for (let i = 0; i < 3; i += 1) {
      const { status, headers: given } = (await handler(new Request(`${PUBLIC_URL}/mcp`, { headers })))!;
      const names = ['www-authenticate', 'retry-after', 'access-control-allow-origin'];
      seen.push([status, ...names.map((name) => given.get(name)?.split(' ')[0])]);
    }
    expect(seen).toEqual([
      [401, 'Bearer', undefined, PUBLIC_URL],
      [503, undefined, '5', PUBLIC_URL],
      [503, undefined, '5', PUBLIC_URL],
    ]);
  });
});
