import { describe, expect, it } from 'vitest';
import { loadedBody } from './loaded-body.ts';

describe('a body that is there as a whole', () => {
  it('is not loaded before somebody reads it', async () => {
    let loads = 0;
    const source = loadedBody(async () => {
      loads += 1;
      return new Uint8Array(3);
    });
    const reader = source.getReader();
    expect(loads).toBe(0);
    expect((await reader.read()).value).toEqual(new Uint8Array(3));
    await reader.cancel();
    expect(loads).toBe(1);
  });
});
