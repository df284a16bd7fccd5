import { expect } from 'vitest';
import { RelyingParty } from '../../../../testing/relying-party.ts';
import type { AuthEvent } from '../core/events.ts';
import type { Fetch } from '../core/fetch.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { upstreamProvider } from '../sign-in/upstream-provider.ts';
import type { Preset } from './preset.ts';
import { type PresetValues, presetInput } from './preset-input.ts';
import { proxyOptions } from './preset-options.ts';

export const callbackUrl = 'http://127.0.0.1:4000/auth/callback';

/** Where a browser comes back to that was logged out. */
export const loggedOutUrl = 'http://127.0.0.1:4000/logout/done';

/** Where the stand-in sends a browser that it logged out; `null` when it does not. */
export async function loggedOut(standIn: Reachable, url: string): Promise<string | null> {
  return (await fetch(standIn.reach(url), { redirect: 'manual' })).headers.get('location');
}

/** A stand-in that utters the real addresses; `reach` leads to it. */
export interface Reachable {
  reach(url: string): string;
}

export interface OpenDoor {
  readonly door: SignIn;
  /** Everything that was asked for over the wire, by its real address. */
  readonly asked: string[];
  readonly events: AuthEvent[];
  /** The whole login of a person, up to who it was. */
  signIn(login: string): ReturnType<SignIn['finish']>;
  /** The address that the browser is sent to. */
  authorization(): Promise<URL>;
}

/** Opens a preset exactly as an operator would have it, against the stand-in of its provider. */
export async function openPreset(
  preset: Preset,
  standIn: Reachable,
  values: Omit<PresetValues, 'resource'>,
): Promise<OpenDoor> {
  const asked: string[] = [];
  const events: AuthEvent[] = [];
  const mapped: Fetch = (url, init) => {
    asked.push(url);
    const place = standIn.reach(url);
    // A request that was not foreseen must not leave this machine.
    expect(new URL(place).hostname).toBe('127.0.0.1');
    return fetch(place, { ...init, redirect: 'manual' });
  };
  const input = presetInput(preset, 'proxy', { resource: 'https://mcp.acme.example/mcp', ...values });
  const door = await upstreamProvider(proxyOptions(preset, input), {
    fetch: mapped,
    onEvent: (event) => events.push(event),
  });
  const start = async () => {
    const step = await door.start({ state: 'the-state', callbackUrl });
    if (step.kind !== 'redirect') throw new Error('expected a redirect');
    return step;
  };
  return {
    door,
    asked,
    events,
    authorization: async () => new URL((await start()).url),
    async signIn(login) {
      const { url, secrets } = await start();
      const callback = await callbackOf(standIn.reach(url), login);
      return door.finish(callback.searchParams, { callbackUrl, secrets, state: 'the-state' });
    },
  };
}

/** The login page of the stand-in, filled in. */
async function callbackOf(address: string, login: string): Promise<URL> {
  const url = new URL(address);
  const browser = new RelyingParty({
    authorize: `${url.origin}${url.pathname}`,
    token: url.origin,
    clientId: '',
    redirectUri: callbackUrl,
  });
  const replaced = { code_challenge: '', code_challenge_method: '' };
  const reply = await browser.signIn({ ...replaced, ...Object.fromEntries(url.searchParams) }, login);
  if (!reply.location) throw new Error(`no callback: ${reply.status} ${reply.text}`);
  return reply.location;
}
