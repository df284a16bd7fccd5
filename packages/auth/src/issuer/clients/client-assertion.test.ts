import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../core/clock.ts';
import { documentFetch } from '../../net/document-fetch.ts';
import { readClientAssertion } from '../../protocol/client-assertion.ts';
import { CLIENT_ASSERTION_ALGORITHMS, readClientKeys } from '../../protocol/client-keys.ts';
import { openReplicas, outcome } from '../../sessions/replicas.contract.ts';
import { type AssertionArrival, clientAssertions } from './client-assertion.ts';
import { assertionClaims, type ClientSigner, clientSigner } from './client-signer.contract.ts';
import { fetchedKeySets } from './key-sets.ts';

const ISSUER = 'https://mcp.example';
const ARRIVAL = { ours: [ISSUER, `${ISSUER}/token`], kind: 'document', address: '192.0.2.1' } as const;
const ID = 'https://app.example/client.json';
const URI = 'https://app.example/jwks.json';
const failed = 'client.authentication-failed';

/** Keys as a client publishes them. */
function published(signers: readonly ClientSigner[], algorithm?: string) {
  const keys = readClientKeys({ jwks: { keys: signers.map(({ publicJwk }) => publicJwk) }, algorithm });
  if ('member' in keys) throw new Error(keys.why);
  return keys;
}

async function begin() {
  const house = await openReplicas();
  const { clock, store } = house;
  const site = { keys: [] as unknown[], asked: 0, down: false };
  const fetch = async () => {
    site.asked += 1;
    if (site.down) throw new Error('no route');
    return Response.json({ keys: site.keys });
  };
  const replica = () => {
    const keySets = fetchedKeySets(documentFetch({ fetch, clock }), clock);
    const count = (key: string, ttl: number) => store.increment('counter', key, ttl);
    return clientAssertions({ keySets: () => keySets, count, clock });
  };
  const [a, b] = [replica(), replica()];
  const claims = (over: Record<string, unknown> = {}) =>
    assertionClaims(ID, ISSUER, clock.now() / 1000, over);
  const verify = (
    token: string,
    keys: Parameters<typeof a.verify>[1],
    on = a,
    arrival: AssertionArrival = ARRIVAL,
  ) => outcome((async () => on.verify(readClientAssertion(token), keys, arrival))());
  return { ...house, site, a, b, claims, verify };
}

describe('a signature', () => {
  it.each(CLIENT_ASSERTION_ALGORITHMS)('[AS-20] is proven: %s', async (algorithm) => {
    const { verify, claims } = await begin();
    const own = await clientSigner(algorithm, 'client');
    const keys = published([own]);
    expect(await verify(await own.sign(claims()), keys)).toBe('ok');
    const other = await clientSigner(algorithm, 'other');
    expect(await verify(await other.sign(claims()), keys)).toBe(failed);
  });

  it('is made with the algorithm that the client named', async () => {
    const { verify, claims } = await begin();
    const [rs, eddsa] = await Promise.all([clientSigner('RS256', 'client'), clientSigner('EdDSA', 'client')]);
    expect(await verify(await rs.sign(claims()), published([rs], 'PS256'))).toBe(failed);
    expect(await verify(await eddsa.sign(claims()), published([eddsa], 'Ed25519'))).toBe('ok');
  });

  it('is not taken for one of another kind', async () => {
    const { verify, claims } = await begin();
    const rs = await clientSigner('RS256', 'client');
    const ps = { ...rs.publicJwk, alg: 'PS256' };
    const keys = readClientKeys({ jwks: { keys: [ps] } });
    expect(await verify(await rs.sign(claims()), keys as ReturnType<typeof published>)).toBe(failed);
    const es = await clientSigner('ES256', 'client');
    const [, payload, signature] = (await es.sign(claims())).split('.');
    const relabelled = Buffer.from('{"alg":"ES384"}').toString('base64url');
    expect(await verify(`${relabelled}.${payload}.${signature}`, published([es]))).toBe(failed);
    expect(await verify(await es.sign(claims()), published([rs]))).toBe(failed);
  });

  it('comes from a real key: a point that is on no curve proves nothing, and disturbs nothing', async () => {
    const { verify, claims } = await begin();
    const es = await clientSigner('ES256', 'client');
    const bogus = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
    const keys = readClientKeys({ jwks: { keys: [bogus, es.publicJwk] } }) as ReturnType<typeof published>;
    expect(await verify(await es.sign(claims()), keys)).toBe('ok');
    const only = readClientKeys({ jwks: { keys: [bogus] } }) as ReturnType<typeof published>;
    expect(await verify(await es.sign(claims()), only)).toBe(failed);
  });

  it('finds its key by name, and without a name among several', async () => {
    const { verify, claims } = await begin();
    const one = await clientSigner('ES256', 'one', 'one');
    const two = await clientSigner('ES256', 'two', 'two');
    const keys = published([one, two]);
    expect(await verify(await two.sign(claims()), keys)).toBe('ok');
    expect(await verify(await two.sign(claims(), { kid: undefined }), keys)).toBe('ok');
    expect(await verify(await two.sign(claims(), { kid: 'one' }), keys)).toBe(failed);
    expect(await verify(await two.sign(claims(), { kid: 'three' }), keys)).toBe(failed);
    const unnamed = published([await clientSigner('ES256', 'one'), await clientSigner('ES256', 'two')]);
    expect(await verify(await two.sign(claims()), unnamed)).toBe('ok');
  });

  it('never authenticates when anything in the assertion was changed', async () => {
    const { claims, a, clock } = await begin();
    const signers = await Promise.all(
      ['RS256', 'PS256', 'ES256', 'ES512', 'EdDSA'].map((each) => clientSigner(each, 'client', each)),
    );
    const keys = published(signers);
    const tokens = await Promise.all(
      signers.map((signer) => signer.sign(claims({ exp: clock.now() / 1000 + 300 }), { typ: 'JWT' })),
    );
    const mutation = fc.record({
      token: fc.constantFrom(...tokens),
      at: fc.nat(),
      how: fc.constantFrom('change', 'add', 'drop', 'swap', 'cut'),
      character: fc.constantFrom(...'ABCabc019-_.=+/ {"'),
    });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ token, at, how, character }) => {
        const n = at % token.length;
        const changed = {
          change: token.slice(0, n) + character + token.slice(n + 1),
          add: token.slice(0, n) + character + token.slice(n),
          drop: token.slice(0, n) + token.slice(n + 1),
          swap:
            token.slice(0, n) +
            token
              .slice(n, n + 2)
              .split('')
              .reverse()
              .join('') +
            token.slice(n + 2),
          cut: token.slice(0, n),
        }[how];
        fc.pre(changed !== token);
        const result = await outcome((async () => a.verify(readClientAssertion(changed), keys, ARRIVAL))());
        expect(['client.assertion', failed]).toContain(result);
      }),
      { numRuns: 1000 },
    );
    // They were good, all of them, and none was used up on the way.
    for (const token of tokens)
      expect(await outcome(a.verify(readClientAssertion(token), keys, ARRIVAL))).toBe('ok');
  });
});

describe('an assertion', () => {
  it('is used once: again, on another replica, and at the same moment on both', async () => {
    const { a, b, claims, verify } = await begin();
    const signer = await clientSigner('ES256', 'client');
    const keys = published([signer]);
    const token = await signer.sign(claims());
    expect(await verify(token, keys, a)).toBe('ok');
    expect(await verify(token, keys, a)).toBe('client.assertion-replayed');
    expect(await verify(token, keys, b)).toBe('client.assertion-replayed');
    const raced = await signer.sign(claims());
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) => verify(raced, keys, i % 2 ? a : b)),
    );
    expect(results.filter((each) => each === 'ok')).toHaveLength(1);
    expect(results.filter((each) => each === 'client.assertion-replayed')).toHaveLength(9);
  });

  it('is known by its jti, whatever else it says, and only for its client', async () => {
    const { claims, verify } = await begin();
    const signer = await clientSigner('ES256', 'client');
    const keys = published([signer]);
    expect(await verify(await signer.sign(claims({ jti: 'same' })), keys)).toBe('ok');
    expect(await verify(await signer.sign(claims({ jti: 'same', note: 1 })), keys)).toBe(
      'client.assertion-replayed',
    );
    const other = { iss: 'another', sub: 'another', jti: 'same' };
    expect(await verify(await signer.sign(claims(other)), keys)).toBe('ok');
  });

  it('is remembered for as long as it could be used, and no longer', async () => {
    const { claims, verify, clock, store } = await begin();
    const signer = await clientSigner('ES256', 'client');
    const keys = published([signer]);
    const token = await signer.sign(claims({ exp: clock.now() / 1000 + 600 }));
    expect(await verify(token, keys)).toBe('ok');
    clock.advance(629);
    expect(await verify(token, keys)).toBe('client.assertion-replayed');
    clock.advance(1);
    expect(await verify(token, keys)).toBe('client.assertion');
    clock.advance(1);
    expect(await store.sweep(100)).toBeGreaterThan(0);
    expect((await store.list('counter')).keys).toEqual([]);
  });

  it('leaves nothing behind when it is not proven: a stranger fills no store', async () => {
    const { claims, verify, control } = await begin();
    const [own, other] = await Promise.all([clientSigner('ES256', 'client'), clientSigner('ES256', 'other')]);
    control.calls.length = 0;
    expect(await verify(await other.sign(claims()), published([own]))).toBe(failed);
    expect(await verify(await own.sign(claims({ aud: 'https://else.example' })), published([own]))).toBe(
      'client.assertion',
    );
    expect(control.calls).toEqual([]);
  });

  it('[G8] is remembered a bounded number of times from one address; a replay, another address and a client of the operator count apart', async () => {
    const { claims, verify, b, clock } = await begin();
    const signer = await clientSigner('EdDSA', 'client');
    const keys = published([signer]);
    const from = (address: string, kind: AssertionArrival['kind'] = 'registered') => ({
      ...ARRIVAL,
      kind,
      address,
    });
    const send = async (arrival: AssertionArrival, on?: typeof b, token = signer.sign(claims())) =>
      verify(await token, keys, on, arrival);
    const used = signer.sign(claims());
    expect(await send(from('192.0.2.9'), b, used)).toBe('ok');
    for (let i = 0; i < 5000; i += 1) expect(await send(from('192.0.2.1'))).toBe('ok');
    expect(await send(from('192.0.2.1'))).toBe('request.rate-limited');
    expect(await send(from('::ffff:192.0.2.1'))).toBe('request.rate-limited');
    expect(await send(from('192.0.2.2'))).toBe('ok');
    expect(await send(from('192.0.2.1', 'document'))).toBe('ok');
    expect(await send(from('192.0.2.1', 'static'))).toBe('ok');
    // What another replica remembers costs nothing here.
    expect(await send(from('192.0.2.3'), undefined, used)).toBe('client.assertion-replayed');
    clock.advance(91);
    expect(await send(from('192.0.2.1'))).toBe('ok');
  });

  it('[S4] is not believed while nobody can tell whether it was used: 503', async () => {
    const { claims, verify, control } = await begin();
    const signer = await clientSigner('ES256', 'client');
    control.outage = 'all';
    expect(await verify(await signer.sign(claims()), published([signer]))).toBe('store.unavailable');
  });
});

describe('keys at a URI', () => {
  const keys = { jwksUri: URI };

  it('are fetched once, and again for a name that is new', async () => {
    const { claims, verify, site, clock } = await begin();
    const one = await clientSigner('ES256', 'one', 'one');
    const two = await clientSigner('ES256', 'two', 'two');
    site.keys = [one.publicJwk];
    for (let i = 0; i < 3; i += 1) expect(await verify(await one.sign(claims()), keys)).toBe('ok');
    expect(site.asked).toBe(1);
    site.keys = [two.publicJwk];
    clock.advance(60);
    expect(await verify(await two.sign(claims()), keys)).toBe('ok');
    expect(site.asked).toBe(2);
    expect(await verify(await one.sign(claims()), keys)).toBe(failed);
  });

  it('without names are fetched again when none of them fits', async () => {
    const { claims, verify, site, clock } = await begin();
    const [one, two] = await Promise.all([clientSigner('EdDSA', 'one'), clientSigner('EdDSA', 'two')]);
    site.keys = [one.publicJwk];
    expect(await verify(await one.sign(claims()), keys)).toBe('ok');
    site.keys = [two.publicJwk];
    clock.advance(60);
    expect(await verify(await two.sign(claims()), keys)).toBe('ok');
  });

  it('are asked for once a minute at most, however many assertions are forged', async () => {
    const { claims, verify, site, clock } = await begin();
    const own = await clientSigner('ES256', 'client', 'own');
    const forger = await clientSigner('ES256', 'forger');
    site.keys = [own.publicJwk];
    expect(await verify(await own.sign(claims()), keys)).toBe('ok');
    clock.advance(60);
    for (let i = 0; i < 20; i += 1)
      expect(await verify(await forger.sign(claims(), { kid: `kid-${i}` }), keys)).toBe(failed);
    for (let i = 0; i < 20; i += 1) expect(await verify(await forger.sign(claims()), keys)).toBe(failed);
    expect(site.asked).toBe(2);
    for (const over of [{ aud: 'https://else.example' }, { exp: 1 }])
      expect(await verify(await forger.sign(claims(over)), { jwksUri: 'https://new.example/' })).toBe(
        'client.assertion',
      );
    expect(site.asked).toBe(2);
  });

  it('[S4] that can not be had are 503, and a forged name does not disturb those that are there', async () => {
    const { claims, verify, site, clock } = await begin();
    const own = await clientSigner('ES256', 'client', 'own');
    site.down = true;
    expect(await verify(await own.sign(claims()), keys)).toBe('client.keys-unreachable');
    site.down = false;
    site.keys = [own.publicJwk];
    clock.advance(60);
    expect(await verify(await own.sign(claims()), keys)).toBe('ok');
    site.down = true;
    clock.advance(60);
    expect(await verify(await own.sign(claims(), { kid: 'new' }), keys)).toBe('client.keys-unreachable');
    expect(await verify(await own.sign(claims()), keys)).toBe('ok');
  });

  it('[G8] that proved an assertion are kept, whatever strangers register; those that did not are not', async () => {
    const clock = manualClock();
    const own = await clientSigner('ES256', 'client', 'own');
    const forger = await clientSigner('ES256', 'forger', 'own');
    const asked: string[] = [];
    const fetch = async (url: string) => {
      asked.push(url);
      return Response.json({ keys: [own.publicJwk] }, { headers: { 'cache-control': 'max-age=86400' } });
    };
    const sets = fetchedKeySets(documentFetch({ fetch, clock, maxEntries: 5 }), clock);
    const { verify } = clientAssertions({ keySets: () => sets, count: async () => 1, clock });
    const send = async (jwksUri: string, signer = own) => {
      const token = await signer.sign(assertionClaims(ID, ISSUER, clock.now() / 1000));
      return outcome(verify(readClientAssertion(token), { jwksUri }, ARRIVAL));
    };
    const unproven = 'https://unproven.example/';
    expect([await send(URI), await send(unproven, forger)]).toEqual(['ok', failed]);
    for (let i = 0; i < 10; i += 1) await send(`https://evil.example/${i}`, forger);
    expect([await send(URI), await send(unproven)]).toEqual(['ok', 'ok']);
    expect(asked.filter((url) => url === URI)).toHaveLength(1);
    expect(asked.filter((url) => url === unproven)).toHaveLength(2);
  });

  it('are not used where nothing is fetched', async () => {
    const clock = manualClock();
    const none = clientAssertions({ count: async () => 1, clock });
    const own = await clientSigner('ES256', 'client');
    const token = await own.sign(assertionClaims(ID, ISSUER, clock.now() / 1000));
    expect(none.fetchesKeys).toBe(false);
    expect(await outcome(none.verify(readClientAssertion(token), keys, ARRIVAL))).toBe('client.keys-invalid');
  });
});
