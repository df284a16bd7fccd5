import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, type FaultyProxy } from '../../../../e2e/servers/faulty-proxy.ts';
import { type HandMadeProvider, startHandMadeProvider } from '../../../../e2e/servers/hand-made-provider.ts';
import {
  OIDC_PATHS,
  type RunningOidcProvider,
  startOidcProvider,
} from '../../../../e2e/servers/oidc-provider.ts';
import { manualClock } from '../core/clock.ts';
import type { AuthEvent } from '../core/events.ts';
import type { Fetch } from '../core/fetch.ts';
import { OperatorError } from '../core/operator-error.ts';
import { guardedFetch } from '../net/guarded-fetch.ts';
import { openProvider } from './open-provider.ts';
import type { ProviderCache, ProviderCopy, ProviderOptions } from './provider-options.ts';

const wayOut = guardedFetch({ trust: 'operator' });

let real: RunningOidcProvider;
let odd: HandMadeProvider;
let proxy: FaultyProxy;
beforeAll(async () => {
  real = await startOidcProvider({ accounts: {}, clients: [] });
  odd = await startHandMadeProvider();
  proxy = real.proxy;
});
afterAll(async () => {
  await real.close();
  await odd.close();
});
afterEach(() => proxy.mend());

function memoryCache(): ProviderCache & { readonly copies: Map<string, ProviderCopy> } {
  const copies = new Map<string, ProviderCopy>();
  return {
    copies,
    load: async (issuer) => structuredClone(copies.get(issuer)),
    save: async (issuer, copy) => void copies.set(issuer, structuredClone(copy)),
  };
}

const events: AuthEvent[] = [];
afterEach(() => void events.splice(0));
const open = (options: Partial<ProviderOptions> = {}, cache?: ProviderCache, clock = manualClock()) =>
  openProvider(
    { issuer: real.issuer, clientId: 'c', timeoutSeconds: 1, ...options },
    { fetch: wayOut, cache, clock, onEvent: (event) => events.push(event) },
  );

const stops = async (opening: Promise<unknown>, text: RegExp) => {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OperatorError);
  expect((error as OperatorError).message).toMatch(text);
};

describe('getting to know a provider', () => {
  it('keeps a copy of what it said', async () => {
    const cache = memoryCache();
    const provider = await open({}, cache);
    expect(provider.metadata()).toMatchObject({
      issuer: real.issuer,
      token_endpoint: `${real.issuer}/token`,
      authorization_response_iss_parameter_supported: true,
    });
    const copy = cache.copies.get(real.issuer);
    expect(copy?.metadata).toEqual(provider.metadata());
    expect(copy?.keys).toMatchObject({ keys: [{ kid: 'first' }] });
    expect(JSON.stringify(copy?.keys)).not.toContain('"d"');
  });

  it.each([
    ['drops the connection', FAULTS.drop],
    ['answers 500', FAULTS.serverError],
    ['answers 429', FAULTS.tooMany],
    ['does not answer in time', { kind: 'delay', seconds: 5 } as const],
    ['shows a page', FAULTS.html],
  ])('that %s: stops without a copy, starts with one and says so', async (_what, fault) => {
    const cache = memoryCache();
    await open({}, cache);
    proxy.fail(OIDC_PATHS.discovery, fault);
    proxy.fail(OIDC_PATHS.keys, fault);
    await stops(open(), /^upstream\.issuer/);
    events.length = 0;
    const provider = await open({}, cache);
    expect(provider.metadata().token_endpoint).toBe(`${real.issuer}/token`);
    // Both are asked for at the same time: either may fail first.
    expect(events.map((event) => event.type === 'notice' && event.message).sort()).toEqual([
      expect.stringContaining('keys; the last good copy is used'),
      expect.stringContaining('metadata; the last good copy is used'),
    ]);
  });

  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', /authority .*`outbound\.ca`/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /authority .*`outbound\.ca`/],
    ['CERT_HAS_EXPIRED', /renewed/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /the address that its certificate is for/],
    ['ECONNREFUSED', /Check the address and the network/],
  ])('says what to do about %s', async (code, remedy) => {
    const fetch: Fetch = () => Promise.reject(Object.assign(new Error('x'), { code }));
    await stops(openProvider({ issuer: real.issuer, clientId: 'c' }, { fetch }), remedy);
  });

  it('stops when the keys can not be read and there is no copy of them', async () => {
    proxy.fail(OIDC_PATHS.keys, FAULTS.drop);
    await stops(open(), /can not be reached/);
  });

  it('starts when the copy can neither be read nor kept, and says so', async () => {
    const broken: ProviderCache = {
      load: () => Promise.reject(new Error('no store')),
      save: () => Promise.reject(new Error('no store')),
    };
    await open({}, broken);
    await new Promise(setImmediate);
    expect(events[0]).toMatchObject({
      type: 'notice',
      message: expect.stringContaining('could not be kept'),
    });
  });

  it('reads the metadata again when they are old, behind the scenes, and keeps the old ones on failure', async () => {
    const clock = manualClock();
    const provider = await open({ metadataMaxAgeSeconds: 600 }, undefined, clock);
    const asked = () => real.requests.filter((r) => r.path === OIDC_PATHS.discovery).length;
    const before = asked();
    provider.metadata();
    expect(asked()).toBe(before);
    proxy.fail(OIDC_PATHS.discovery, FAULTS.serverError);
    clock.advance(601);
    const known = provider.metadata();
    for (let n = 0; n < 10; n += 1) expect(provider.metadata()).toEqual(known);
    await expect.poll(() => events.length).toBe(1);
    provider.metadata();
    expect(asked()).toBe(before + 1);
  });

  it('finds a document under the OAuth name', async () => {
    const metadata = { ...odd.metadata };
    odd.answers.delete('/.well-known/openid-configuration');
    odd.answers.set('/.well-known/oauth-authorization-server', { body: metadata });
    const provider = await open({ issuer: odd.issuer });
    expect(provider.metadata().token_endpoint).toBe(`${odd.issuer}/token`);
    odd.answers.set('/.well-known/openid-configuration', { body: metadata });
    odd.answers.delete('/.well-known/oauth-authorization-server');
  });

  it.each([
    ['of another issuer', { issuer: 'https://evil.example' }, /another issuer/],
    ['without a token endpoint', { token_endpoint: undefined }, /lacks token_endpoint/],
    ['without keys', { jwks_uri: undefined }, /lacks jwks_uri/],
    ['with a script for an address', { authorization_endpoint: 'javascript:alert(1)' }, /no https URL/],
    ['with plain http elsewhere', { token_endpoint: 'http://idp.example/token' }, /plain http/],
    ['with a password in an address', { token_endpoint: 'https://a:b@idp.example/' }, /password/],
  ])('stops on a document %s, copy or not', async (_what, changes, message) => {
    const cache = memoryCache();
    cache.copies.set(odd.issuer, { metadata: { ...odd.metadata } });
    odd.answers.set('/.well-known/openid-configuration', { body: { ...odd.metadata, ...changes } });
    await stops(open({ issuer: odd.issuer }, cache), message);
    odd.answers.set('/.well-known/openid-configuration', { body: odd.metadata });
  });

  it('does not trust a copy of another issuer', async () => {
    const cache = memoryCache();
    await open({}, cache);
    const stolen = { ...cache.copies.get(real.issuer)?.metadata, issuer: 'https://evil.example' };
    cache.copies.set(real.issuer, { metadata: stolen });
    proxy.fail(OIDC_PATHS.discovery, FAULTS.drop);
    await stops(open({}, cache), /another issuer/);
  });

  it('stops on an address that the way out refuses, and says which', async () => {
    const opening = open({ issuer: 'http://8.8.8.8', allowPlainHttp: true });
    await stops(opening, /gave an answer that can not be used.*8\.8\.8\.8 may not be reached/);
  });

  it('[G8] reads no answer without end, and waits for no fetch that does not listen', async () => {
    odd.answers.set('/.well-known/openid-configuration', { body: ' '.repeat(1024 * 1024 + 1) });
    const limitless: Fetch = (url, init) => fetch(url, { ...init, redirect: 'manual' });
    for (const way of [limitless, wayOut]) {
      const opening = openProvider({ issuer: odd.issuer, clientId: 'c' }, { fetch: way });
      await stops(opening, /can not be used.*1048576 bytes/);
    }
    odd.answers.set('/.well-known/openid-configuration', { body: odd.metadata });
    const deaf: Fetch = () => new Promise(() => {});
    await stops(
      openProvider({ issuer: real.issuer, clientId: 'c', timeoutSeconds: 0.2 }, { fetch: deaf }),
      /no answer in 0.2 s/,
    );
  });
});

it('stops on settings that can not work, before anybody is asked', async () => {
  const asked = real.requests.length;
  await stops(
    open({ clientId: '', timeoutSeconds: 99 }),
    /upstream\.clientId[\s\S]*upstream\.timeoutSeconds/,
  );
  expect(real.requests).toHaveLength(asked);
});
