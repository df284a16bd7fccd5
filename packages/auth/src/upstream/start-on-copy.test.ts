import { describe, expect, it } from 'vitest';
import type { AuthEvent } from '../core/events.ts';
import type { Fetch } from '../core/fetch.ts';
import { OperatorError } from '../core/operator-error.ts';
import { openProvider } from './open-provider.ts';
import type { ProviderCopy, ProviderOptions } from './provider-options.ts';
import { ISSUER, json, METADATA } from './scripted-provider.contract.ts';

const DISCOVERY = '/.well-known/openid-configuration';
const rsa = (kid: string) => ({ kty: 'RSA', n: 'AQAB', e: 'AQAB', kid });
const copied: ProviderCopy = { metadata: METADATA, keys: { keys: [rsa('old')] } };

/** A provider whose answers a test gives when it likes, and a start that waits until the test says that the time is over. */
function slowProvider(copy?: ProviderCopy) {
  const asked: string[] = [];
  const answers = new Map<string, (answer: Response | Error) => void>();
  const events: AuthEvent[] = [];
  const saved: ProviderCopy[] = [];
  const waits: number[] = [];
  let timeIsOver = () => {};
  const fetch: Fetch = (url) => {
    const { pathname } = new URL(url);
    asked.push(pathname);
    return new Promise((resolve, reject) => {
      answers.set(pathname, (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
    });
  };
  const cache = {
    load: async () => copy,
    save: async (_issuer: string, latest: ProviderCopy) => void saved.push(latest),
  };
  const wait = (milliseconds: number) => {
    waits.push(milliseconds);
    return new Promise<void>((resolve) => {
      timeIsOver = resolve;
    });
  };
  const open = (options: Partial<ProviderOptions> = {}) =>
    openProvider(
      { issuer: ISSUER, clientId: 'c', ...options },
      { fetch, cache, wait, onEvent: (event) => events.push(event) },
    );
  return {
    asked,
    saved,
    waits,
    open,
    notices: () => events.map((event) => (event.type === 'notice' ? event : undefined)),
    answer: (path: string, answer: Response | Error) => answers.get(path)?.(answer),
    timeIsOver: () => timeIsOver(),
  };
}

/** Everything that is under way, and waits for nobody. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

const outcomeOf = (opening: Promise<unknown>) =>
  opening.then(
    () => 'open',
    (error: unknown) => error,
  );

async function startedLate(options: Partial<ProviderOptions> = {}, copy = copied) {
  const at = slowProvider(copy);
  const opening = at.open(options);
  await settled();
  at.timeIsOver();
  return { at, provider: await opening };
}

describe('a start with a copy of the provider at hand', () => {
  it('asks for both at the same time, and runs on what came in time', async () => {
    const at = slowProvider(copied);
    const opening = at.open();
    await settled();
    expect(at.asked).toEqual([DISCOVERY, '/keys']);
    at.answer('/keys', json({ keys: [rsa('new')] }));
    at.answer(DISCOVERY, json({ ...METADATA, token_endpoint: `${ISSUER}/new` }));
    expect((await opening).metadata().token_endpoint).toBe(`${ISSUER}/new`);
    await settled();
    expect(at.notices()).toEqual([]);
    expect(at.saved.at(-1)).toEqual({
      metadata: expect.objectContaining({ token_endpoint: `${ISSUER}/new` }),
      keys: { keys: [rsa('new')] },
    });
    expect(at.asked).toHaveLength(2);
  });

  it('[G1] waits no longer than a moment, runs on the copy and says so', async () => {
    const { at, provider } = await startedLate();
    expect(at.waits).toEqual([1500]);
    expect(provider.metadata().token_endpoint).toBe(METADATA.token_endpoint);
    expect(at.notices()).toMatchObject([{ message: expect.stringMatching(/takes long.*copy is used/) }]);
    // It is being asked already.
    expect(at.asked).toHaveLength(2);
  });

  it('takes over what comes later', async () => {
    const { at, provider } = await startedLate();
    at.answer(DISCOVERY, json({ ...METADATA, token_endpoint: `${ISSUER}/late` }));
    await settled();
    expect(provider.metadata().token_endpoint).toBe(`${ISSUER}/late`);
    expect(at.saved.at(-1)?.keys).toEqual(copied.keys);
    at.answer('/keys', json({ keys: [rsa('late')] }));
    await settled();
    expect(at.saved.at(-1)).toMatchObject({
      metadata: { token_endpoint: `${ISSUER}/late` },
      keys: { keys: [{ kid: 'late' }] },
    });
    expect(at.notices()).toHaveLength(1);
  });

  it('tells of each that fails later, once', async () => {
    const { at, provider } = await startedLate();
    at.answer(DISCOVERY, new Error('gone'));
    at.answer('/keys', new Error('gone'));
    await settled();
    expect(at.notices().slice(1)).toMatchObject([
      { message: expect.stringContaining('metadata; the last good copy'), detail: { kind: 'unavailable' } },
      { message: expect.stringContaining('keys; the last good copy'), detail: { kind: 'unavailable' } },
    ]);
    expect(provider.metadata().token_endpoint).toBe(METADATA.token_endpoint);
    expect(at.saved).toEqual([]);
  });

  it.each([
    ['another issuer', { issuer: 'https://evil.example' }],
    ['no token endpoint', { token_endpoint: undefined }],
  ])('stops on an answer in time that has %s', async (_what, changes) => {
    const at = slowProvider(copied);
    const outcome = outcomeOf(at.open());
    await settled();
    at.answer(DISCOVERY, json({ ...METADATA, ...changes }));
    expect(await outcome).toBeInstanceOf(OperatorError);
    expect(at.notices()).toEqual([]);
  });

  it.each([
    ['another issuer', { issuer: 'https://evil.example', token_endpoint: 'https://evil.example/token' }],
    ['a token endpoint that is no https URL', { token_endpoint: 'javascript:alert(1)' }],
  ])('[G1] refuses an answer with %s that comes later, and says so', async (_what, changes) => {
    const { at, provider } = await startedLate();
    at.answer(DISCOVERY, json({ ...METADATA, ...changes }));
    at.answer('/keys', json({ keys: [rsa('new')] }));
    await settled();
    expect(provider.metadata()).toMatchObject(METADATA);
    expect(at.saved.map(({ metadata }) => metadata)).toEqual([METADATA]);
    expect(at.notices().slice(1)).toMatchObject([
      { message: expect.stringMatching(/must not be used.*copy is used/), detail: { kind: 'invalid' } },
    ]);
  });

  it.each(['before', 'after'])(
    'reads the keys where new metadata say, %s the old place answers',
    async (when) => {
      const at = slowProvider(copied);
      const opening = at.open();
      await settled();
      const old = () => at.answer('/keys', json({ keys: [rsa('of the old place')] }));
      if (when === 'after') old();
      at.answer(DISCOVERY, json({ ...METADATA, jwks_uri: `${ISSUER}/moved` }));
      await settled();
      if (when === 'before') old();
      await settled();
      expect(at.asked).toEqual([DISCOVERY, '/keys', '/moved']);
      at.answer('/moved', json({ keys: [rsa('moved')] }));
      await opening;
      await settled();
      expect(at.saved.at(-1)).toMatchObject({
        metadata: { jwks_uri: `${ISSUER}/moved` },
        keys: { keys: [{ kid: 'moved' }] },
      });
    },
  );

  it('uses copied keys likewise where nothing is discovered', async () => {
    const endpoints = {
      authorization: METADATA.authorization_endpoint,
      token: METADATA.token_endpoint,
      keys: METADATA.jwks_uri,
    };
    const { at, provider } = await startedLate({ discovery: false, endpoints }, { keys: copied.keys });
    expect(at.asked).toEqual(['/keys']);
    expect(provider.keys?.known).toBe(true);
    at.answer('/keys', json({ keys: [rsa('late')] }));
    await settled();
    expect(at.saved).toEqual([{ metadata: undefined, keys: { keys: [rsa('late')] } }]);
  });

  it.each<[string, ProviderCopy | undefined]>([
    ['none', undefined],
    ['one without keys', { metadata: METADATA }],
    ['one with damaged keys', { metadata: METADATA, keys: { keys: 'none' } }],
    ['one without metadata', { keys: copied.keys }],
  ])('waits for both where the copy is %s', async (_what, copy) => {
    const at = slowProvider(copy);
    const outcome = outcomeOf(at.open());
    await settled();
    expect(at.asked).toEqual([DISCOVERY]);
    at.answer(DISCOVERY, json(METADATA));
    await settled();
    expect(at.asked).toEqual([DISCOVERY, '/keys']);
    at.answer('/keys', json({ keys: [rsa('new')] }));
    expect(await outcome).toBe('open');
    expect([at.waits, at.notices()]).toEqual([[], []]);
  });
});
