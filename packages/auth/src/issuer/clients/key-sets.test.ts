import { describe, expect, it } from 'vitest';
import { manualClock } from '../../core/clock.ts';
import { Refusal } from '../../core/refusal.ts';
import { documentFetch } from '../../net/document-fetch.ts';
import { outcome } from '../../sessions/replicas.contract.ts';
import { documentsFromFile } from './document-clients.ts';
import { fetchedKeySets, keySetsAtHand } from './key-sets.ts';

const URI = 'https://app.example/jwks.json';
const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) };
const json = (body: unknown, init: ResponseInit = {}) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    headers: { 'content-type': 'application/jwk-set+json' },
    ...init,
  });

function begin(answer: () => Response | Promise<Response> = () => json({ keys: [jwk] })) {
  const clock = manualClock();
  const asked: string[] = [];
  const script = { answer };
  const fetch = async (url: string) => {
    asked.push(url);
    return script.answer();
  };
  return { clock, asked, script, sets: fetchedKeySets(documentFetch({ fetch, clock }), clock) };
}

describe('key sets over the network', () => {
  it('are fetched once for any number of callers, and kept', async () => {
    const { sets, asked, clock } = begin();
    const all = await Promise.all([1, 2, 3].map(() => sets.get(URI)));
    expect(all.map(({ keys }) => keys)).toEqual([[jwk], [jwk], [jwk]]);
    clock.advance(299);
    await sets.get(URI);
    expect(asked).toEqual([URI]);
  });

  it('[G8] are asked for again for something newer, once within a minute', async () => {
    const { sets, asked, clock } = begin();
    const { fetchedAt } = await sets.get(URI);
    for (let i = 0; i < 5; i += 1) await sets.get(URI, fetchedAt);
    expect(asked).toHaveLength(1);
    clock.advance(60);
    for (let i = 0; i < 5; i += 1) await sets.get(URI, fetchedAt);
    expect(asked).toHaveLength(2);
  });

  it.each<[string, string, () => Response | Promise<Response>]>([
    ['nobody there', 'client.keys-unreachable', () => Promise.reject(new Error('no route'))],
    ['trouble there', 'client.keys-unreachable', () => json({}, { status: 502 })],
    ['too many asking', 'client.keys-unreachable', () => json({}, { status: 429 })],
    ['not found', 'client.keys-invalid', () => json({}, { status: 404 })],
    ['a redirect', 'client.keys-invalid', () => json({}, { status: 302 })],
    [
      'a page',
      'client.keys-invalid',
      () => new Response('<b>', { headers: { 'content-type': 'text/html' } }),
    ],
    ['no JSON', 'client.keys-invalid', () => json('{')],
    ['too long', 'client.keys-invalid', () => json(`"${'x'.repeat(70_000)}"`)],
    ['no set', 'client.keys-invalid', () => json({ key: [] })],
    ['no key', 'client.keys-invalid', () => json({ keys: [] })],
    ['a private key', 'client.keys-invalid', () => json({ keys: [{ ...jwk, d: 'x' }] })],
    ['a shared secret', 'client.keys-invalid', () => json({ keys: [{ kty: 'oct', k: 'x' }] })],
  ])('%s: %s', async (_, reason, answer) => {
    const { sets, asked } = begin(answer);
    expect(await outcome(sets.get(URI))).toBe(reason);
    expect(await outcome(sets.get(URI))).toBe(reason);
    expect(asked).toHaveLength(1);
  });

  it('say when to come back', async () => {
    const { sets } = begin(() => Promise.reject(new Error('no route')));
    const error = await sets.get(URI).catch((caught: unknown) => caught);
    expect((error as Refusal).retryAfterSeconds).toBe(60);
  });

  it('come back after a failure', async () => {
    const { sets, script, clock } = begin(() => Promise.reject(new Error('no route')));
    await outcome(sets.get(URI));
    script.answer = () => json({ keys: [jwk] });
    clock.advance(60);
    expect((await sets.get(URI)).keys).toEqual([jwk]);
  });

  it('[S3] are used on for an hour while their address does not answer, but not for something newer', async () => {
    const { sets, script, clock } = begin();
    const { fetchedAt } = await sets.get(URI);
    script.answer = () => json({}, { status: 503 });
    clock.advance(3600);
    expect((await sets.get(URI)).keys).toEqual([jwk]);
    expect(await outcome(sets.get(URI, fetchedAt))).toBe('client.keys-unreachable');
    clock.advance(1);
    expect(await outcome(sets.get(URI))).toBe('client.keys-unreachable');
  });

  it('are gone when their address says so, and stay gone when it falls silent', async () => {
    const { sets, script, clock } = begin();
    for (const answer of [() => json({}, { status: 404 }), () => json({ keys: [] })]) {
      script.answer = () => json({ keys: [jwk] });
      await sets.get(URI);
      clock.advance(301);
      script.answer = answer;
      expect(await outcome(sets.get(URI))).toBe('client.keys-invalid');
      clock.advance(301);
      script.answer = () => Promise.reject(new Error('no route'));
      expect(await outcome(sets.get(URI))).toBe('client.keys-unreachable');
      clock.advance(60);
    }
  });

  it('[G8] are remembered for a bounded number of clients', async () => {
    const { sets, script, clock } = begin();
    await sets.get(URI);
    for (let i = 0; i < 500; i += 1) await sets.get(`https://app.example/${i}.json`);
    script.answer = () => Promise.reject(new Error('no route'));
    clock.advance(301);
    expect(await outcome(sets.get(URI))).toBe('client.keys-unreachable');
    expect((await sets.get('https://app.example/499.json')).keys).toEqual([jwk]);
  });

  it('[G8] that proved an assertion are had, and fetched anew, whatever strangers name', async () => {
    const { sets, script, clock, asked } = begin();
    await sets.get(URI);
    sets.keep(URI);
    for (let i = 0; i < 600; i += 1) await sets.get(`https://evil.example/${i}`);
    script.answer = () => new Promise(() => {});
    for (let i = 0; i < 20; i += 1) void sets.get(`https://evil.example/slow${i}`);
    expect(await outcome(sets.get('https://new.example/'))).toBe('client.keys-unreachable');
    const before = asked.length;
    expect((await sets.get(URI)).keys).toEqual([jwk]);
    expect(asked).toHaveLength(before);
    clock.advance(301);
    script.answer = () => json({ keys: [{ ...jwk, kid: 'new' }] });
    expect((await sets.get(URI)).keys).toEqual([{ ...jwk, kid: 'new' }]);
    // And while its own address does not answer, what it said last counts for the hour.
    script.answer = () => Promise.reject(new Error('no route'));
    clock.advance(3600);
    for (let i = 0; i < 600; i += 1) await outcome(sets.get(`https://evil.example/down${i}`));
    expect((await sets.get(URI)).keys).toEqual([{ ...jwk, kid: 'new' }]);
  });

  it('that are slow keep nobody else waiting', async () => {
    const { sets, script } = begin();
    let answer = (_: Response) => {};
    script.answer = () => new Promise((resolve) => (answer = resolve));
    const slow = sets.get('https://slow.example/jwks.json');
    script.answer = () => json({ keys: [jwk] });
    expect((await sets.get(URI)).keys).toEqual([jwk]);
    answer(json({ keys: [jwk] }));
    expect((await slow).keys).toEqual([jwk]);
  });
});

describe('key sets at hand', () => {
  it('come from the file of the documents', async () => {
    const sets = keySetsAtHand(documentsFromFile({ [URI]: { keys: [jwk] } }));
    expect((await sets.get(URI)).keys).toEqual([jwk]);
    expect(await outcome(sets.get('https://else.example/jwks.json'))).toBe('client.keys-invalid');
  });

  it('are unreachable where the documents are', async () => {
    const sets = keySetsAtHand({
      fetchDocument: () => Promise.reject(new Refusal('client.metadata-unreachable')),
    });
    expect(await outcome(sets.get(URI))).toBe('client.keys-unreachable');
    const broken = keySetsAtHand({ fetchDocument: () => Promise.reject(new TypeError('x')) });
    await expect(broken.get(URI)).rejects.toThrow(TypeError);
  });
});
