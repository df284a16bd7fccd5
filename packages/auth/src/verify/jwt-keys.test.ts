import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS } from '../../../../e2e/servers/faulty-proxy.ts';
import { OperatorError } from '../core/operator-error.ts';
import {
  type JwtWorld,
  jwtWorld,
  type KeyServer,
  RESOURCE,
  type Signer,
  sign,
  signer,
  startKeyServer,
} from './jwt-tokens.contract.ts';
import { refusalOf } from './verifier.contract.ts';

let first: Signer;
let second: Signer;
let server: KeyServer;
let world: JwtWorld;
beforeAll(async () => {
  first = await signer('ES256', 'first');
  second = await signer('ES256', 'second');
});
const opened: KeyServer[] = [];
async function open(path = '/keys', more = {}) {
  server = await startKeyServer(first);
  opened.push(server);
  world = jwtWorld();
  return world.open({ keys: { jwksUri: server.proxy.url + path, ...more } });
}
afterEach(async () => {
  for (const each of opened.splice(0)) await each.proxy.close();
});

const forged = (kid: string) => sign(world.clock, { ...second, kid });
const reads = () => server.proxy.requests.length;

describe('a key set that is read from its provider', () => {
  it('is read once for ten that come at the same time, each with a token of its own', async () => {
    const verifier = await open();
    const tokens = await Promise.all(
      Array.from({ length: 10 }, (_, n) => sign(world.clock, first, { claims: { sub: `u-${n}` } })),
    );
    await Promise.all(tokens.map((token) => verifier.verify(token, RESOURCE)));
    expect(reads()).toBe(1);
  });

  it('is read before the first token comes, and then not for it', async () => {
    const verifier = await open();
    await verifier.warm?.();
    expect(reads()).toBe(1);
    await verifier.verify(await sign(world.clock, first), RESOURCE);
    expect(reads()).toBe(1);
  });

  it('has the operator told when it can not be read at the start, and stops nothing', async () => {
    const verifier = await open();
    server.proxy.fail('/keys', FAULTS.serverError);
    await verifier.warm?.();
    expect(world.events).toEqual([expect.objectContaining({ type: 'upstream.failed', operation: 'keys' })]);
  });

  it('[G8] is read once more in a cool-down for ten forged key ids, one after the other or together', async () => {
    const verifier = await open();
    await verifier.verify(await sign(world.clock, first), RESOURCE);
    for (let n = 0; n < 10; n += 1)
      expect((await refusalOf(verifier.verify(await forged(`f-${n}`), RESOURCE))).reason).toBe(
        'token.key-unknown',
      );
    const more = await Promise.all(Array.from({ length: 10 }, (_, n) => forged(`g-${n}`)));
    for (const refusal of await Promise.all(more.map((token) => refusalOf(verifier.verify(token, RESOURCE)))))
      expect(refusal.reason).toBe('token.key-unknown');
    expect(reads()).toBe(2);
    world.clock.advance(61);
    await refusalOf(verifier.verify(await forged('h'), RESOURCE));
    expect(reads()).toBe(3);
  });

  it('[G8] is read once for ten forged key ids that are the first to come', async () => {
    const verifier = await open();
    for (let n = 0; n < 10; n += 1)
      expect((await refusalOf(verifier.verify(await forged(`f-${n}`), RESOURCE))).reason).toBe(
        'token.key-unknown',
      );
    expect(reads()).toBe(1);
    await verifier.verify(await sign(world.clock, first), RESOURCE);
    expect(reads()).toBe(1);
  });

  it('[G8] is not read for a token that is bad for other reasons', async () => {
    const verifier = await open();
    for (const claims of [{ exp: 1 }, { aud: 'x' }, { iss: 'x' }, { sub: 'u', cnf: {} }])
      await refusalOf(verifier.verify(await sign(world.clock, first, { claims }), RESOURCE));
    expect(reads()).toBe(0);
  });

  it('is read at once when the provider signs with a new key', async () => {
    const verifier = await open();
    await verifier.verify(await sign(world.clock, first), RESOURCE);
    server.show(first, second);
    await verifier.verify(await sign(world.clock, second), RESOURCE);
    expect(reads()).toBe(2);
  });

  it('lets nobody in with a key that was taken away, once its time is over; tokens that are remembered neither', async () => {
    const verifier = await open();
    const token = await sign(world.clock, first, { claims: { exp: world.clock.now() / 1000 + 86_400 } });
    const remembered = await verifier.verify(token, RESOURCE);
    server.show(second);
    world.clock.advance(600);
    expect(await remembered.admit()).toMatchObject({ clientId: 'c-1' });
    world.clock.advance(1);
    expect((await refusalOf(Promise.resolve(remembered.admit()))).reason).toBe('token.key-unknown');
    expect((await refusalOf(verifier.verify(token, RESOURCE))).reason).toBe('token.key-unknown');
  });

  it('is used on while the provider is away, but not for ever', async () => {
    const verifier = await open();
    const good = () => sign(world.clock, first);
    await verifier.verify(await good(), RESOURCE);
    server.proxy.fail('/keys', FAULTS.drop);
    world.clock.advance(3600);
    expect((await verifier.verify(await good(), RESOURCE)).expiresAt).toBeGreaterThan(0);
    expect((await refusalOf(verifier.verify(await forged('x'), RESOURCE))).reason).toBe(
      'verifier.unavailable',
    );
    world.clock.advance(86_400);
    expect((await refusalOf(verifier.verify(await good(), RESOURCE))).reason).toBe('verifier.unavailable');
  });

  it('is used on while the provider shows keys that can not be used, and the operator is told', async () => {
    const verifier = await open();
    await verifier.verify(await sign(world.clock, first), RESOURCE);
    server.show({ ...first, jwk: { ...first.jwk, x: 7 } });
    world.clock.advance(601);
    const before = world.events.length;
    await verifier.verify(await sign(world.clock, first), RESOURCE);
    expect(world.events.slice(before)).toEqual([
      {
        type: 'notice',
        message: expect.stringContaining('those from before are used'),
        detail: expect.objectContaining({
          operation: 'keys',
          kind: 'misconfigured',
          why: 'no key can be used',
        }),
      },
    ]);
  });

  it('is asked for with the query of its address', async () => {
    const verifier = await open('/keys?p=B2C_1_signin&tenant=a%20b');
    await verifier.verify(await sign(world.clock, first), RESOURCE);
    expect(Object.fromEntries(server.proxy.requests[0]!.query)).toEqual({ p: 'B2C_1_signin', tenant: 'a b' });
  });

  it('is of use although one key in it is of no known kind, and without a kid where one key fits', async () => {
    const verifier = await open();
    server.show(
      { ...second, jwk: { kty: 'XYZ', kid: 'odd' } },
      { ...second, jwk: { ...first.jwk, kid: undefined } },
    );
    await verifier.verify(await sign(world.clock, { ...first, kid: undefined }), RESOURCE);
    expect(reads()).toBe(1);
  });
});

describe('keys that can not work stop the start', () => {
  const problems = (options: Parameters<JwtWorld['open']>[0]) => {
    try {
      jwtWorld().open(options);
    } catch (error) {
      if (error instanceof OperatorError) return error.problems.map(({ setting }) => setting);
      throw error;
    }
    return [];
  };

  it.each([
    ['an empty text', { publicKey: '' }, 'verifier.keys.publicKey'],
    ['no key', { publicKey: [] }, 'verifier.keys.publicKey'],
    ['a short secret', { sharedSecret: 'x'.repeat(31) }, 'verifier.keys.sharedSecret'],
    ['plain http elsewhere', { jwksUri: 'http://id.example.com/keys' }, 'verifier.keys.jwksUri'],
    ['no address', { jwksUri: 'keys' }, 'verifier.keys.jwksUri'],
  ])('%s', (_what, keys, setting) => expect(problems({ keys })).toEqual([setting]));

  it('two kinds of keys at once, and algorithms that none of them can have', () => {
    expect(problems({ keys: { publicKey: first.pem, sharedSecret: 'x'.repeat(32) } as never })).toEqual([
      'verifier.keys',
    ]);
    expect(problems({ keys: { publicKey: first.pem }, algorithms: ['RS256'] })).toEqual([
      'verifier.algorithms',
    ]);
    expect(problems({ keys: { publicKey: first.pem }, algorithms: ['HS256'] })).toEqual([
      'verifier.algorithms',
    ]);
    expect(problems({ keys: { jwksUri: 'https://x.example' }, algorithms: ['HS256'] })).toEqual([
      'verifier.algorithms',
    ]);
    expect(problems({ keys: { jwksUri: 'https://x.example' }, algorithms: ['none'] })).toEqual([
      'verifier.algorithms',
    ]);
    const short = { sharedSecret: 'x'.repeat(48) };
    expect(problems({ keys: short, algorithms: ['HS384'] })).toEqual([]);
    expect(problems({ keys: short, algorithms: ['HS512'] })).toEqual(['verifier.keys.sharedSecret']);
  });

  it('[G9] a public key as the shared secret', () => {
    for (const sharedSecret of [first.pem, JSON.stringify(first.jwk)])
      expect(problems({ keys: { sharedSecret } })).toEqual(['verifier.keys.sharedSecret']);
  });
});
