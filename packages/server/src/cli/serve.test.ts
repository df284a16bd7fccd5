import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../../e2e/servers/free-port.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { serve } from './serve.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'serve-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
// The listener for the other signal stays: the process ends after it, but for this one.
const listening = (['SIGTERM', 'SIGINT'] as const).map(
  (signal) => [signal, process.listeners(signal)] as const,
);
afterEach(() => {
  for (const [signal, before] of listening)
    for (const each of process.listeners(signal)) if (!before.includes(each)) process.off(signal, each);
});

async function begin() {
  const port = await freePort();
  const flags = { port: String(port), state: 'memory', 'database.url': 'none', 'log.level': 'error' };
  const loaded = loadSettings({ flags, environment: {}, folder });
  let tell = (_text: string) => {};
  const announced = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const terminal = { out: tell, err: () => {}, outColour: false, errColour: false, folder, width: 80 };
  return { port, announced, ended: serve(loaded, { environment: {}, terminal }) };
}

describe('portcullis serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'serves until it is told to stop by %s, and ends well',
    async (signal) => {
      const before = process.listeners(signal);
      const { port, announced, ended } = await begin();
      expect(await announced).toMatch(/^Portcullis is ready\.\n[\s\S]*\n$/);
      expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
      await expect.poll(() => process.listeners(signal).length).toBe(before.length + 1);
      process.emit(signal, signal);
      expect(await ended).toBe(0);
      expect(process.listeners(signal)).toEqual(before);
      await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow();
    },
  );
});
