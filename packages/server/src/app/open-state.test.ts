import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenState, openState } from './open-state.ts';
import { settingsOf } from './settings.contract.ts';

const SECRET = randomBytes(32).toString('hex');
const OTHER = randomBytes(32).toString('hex');

let folder: string;
const opened: OpenState[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-'));
});
afterEach(async () => {
  for (const { store } of opened.splice(0)) await store.close();
  rmSync(folder, { recursive: true });
});

async function open(given: Record<string, string> = {}): Promise<OpenState> {
  const state = await openState(settingsOf(given));
  opened.push(state);
  return state;
}
const inFolder = () => ({ state: join(folder, 'state'), secretFile: join(folder, 'config', 'secret') });
const hex = (state: OpenState) => Buffer.from(state.masterSecret.bytes).toString('hex');

describe('state in memory', () => {
  it('has a secret of its own, another in every run', async () => {
    const [first, second] = [await open(), await open()];
    expect(first.keysLine).toBe('made for this run, and gone with it');
    expect(first.masterSecret.bytes).toHaveLength(32);
    expect(hex(first)).not.toBe(hex(second));
    expect(first.previousMasterSecret).toBeUndefined();
    expect((await first.store.durability()).survivesRestart).toBe(false);
  });

  it('has the secret that is given', async () => {
    const state = await open({ secret: SECRET, previousSecret: OTHER });
    expect(hex(state)).toBe(SECRET);
    expect(Buffer.from(state.previousMasterSecret!.bytes).toString('hex')).toBe(OTHER);
    expect(state).toMatchObject({ keysLine: 'wrapped by the secret from the settings', together: false });
  });
});

describe('state in a folder', () => {
  it('makes its secret once, apart from itself, for its owner alone', async () => {
    const state = await open(inFolder());
    const { secretFile } = inFolder();
    expect(state).toMatchObject({ keysLine: `wrapped by the secret in ${secretFile}`, together: false });
    expect(statSync(secretFile).mode & 0o777).toBe(0o600);
    expect((await state.store.durability()).survivesRestart).toBe(true);
    await opened.pop()?.store.close();
    expect(hex(await open(inFolder()))).toBe(hex(state));
  });

  it('makes no secret where one is given', async () => {
    const state = await open({ state: inFolder().state, secret: SECRET });
    expect([hex(state), state.together, existsSync(join(folder, 'config'))]).toEqual([SECRET, false, false]);
  });

  it('says when who copies it has the keys as well', async () => {
    const { state } = inFolder();
    expect((await open({ state, secretFile: join(state, 'secret') })).together).toBe(true);
    await opened.pop()?.store.close();
    expect((await open({ state, secretFile: `${state}-keys/secret` })).together).toBe(false);
  });

  it('is really written to, and read by the next', async () => {
    const first = await open(inFolder());
    await first.store.put('session', 'key', new Uint8Array([1, 2]), 60);
    await opened.pop()?.store.close();
    const second = await open(inFolder());
    const held = await second.store.get('session', 'key');
    expect([...held!.bytes]).toEqual([1, 2]);
  });
});

describe('a secret that is not fit', () => {
  it.each(['secret', 'previousSecret'])('stops the start, by the name of its setting: %s', async (name) => {
    const settings = { ...settingsOf({ secret: SECRET }), [name]: 'hunter2' };
    const error = await openState(settings).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ problems: [{ setting: name }] });
    expect(String(error)).not.toContain('hunter2');
  });
});
