import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../core/random.ts';
import { openKeyRing } from '../../keys/ring.ts';
import { openReplicas, outcome } from '../../sessions/replicas.contract.ts';
import { memoryStore } from '../../store/memory.ts';
import { ringStorage } from '../../store/ring-storage.ts';
import { type ClientRecord, registeredClients } from './registered-clients.ts';
import { type Registration, selfDescribingIds } from './self-describing-id.ts';

const short: Registration = {
  redirectUris: ['http://127.0.0.1/cb'],
  authenticationMethod: 'none',
  grantTypes: ['authorization_code'],
};
const long: Registration = {
  ...short,
  redirectUris: Array.from({ length: 40 }, (_, i) => `https://app.example.com/callback/${i}`),
};

async function begin() {
  const house = await openReplicas();
  const { clock, store } = house;
  const keyRing = await openKeyRing({
    storage: ringStorage(memoryStore({ clock })),
    masterSecret: { bytes: systemRandom.bytes(32) },
    deployment: 'test',
    clock,
    random: systemRandom,
    onEvent() {},
  });
  const ids = selfDescribingIds(keyRing, 'https://mcp.example.com');
  const [a, b] = house.replicas.map(({ records }) =>
    registeredClients({
      ids,
      records: records.collection<ClientRecord>('client'),
      count: (key, ttl) => store.increment('counter', key, ttl),
      now: clock.now,
    }),
  ) as [ReturnType<typeof registeredClients>, ReturnType<typeof registeredClients>];
  return { ...house, a, b, ids };
}

describe('clients that registered themselves', () => {
  it('[S7] are found by what their id says, without the store', async () => {
    const { a, b, control } = await begin();
    const id = await a.register(short);
    control.outage = 'all';
    expect(await b.find(id)).toMatchObject({
      id,
      kind: 'registered',
      redirectUris: short.redirectUris,
      authenticationMethod: 'none',
    });
    expect(await b.find('my-app')).toBeUndefined();
    expect(await b.find(`${id}x`)).toBeUndefined();
  });

  it('are found by their record when the id can not hold them', async () => {
    const { a, b } = await begin();
    const id = await a.register(long);
    expect(await b.find(id)).toMatchObject({ id, redirectUris: long.redirectUris });
    expect(await b.find(`pcs1.${'A'.repeat(43)}`)).toBeUndefined();
    expect(await b.find('pcs1.x')).toBeUndefined();
  });

  it('have no secret when they are public', async () => {
    const { a, ids } = await begin();
    const id = await a.register(short);
    expect((await a.find(id))!.hasSecret(ids.secretOf(id))).toBe(false);
    const confidential = await a.register({ ...short, authenticationMethod: 'client_secret_post' });
    expect((await a.find(confidential))!.hasSecret(ids.secretOf(confidential))).toBe(true);
  });

  it('that sign keep their keys, in the id or in the record, and have no secret', async () => {
    const { a, b, ids, control } = await begin();
    const es = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } as const;
    const rs = { kty: 'RSA', n: 'A'.repeat(342), e: 'AQAB' } as const;
    for (const [jwks, prefix] of [
      [[es], 'pc1.'],
      [[rs, es], 'pcs1.'],
    ] as const) {
      const registration = { ...short, authenticationMethod: 'private_key_jwt', keys: { jwks } } as const;
      const id = await a.register(registration);
      expect(id.startsWith(prefix)).toBe(true);
      const client = (await b.find(id))!;
      expect(client).toMatchObject({ authenticationMethod: 'private_key_jwt', keys: { jwks } });
      expect(client.hasSecret(ids.secretOf(id))).toBe(false);
    }
    control.outage = 'all';
    const { keys: _, ...withoutKeys } = { ...short, keys: undefined };
    expect(await a.register(withoutKeys)).not.toBe(await a.register({ ...short, keys: { jwks: [es] } }));
  });

  it('[S4] are 503 and never "unknown" while the store is away, where the id can not hold them', async () => {
    const { a, control } = await begin();
    const id = await a.register(long);
    control.outage = 'all';
    expect(await outcome(a.find(id))).toBe('store.unavailable');
    expect(await outcome(a.register(long))).toBe('store.unavailable');
  });

  it('registering again at the same time on two replicas makes one record', async () => {
    const { a, b, store } = await begin();
    const made = await Promise.all([a, b, a, b].map((clients) => clients.register(long)));
    expect(new Set(made).size).toBe(1);
    expect((await store.list('client')).keys).toEqual([made[0]]);
  });
});
