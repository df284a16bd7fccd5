import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Caller } from '../core/identity.ts';
import { Refusal } from '../core/refusal.ts';
import { guardedResponse } from './guarded-response.ts';

const caller: Caller = {
  identity: { issuer: 'i', subject: 's' },
  clientId: 'c',
  scopes: [],
  resource: 'https://h.example/mcp',
  expiresAt: 7,
};
const admitted = { headers: {}, admit: () => caller };

/** A body that stays open, with what its writer learned. */
function openBody(contentType = 'text/event-stream; charset=utf-8') {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const state = { cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
    cancel() {
      state.cancelled = true;
    },
  });
  const write = (text: string) => controller.enqueue(new TextEncoder().encode(text));
  const response = new Response(stream, { headers: { 'content-type': contentType } });
  return { response, write, state, controller };
}

const textOf = (chunk: { value?: Uint8Array }) => new TextDecoder().decode(chunk.value);

describe('a response that stays open', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('[G6] ends when its caller is not let in any more: events at their end, anything else as cut', async () => {
    for (const [type, ends] of [
      ['text/event-stream', true],
      ['application/json', false],
    ] as const) {
      const open = openBody(type);
      let revoked = false;
      const admit = async () => {
        if (revoked) throw new Refusal('token.revoked');
        return caller;
      };
      const reader = guardedResponse(open.response, { headers: {}, admit }).body!.getReader();
      open.write('one');
      expect(textOf(await reader.read())).toBe('one');
      await vi.advanceTimersByTimeAsync(20_000);
      open.write('two');
      expect(textOf(await reader.read())).toBe('two');
      const last = reader.read().then(
        ({ done }) => done,
        (error: unknown) => (error as Refusal).reason,
      );
      revoked = true;
      await vi.advanceTimersByTimeAsync(4999);
      expect(open.state.cancelled).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(await last).toBe(ends ? true : 'token.session-ended');
      expect([open.state.cancelled, vi.getTimerCount()]).toEqual([true, 0]);
    }
  });

  it('[S4] stays when nobody can tell', async () => {
    const open = openBody();
    const admit = () => Promise.reject(new Refusal('store.unavailable'));
    const reader = guardedResponse(open.response, { headers: {}, admit }).body!.getReader();
    await vi.advanceTimersByTimeAsync(60_000);
    open.write('still here');
    expect(textOf(await reader.read())).toBe('still here');
  });

  it('is looked at no longer than it is open, however it ends', async () => {
    for (const end of ['closed', 'failed', 'cancelled'] as const) {
      const open = openBody();
      const guarded = guardedResponse(open.response, admitted);
      const reader = guarded.body!.getReader();
      expect(vi.getTimerCount()).toBe(1);
      if (end === 'closed') open.controller.close();
      if (end === 'failed') open.controller.error(new Error('broken'));
      if (end === 'cancelled') await reader.cancel();
      else await reader.read().catch((error: unknown) => expect(String(error)).toBe('Error: broken'));
      expect([end, vi.getTimerCount(), open.state.cancelled]).toEqual([end, 0, end === 'cancelled']);
    }
  });

  it('asks its writer for no more than is read', async () => {
    let pulled = 0;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(new Uint8Array(1));
        },
      },
      { highWaterMark: 0 },
    );
    const reader = guardedResponse(new Response(stream), admitted).body!.getReader();
    await reader.read();
    await vi.advanceTimersByTimeAsync(10);
    expect(pulled).toBe(1);
    await reader.cancel();
  });
});

describe('a response of a resource', () => {
  it('keeps its status and headers, and gets those of the gate', async () => {
    const response = new Response('made', { status: 201, statusText: 'Made', headers: { 'x-tool': 'yes' } });
    const passage = { ...admitted, headers: { vary: 'Origin' } };
    const guarded = guardedResponse(response, passage);
    expect([
      guarded.status,
      guarded.statusText,
      guarded.headers.get('x-tool'),
      guarded.headers.get('vary'),
    ]).toEqual([201, 'Made', 'yes', 'Origin']);
    expect(await guarded.text()).toBe('made');
    const empty = guardedResponse(new Response(null, { status: 204 }), passage);
    expect([empty.status, empty.body, empty.headers.get('vary')]).toEqual([204, null, 'Origin']);
    expect(guardedResponse(empty, admitted)).toBe(empty);
  });
});
