import { describe, expect, it } from 'vitest';
import { manualClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import { openKeyRing } from '../../keys/ring.ts';
import { outcome } from '../../sessions/replicas.contract.ts';
import { switchableStore } from '../../sessions/switchable-store.contract.ts';
import { memoryStore } from '../../store/memory.ts';
import { ringStorage } from '../../store/ring-storage.ts';
import { approvals, MAX_SEALED_LENGTH, type SealedForms } from './approvals.ts';

const COOKIE = { tag: 'tag', value: 'c'.repeat(22) };
const FORM: SealedForms['consent'] = {
  cookieTag: 'tag',
  request: {
    clientId: 'c',
    redirectUri: 'https://a.example/cb',
    challenge: 'x',
    scopes: ['mcp:read'],
    resource: 'https://h.example/mcp',
    state: 's',
  },
};
const own = (tag: string) => (tag === 'tag' ? COOKIE.value : undefined);

async function begin() {
  const clock = manualClock();
  const { store, control } = switchableStore(memoryStore({ clock }));
  const open = (issuer = 'https://h.example', masterSecret = { bytes: systemRandom.bytes(32) }, at = store) =>
    openKeyRing({
      storage: ringStorage(at),
      masterSecret,
      deployment: 'test',
      clock,
      random: systemRandom,
      onEvent() {},
    }).then((keyRing) => approvals({ keyRing, issuer, clock, pageSeconds: 600 }));
  return {
    clock,
    control,
    open,
    here: await open(),
    stranger: await open('https://h.example', undefined, memoryStore({ clock })),
  };
}

describe('what waits in a page', () => {
  it('comes back as it was, and says nothing to who reads it', async () => {
    const { here } = await begin();
    const sealed = here.seal('consent', FORM, COOKIE);
    expect(await here.open('consent', sealed, own)).toMatchObject(FORM);
    expect(sealed).toMatch(/^[\w-]+$/);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('a.example');
  });

  it('[G3] opens with the cookie of its browser alone, for its purpose alone', async () => {
    const { here } = await begin();
    const sealed = here.seal('consent', FORM, COOKIE);
    expect(await outcome(here.open('consent', sealed, () => undefined))).toBe('authorization.wrong-browser');
    expect(await outcome(here.open('consent', sealed, () => 'd'.repeat(22)))).toBe(
      'authorization.wrong-browser',
    );
    expect(await outcome(here.open('sign-in', sealed, own))).toBe('request.invalid-parameter');
  });

  it('expires after 10 minutes', async () => {
    const { here, clock } = await begin();
    const sealed = here.seal('consent', FORM, COOKIE);
    clock.advance(599.9);
    expect(await outcome(here.open('consent', sealed, own))).toBe('ok');
    clock.advance(0.1);
    expect(await outcome(here.open('consent', sealed, own))).toBe('authorization.expired');
  });

  it('has expired when its key is gone, and is 503 when nobody can look for the key', async () => {
    const { here, stranger, control, clock } = await begin();
    const sealed = stranger.seal('consent', FORM, COOKIE);
    expect(await outcome(here.open('consent', sealed, own))).toBe('authorization.expired');
    clock.advance(5);
    control.outage = 'all';
    expect(await outcome(here.open('consent', sealed, own))).toBe('store.unavailable');
    for (const text of ['', 'A', '!', 'A'.repeat(100)])
      expect(await outcome(here.open('consent', text, own))).toMatch(
        /^(request\.invalid-parameter|authorization\.expired|store\.unavailable)$/,
      );
  });

  it('has room for the largest request that is understood', async () => {
    const { here } = await begin();
    const request = {
      ...FORM.request,
      clientId: 'c'.repeat(1000),
      clientName: '\u{1F600}'.repeat(64),
      redirectUri: `https://a.example/${'p'.repeat(1980)}`,
      state: '\u20ac'.repeat(4096),
      scopes: Array.from({ length: 200 }, (_, i) => String(i).padStart(19, 's')),
      loginHint: '\u20ac'.repeat(320),
      prompt: 'login select_account',
    };
    expect(here.seal('consent', { request, cookieTag: 't'.repeat(11) }, COOKIE).length).toBeLessThan(
      MAX_SEALED_LENGTH,
    );
  });
});
