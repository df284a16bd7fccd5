import { describe, expect, it } from 'vitest';
import { ScriptedBrowser } from '../../../../../e2e/clients/scripted-browser.ts';
import {
  authorizeQuery,
  openHouse,
  PUBLIC_URL,
  register,
  scriptedSignIn,
  walkToProvider,
} from '../../auth.contract.ts';
import { checkAnswering } from './check-answering.ts';

async function begin() {
  const [first, second] = [scriptedSignIn('first'), scriptedSignIn('second')];
  const house = await openHouse({ issuer: { signIns: [first.signIn, second.signIn] } });
  const { client_id: clientId } = await register(house.first);
  const callback = (browser: ScriptedBrowser, path: string, state: string) =>
    browser.request(`${PUBLIC_URL}${path}?${new URLSearchParams({ state, code: 'c' })}`);
  return { house, first, second, clientId, callback };
}

describe('two providers', () => {
  it('are answered each at an address of its own', async () => {
    const { house, clientId, callback, second } = await begin();
    const { browser, state } = await walkToProvider(house.first, clientId, 'second');
    const { response } = await callback(browser, '/auth/callback/second', state);
    expect(new URL(response.headers.get('location')!).searchParams.get('code')).toBeTruthy();
    expect(second.asked.finishes).toBe(1);
  });

  it('never answer for one another, and a wrong answer spends the sign-in', async () => {
    const { house, clientId, callback, first, second } = await begin();
    for (const [signIn, path] of [
      ['second', '/auth/callback'],
      ['first', '/auth/callback/second'],
    ] as const) {
      const { browser, state } = await walkToProvider(house.first, clientId, signIn);
      expect((await callback(browser, path, state)).response.status).toBe(403);
      const own = signIn === 'first' ? '/auth/callback' : '/auth/callback/second';
      expect((await callback(browser, own, state)).response.status).toBeGreaterThanOrEqual(400);
    }
    expect([first.asked.finishes, second.asked.finishes]).toEqual([0, 0]);
  });

  it('answer an address that nobody has with nothing', async () => {
    const { house, clientId } = await begin();
    const browser = new ScriptedBrowser(house.first.call);
    await browser.request(`${PUBLIC_URL}/authorize?${authorizeQuery(clientId)}`);
    await expect(house.first.call('/auth/callback/third?state=x')).rejects.toThrow('not answered');
  });

  it('are told apart by their ids', () => {
    expect(() => checkAnswering('a', 'a')).not.toThrow();
    expect(() => checkAnswering('a', 'b')).toThrow();
  });
});
