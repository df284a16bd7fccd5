import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { watchOpenStreams } from './open-streams.ts';

class OpenResponse extends EventEmitter {
  destroyed = false;
  destroy() {
    this.destroyed = true;
    this.emit('close');
  }
}

const open = () => new OpenResponse();
const asResponse = (response: OpenResponse) => response as unknown as ServerResponse;

describe('streams that stay open', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('[G6] end when their token expired or was revoked, within two looks', async () => {
    const streams = watchOpenStreams(5);
    const [good, ended] = [open(), open()];
    let revoked = false;
    streams.watch(asResponse(good), async () => undefined);
    streams.watch(asResponse(ended), () => {
      if (revoked) throw new Refusal('token.revoked');
    });
    await vi.advanceTimersByTimeAsync(20_000);
    expect([good.destroyed, ended.destroyed]).toEqual([false, false]);
    revoked = true;
    await vi.advanceTimersByTimeAsync(5000);
    expect([good.destroyed, ended.destroyed]).toEqual([false, true]);
    streams.close();
  });

  it('[S4] stay when nobody can tell, and end once somebody can', async () => {
    const streams = watchOpenStreams(5);
    const stream = open();
    let reason: 'store.unavailable' | 'token.session-ended' = 'store.unavailable';
    streams.watch(asResponse(stream), () => Promise.reject(new Refusal(reason)));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stream.destroyed).toBe(false);
    reason = 'token.session-ended';
    await vi.advanceTimersByTimeAsync(5000);
    expect(stream.destroyed).toBe(true);
    streams.close();
  });

  it('are forgotten when they close, and not looked at after the server stopped', async () => {
    const streams = watchOpenStreams(5);
    const [closed, left] = [open(), open()];
    const looks: string[] = [];
    streams.watch(asResponse(closed), () => looks.push('closed'));
    streams.watch(asResponse(left), () => looks.push('left'));
    closed.emit('close');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(new Set(looks)).toEqual(new Set(['left']));
    streams.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
