import { exportJWK, generateKeyPair } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../core/clock.ts';
import { type KeySet, keySet } from './key-set.ts';
import { ProviderFault } from './provider-fault.ts';

const kids = ['a', 'b'] as const;
const jwks: Record<string, unknown> = {};
beforeAll(async () => {
  for (const kid of kids) {
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    jwks[kid] = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
  }
});

const token = { payload: '', signature: '' };
const ask = (keys: KeySet, kid: string) => keys.key({ alg: 'ES256', kid }, token);

interface World {
  readonly clock: ManualClock;
  reads: number;
  /** Kids the provider shows, or the fault it gives. */
  shown: readonly string[] | ProviderFault | string;
}

function world(shown: World['shown'] = ['a']): World & {
  open(copy?: Record<string, unknown>, onStale?: (fault: ProviderFault) => void): KeySet;
} {
  const self = {
    clock: manualClock(),
    reads: 0,
    shown,
    open: (copy?: Record<string, unknown>, onStale?: (fault: ProviderFault) => void) =>
      keySet({
        clock: self.clock,
        maxAgeSeconds: 600,
        cooldownSeconds: 60,
        copy,
        onStale,
        read: async () => {
          self.reads += 1;
          if (self.shown instanceof ProviderFault) throw self.shown;
          if (typeof self.shown === 'string') return self.shown;
          return JSON.stringify({ keys: self.shown.map((kid) => jwks[kid]) });
        },
      }),
  };
  return self;
}

const away = new ProviderFault('unavailable', 'keys', { why: 'away' });

describe('the key set of a provider', () => {
  it('is read once and kept, however many ask', async () => {
    const at = world();
    const keys = at.open();
    await Promise.all(Array.from({ length: 20 }, () => ask(keys, 'a')));
    at.clock.advance(599);
    await ask(keys, 'a');
    expect(at.reads).toBe(1);
    at.clock.advance(2);
    await ask(keys, 'a');
    expect(at.reads).toBe(2);
  });

  it('is read again for a new key at once', async () => {
    const at = world();
    const keys = at.open();
    await keys.refresh();
    at.shown = ['a', 'b'];
    expect(await ask(keys, 'b')).toBeDefined();
    expect(at.reads).toBe(2);
  });

  it('[G8] is read once in a cool-down for all the keys that nobody has', async () => {
    const at = world();
    const keys = at.open();
    await keys.refresh();
    for (let n = 0; n < 200; n += 1) {
      await expect(ask(keys, `forged-${n}`)).rejects.toMatchObject({ kind: 'invalid' });
    }
    const together = Array.from({ length: 50 }, (_, n) => ask(keys, `more-${n}`));
    for (const outcome of await Promise.allSettled(together)) expect(outcome.status).toBe('rejected');
    expect(at.reads).toBe(2);
    at.clock.advance(61);
    await expect(ask(keys, 'forged')).rejects.toMatchObject({ kind: 'invalid' });
    expect(at.reads).toBe(3);
  });

  it('says how long it is not read again, when the provider may have got the key since', async () => {
    const at = world();
    const keys = at.open();
    await keys.freshen();
    at.shown = ['a', 'b'];
    await ask(keys, 'b');
    at.clock.advance(20.5);
    const missing = { kind: 'invalid', operation: 'keys', detail: { why: 'no key fits' } };
    await expect(ask(keys, 'c')).rejects.toMatchObject({ ...missing, retryAfterSeconds: 40 });
    at.clock.advance(39.4);
    await expect(ask(keys, 'c')).rejects.toMatchObject({ ...missing, retryAfterSeconds: 1 });
    expect(at.reads).toBe(2);
    at.clock.advance(0.1);
    // Read again for this very key, and it is not there.
    await expect(ask(keys, 'c')).rejects.toMatchObject({ ...missing, retryAfterSeconds: undefined });
    expect(at.reads).toBe(3);
  });

  it('can not tell of a new key when the last reading failed', async () => {
    const at = world();
    const keys = at.open();
    await keys.freshen();
    at.shown = away;
    await expect(ask(keys, 'b')).rejects.toMatchObject({ kind: 'unavailable' });
    at.clock.advance(20);
    await expect(ask(keys, 'b')).rejects.toBe(away);
    expect(at.reads).toBe(2);
  });

  it('is read again at the next use when it is somewhere else now, and until then used on', async () => {
    const at = world(away);
    const keys = at.open({ keys: [jwks.a] });
    await keys.freshen();
    await keys.freshen();
    expect([at.reads, keys.known]).toEqual([1, true]);
    at.shown = ['a', 'b'];
    keys.expire();
    expect(keys.known).toBe(true);
    expect(await ask(keys, 'b')).toBeDefined();
    expect(at.reads).toBe(2);
  });

  it('forgets a key that the provider took away', async () => {
    const at = world(['a', 'b']);
    const keys = at.open();
    await ask(keys, 'a');
    at.shown = ['b'];
    at.clock.advance(601);
    await expect(ask(keys, 'a')).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('serves the keys it knows while the provider is away, but not for ever', async () => {
    const at = world();
    const keys = at.open();
    await ask(keys, 'a');
    at.shown = away;
    at.clock.advance(3600);
    expect(await ask(keys, 'a')).toBeDefined();
    await expect(ask(keys, 'b')).rejects.toMatchObject({ kind: 'unavailable' });
    at.clock.advance(86_400);
    await expect(ask(keys, 'a')).rejects.toMatchObject({ kind: 'unavailable' });
    at.clock.advance(6);
    at.shown = ['a'];
    expect(await ask(keys, 'a')).toBeDefined();
  });

  it('[G8] does not ask a provider that is away over and over', async () => {
    const at = world(away);
    const keys = at.open();
    for (let n = 0; n < 20; n += 1)
      await expect(ask(keys, 'a')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(at.reads).toBe(1);
    at.clock.advance(6);
    at.shown = ['a'];
    expect(await ask(keys, 'a')).toBeDefined();
  });

  it('starts from a copy, and looks for a newer one at the first use', async () => {
    const at = world(away);
    const keys = at.open({ keys: [jwks.a] });
    expect(await ask(keys, 'a')).toBeDefined();
    expect(at.reads).toBe(1);
    at.shown = ['b'];
    at.clock.advance(6);
    expect(await ask(keys, 'b')).toBeDefined();
  });

  it('takes no notice of a copy that is damaged', async () => {
    const at = world();
    expect(await ask(at.open({ keys: 'none' }), 'a')).toBeDefined();
  });

  it.each([
    ['no JSON', '<html>'],
    ['no list', '{"keys":{}}'],
    ['no key', '{"keys":[]}'],
    ['symmetric keys alone', '{"keys":[{"kty":"oct","k":"AAAA"}]}'],
    ['keys of unknown kinds alone', '{"keys":[{"kty":"XYZ"},{"kty":"__proto__"},{"kty":7},"RSA",null]}'],
    ['keys that lack what they are made of', '{"keys":[{"kty":"EC","crv":"P-256","x":7,"y":"A"}]}'],
    ['too many keys', JSON.stringify({ keys: Array(101).fill({ kty: 'RSA' }) })],
  ])('is a fault of the operator when it is %s', async (_what, text) => {
    await expect(ask(world(text).open(), 'a')).rejects.toMatchObject({ kind: 'misconfigured' });
  });

  it('keeps the good keys when none of the new ones can be used, and says so once for each reading', async () => {
    const at = world();
    const told: unknown[] = [];
    const keys = at.open(undefined, (fault) => told.push(fault));
    await ask(keys, 'a');
    at.shown = '{"keys":[]}';
    at.clock.advance(601);
    await Promise.all([ask(keys, 'a'), ask(keys, 'a'), ask(keys, 'a')]);
    await ask(keys, 'a');
    expect(told).toEqual([expect.objectContaining({ kind: 'misconfigured', operation: 'keys' })]);
    at.clock.advance(6);
    await ask(keys, 'a');
    expect(told).toHaveLength(2);
  });

  it('holds a key that is broken against nobody', async () => {
    const broken = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'broken' };
    const keys = world(JSON.stringify({ keys: [broken, jwks.a] })).open();
    await expect(ask(keys, 'broken')).rejects.toMatchObject({ kind: 'misconfigured' });
    expect(await ask(keys, 'a')).toBeDefined();
  });

  it('[G9] has no use for symmetric keys, and says so when several keys fit', async () => {
    const at = world(JSON.stringify({ keys: [{ kty: 'oct', k: 'AAAA', kid: 's' }, jwks.a, jwks.b] }));
    const keys = at.open();
    await expect(keys.key({ alg: 'HS256', kid: 's' }, token)).rejects.toMatchObject({ kind: 'invalid' });
    await expect(keys.key({ alg: 'ES256' }, token)).rejects.toMatchObject({ kind: 'invalid' });
  });
});
