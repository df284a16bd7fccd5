import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../core/operator-error.ts';
import { systemRandom } from '../../core/random.ts';
import { openKeyRing } from '../../keys/ring.ts';
import { readClientAssertion } from '../../protocol/client-assertion.ts';
import { openReplicas, outcome } from '../../sessions/replicas.contract.ts';
import { memoryStore } from '../../store/memory.ts';
import { ringStorage } from '../../store/ring-storage.ts';
import type { Client } from './client.ts';
import type { ClientOptions } from './client-options.ts';
import { assertionClaims, clientSigner } from './client-signer.contract.ts';
import { documentsFromFile } from './document-clients.ts';
import { openClients } from './open-clients.ts';
import type { ClientRecord } from './registered-clients.ts';

const DAY = 86_400;
const URL_OF = 'https://app.example.com/client.json';
const document = {
  client_id: URL_OF,
  client_name: 'App',
  redirect_uris: ['http://127.0.0.1/cb'],
  token_endpoint_auth_method: 'none',
};

async function begin(options: ClientOptions = {}) {
  const house = await openReplicas();
  const { clock, first, store } = house;
  const keyRing = await openKeyRing({
    storage: ringStorage(memoryStore({ clock })),
    masterSecret: { bytes: systemRandom.bytes(32) },
    deployment: 'test',
    clock,
    random: systemRandom,
    onEvent() {},
  });
  const opened = openClients({
    options,
    keyRing,
    issuer: 'https://h.example',
    clock,
    records: first.records,
    count: (key, ttl) => store.increment('counter', key, ttl),
  });
  const record = async (id: string) =>
    (await first.records.collection<ClientRecord>('client').get(id))?.value;
  return { ...house, ...opened, record };
}

describe('all kinds of clients', () => {
  it('[C2] are found, each by its own kind of id', async () => {
    const { clients, registered } = await begin({
      clients: [{ id: 'app', redirectUris: ['https://app.example.com/cb'] }],
      metadataDocuments: documentsFromFile({ [URL_OF]: document }),
    });
    const id = await registered.register({
      redirectUris: ['http://127.0.0.1/cb'],
      authenticationMethod: 'none',
      grantTypes: [],
    });
    expect([
      (await clients.find('app')).kind,
      (await clients.find(id)).kind,
      (await clients.find(URL_OF)).kind,
    ]).toEqual(['static', 'registered', 'document']);
  });

  it('are unknown with registration off, those that registered before it was too', async () => {
    const registration = {
      redirectUris: ['http://127.0.0.1/cb'],
      authenticationMethod: 'none',
      grantTypes: [],
    } as const;
    const { clients, registered } = await begin({
      registration: false,
      clients: [{ id: 'app', redirectUris: ['https://app.example.com/cb'] }],
    });
    const ids = [
      await registered.register(registration),
      await registered.register({ ...registration, name: 'n'.repeat(500) }),
    ];
    expect(ids.map((id) => id.slice(0, 5))).toEqual(['pc1.W', 'pcs1.']);
    for (const id of ids) expect(await outcome(clients.find(id))).toBe('client.unknown');
    expect((await clients.find('app')).kind).toBe('static');
  });

  it('[G8] fetch nothing when metadata documents are off', async () => {
    const { clients } = await begin();
    expect(await outcome(clients.find(URL_OF))).toBe('client.unknown');
  });

  it('can sign with keys at a URI where documents are fetched or at hand, and nowhere else', async () => {
    const fetch = async () => Response.json({});
    const opened = await Promise.all(
      ([{}, { metadataDocuments: 'off' }, { metadataDocuments: { fetch } }] as const).map(begin),
    );
    expect(opened.map(({ assertions }) => assertions.fetchesKeys)).toEqual([false, false, true]);
    const clients = [
      { id: 'app', jwksUri: 'https://app.example.com/jwks', redirectUris: ['https://app.example.com/cb'] },
    ];
    await expect(begin({ clients })).rejects.toThrow(OperatorError);
    const { clients: registry } = await begin({ clients, metadataDocuments: documentsFromFile({}) });
    expect((await registry.find('app')).authenticationMethod).toBe('private_key_jwt');
  });

  it('[G8] are not kept waiting for their keys by clients of another kind, or of a host that never answers', async () => {
    const own = await clientSigner('ES256', 'client', 'own');
    const fetch = (url: string) =>
      url.includes('slow')
        ? new Promise<Response>(() => {})
        : Promise.resolve(Response.json({ keys: [own.publicJwk] }));
    const { assertions, clock } = await begin({ metadataDocuments: { fetch } });
    const ours = ['https://h.example'];
    const sign = () => own.sign(assertionClaims('client', ours[0]!, clock.now() / 1000));
    const verify = (token: string, jwksUri: string, kind: Client['kind']) =>
      outcome(assertions.verify(readClientAssertion(token), { jwksUri }, { ours, kind, address: undefined }));
    const send = async (jwksUri: string, kind: Client['kind']) => verify(await sign(), jwksUri, kind);
    const stall = async (host: string) => {
      const tokens = await Promise.all([0, 1, 2, 3].map(sign));
      tokens.forEach((token, n) => void verify(token, `https://${host}.example/${n}`, 'registered'));
    };
    await stall('slow');
    expect(await send('https://slow.example/5', 'registered')).toBe('client.keys-unreachable');
    expect(await send('https://good.example/jwks', 'registered')).toBe('ok');
    for (const host of ['slow1', 'slow2', 'slow3', 'slow4']) await stall(host);
    expect(await send('https://new.example/jwks', 'registered')).toBe('client.keys-unreachable');
    expect(await send('https://new.example/jwks', 'document')).toBe('ok');
    expect(await send('https://new.example/jwks', 'static')).toBe('ok');
  });

  it('are noted when somebody signed in, at most once a day, and remembered for a year after', async () => {
    const { clients, registered, noteApproval, record, clock, control } = await begin();
    const id = await registered.register({
      redirectUris: ['http://127.0.0.1/cb'],
      authenticationMethod: 'none',
      grantTypes: [],
      name: 'Test',
    });
    const client = await clients.find(id);
    const start = clock.now();
    await noteApproval(client);
    expect(await record(id)).toEqual({
      clientId: id,
      kind: 'registered',
      name: 'Test',
      firstApprovedAt: start,
      lastApprovedAt: start,
    });
    clock.advance(DAY - 1);
    control.calls.length = 0;
    await noteApproval(client);
    expect(control.calls).toEqual(['get client']);
    clock.advance(1);
    await noteApproval(client);
    expect(await record(id)).toMatchObject({ firstApprovedAt: start, lastApprovedAt: clock.now() });
    clock.advance(364 * DAY);
    expect(await record(id)).toBeDefined();
    clock.advance(DAY);
    expect(await record(id)).toBeUndefined();
  });

  it('[S4] are not noted while the store is away: 503', async () => {
    const { clients, registered, noteApproval, control } = await begin();
    const client = await clients.find(
      await registered.register({
        redirectUris: ['http://127.0.0.1/cb'],
        authenticationMethod: 'none',
        grantTypes: [],
      }),
    );
    control.outage = 'all';
    expect(await outcome(noteApproval(client))).toBe('store.unavailable');
  });
});
