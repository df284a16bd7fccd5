import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { FAULTS } from '../../../../e2e/servers/faulty-proxy.ts';
import { OperatorError } from '../core/operator-error.ts';
import { REFUSALS } from '../core/refusal-reasons.ts';
import { type IntrospectionOptions, introspectionVerifier } from './introspection.ts';
import { RESOURCE, startTokenServer, type TokenServer } from './token-server.contract.ts';
import { describeVerifier, refusalOf } from './verifier.contract.ts';

const CLIENT = { clientId: 'gate', clientSecret: 'only-for-tests+/=' };
const BASIC = `Basic ${Buffer.from(`gate:${encodeURIComponent(CLIENT.clientSecret)}`).toString('base64')}`;

/** RFC 7662 as providers do it: nobody is told anything without credentials, and a token that is not known is inactive. */
const start = () =>
  startTokenServer((known, { form, headers }) => {
    const byPost = form.get('client_id') === 'gate' && form.get('client_secret') === CLIENT.clientSecret;
    if (!byPost && headers.authorization !== BASIC) return { status: 401, body: { error: 'invalid_client' } };
    const claims = known.get(form.get('token') ?? '');
    return {
      status: 200,
      body: claims ? { active: true, token_type: 'Bearer', ...claims } : { active: false },
    };
  });

const servers: TokenServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.proxy.close();
});
async function world(options: Partial<IntrospectionOptions> = {}) {
  const server = await start();
  servers.push(server);
  return { ...server, server, verifier: open(server, options), asked: () => server.proxy.requests.length };
}
function open(server: TokenServer, options: Partial<IntrospectionOptions> = {}) {
  const endpoint = `${server.proxy.url}/introspect`;
  return introspectionVerifier({ endpoint, issuer: server.proxy.url, ...CLIENT, ...options }, server.parts);
}

const underTest = (method: 'basic' | 'post') => async () => {
  const server = await start();
  return {
    ...server,
    verifier: open(server, { clientAuthentication: method }),
    resource: RESOURCE,
    issuer: server.proxy.url,
    token: async (wish = {}) => server.issue(wish),
    forged: async (n: number) => `forged-token-${n}`,
    provider: { proxy: server.proxy, path: '/introspect' },
    hasAudience: true,
    leewaySeconds: 30,
    end: () => server.proxy.close(),
  };
};
describeVerifier('introspection with credentials in the header', underTest('basic'), {
  asks: true,
  runs: 200,
});
describeVerifier('introspection with credentials in the body', underTest('post'), { asks: true, runs: 50 });

describe('asking for introspection', () => {
  it('says who asks, which token, and which kind', async () => {
    const { verifier, issue, proxy } = await world();
    const token = issue();
    await verifier.verify(token, RESOURCE);
    const [request] = proxy.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/introspect' });
    expect(Object.fromEntries(request!.form)).toEqual({ token, token_type_hint: 'access_token' });
    expect(request!.headers).toMatchObject({ accept: 'application/json', authorization: BASIC });
  });

  it('is done once in a time, and never for longer than the token lives', async () => {
    const { verifier, issue, clock, asked } = await world({ cacheSeconds: 60 });
    const verified = await verifier.verify(issue({ expiresInSeconds: 90 }), RESOURCE);
    for (let second = 0; second < 59; second += 1) {
      clock.advance(1);
      expect(verified.admit()).toMatchObject({ clientId: 'c-1' });
    }
    expect(asked()).toBe(1);
    clock.advance(1);
    const waiting = Array.from({ length: 10 }, () => verified.admit());
    for (const each of waiting) expect(each).toBeInstanceOf(Promise);
    await Promise.all(waiting);
    expect(asked()).toBe(2);
    clock.advance(30);
    await verified.admit();
    expect(asked()).toBe(3);
  });

  it('tells a revocation when the time is over, to a request that already had the token', async () => {
    const { verifier, issue, known, clock } = await world({ cacheSeconds: 10 });
    const token = issue();
    const verified = await verifier.verify(token, RESOURCE);
    verified.admit();
    known.delete(token);
    clock.advance(9);
    expect(await verified.admit()).toMatchObject({ clientId: 'c-1' });
    clock.advance(1);
    expect((await refusalOf(Promise.resolve(verified.admit()))).reason).toBe('token.unknown');
  });

  it('takes over what changed', async () => {
    const { verifier, issue, known, clock } = await world({ cacheSeconds: 10 });
    const token = issue({ scopes: ['a', 'b'] });
    const verified = await verifier.verify(token, RESOURCE);
    verified.admit();
    known.get(token)!.scope = 'a';
    clock.advance(10);
    expect(await verified.admit()).toMatchObject({ scopes: ['a'] });
  });

  it('keeps no failure, and no refusal unless told to', async () => {
    const { verifier, issue, proxy, asked, clock, server } = await world();
    proxy.fail('/introspect', FAULTS.serverError, 1);
    const token = issue();
    expect((await refusalOf(verifier.verify(token, RESOURCE))).reason).toBe('verifier.unavailable');
    await verifier.verify(token, RESOURCE);
    for (let n = 0; n < 3; n += 1) await refusalOf(verifier.verify('forged', RESOURCE));
    expect(asked()).toBe(5);
    const keeping = open(server, { refusedCacheSeconds: 20 });
    for (let n = 0; n < 3; n += 1)
      expect((await refusalOf(keeping.verify('forged', RESOURCE))).reason).toBe('token.unknown');
    expect(asked()).toBe(6);
    clock.advance(20);
    await refusalOf(keeping.verify('forged', RESOURCE));
    expect(asked()).toBe(7);
  });

  it('is 503 with wrong credentials, told to the operator without the secret', async () => {
    const { server, issue, events } = await world();
    const verifier = open(server, { clientSecret: 'another-secret' });
    const refusal = await refusalOf(verifier.verify(issue(), RESOURCE));
    expect(refusal).toMatchObject({ reason: 'verifier.unavailable', detail: { error: 'invalid_client' } });
    expect(events).toMatchObject([
      { type: 'upstream.failed', kind: 'misconfigured', operation: 'introspection' },
    ]);
    expect(JSON.stringify([events, refusal.detail])).not.toContain('another-secret');
  });

  it('waits no longer than it may', async () => {
    const { verifier, issue, proxy } = await world({ timeoutSeconds: 1 });
    proxy.fail('/introspect', { kind: 'delay', seconds: 30 });
    const refusal = await refusalOf(verifier.verify(issue(), RESOURCE));
    expect(refusal).toMatchObject({ reason: 'verifier.unavailable', detail: { why: 'no answer in 1 s' } });
  });

  it('[G8] asks about so many at a time, and tells the next to come back', async () => {
    const { verifier, issue } = await world({ maxConcurrent: 2 });
    const tokens = [issue(), issue(), issue()];
    const outcomes = await Promise.allSettled(tokens.map((token) => verifier.verify(token, RESOURCE)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(
      await refusalOf(
        (async () => {
          throw (outcomes[2] as PromiseRejectedResult).reason;
        })(),
      ),
    ).toMatchObject({
      reason: 'verifier.unavailable',
      retryAfterSeconds: 1,
    });
  });
});

describe('what introspection says', () => {
  const told = async (more: Record<string, unknown>, options: Partial<IntrospectionOptions> = {}) => {
    const { verifier, issue } = await world(options);
    return (await verifier.verify(issue({}, more), RESOURCE)).admit();
  };
  const reason = async (more: Record<string, unknown>, options: Partial<IntrospectionOptions> = {}) =>
    (await refusalOf(told(more, options))).reason;

  it('scopes as a text or a list', async () => {
    expect(await told({ scope: ['a', 'b'] })).toMatchObject({ scopes: ['a', 'b'] });
    expect(await told({ scope: undefined })).toMatchObject({ scopes: [] });
  });

  it('the audience, unless that is not asked', async () => {
    expect(await told({ aud: ['x', RESOURCE] })).toMatchObject({ resource: RESOURCE });
    expect(await reason({ aud: undefined })).toBe('token.audience');
    expect(await reason({ aud: 'x' })).toBe('token.audience');
    expect(await told({ aud: 'api' }, { audience: ['api'] })).toMatchObject({ resource: RESOURCE });
    expect(await told({ aud: undefined }, { audience: 'none' })).toMatchObject({ resource: RESOURCE });
  });

  it('[G5] that it is a bearer token, and no other kind', async () => {
    expect(await told({ token_type: 'bearer' })).toBeDefined();
    expect(await told({ token_type: undefined })).toBeDefined();
    expect(await reason({ token_type: undefined }, { audience: 'none' })).toBe('token.type');
    expect(await told({ token_type: undefined }, { audience: 'none', acceptUntyped: true })).toBeDefined();
    for (const token_type of ['DPoP', 'refresh_token'])
      expect(await reason({ token_type })).toBe('token.type');
    // No text at all breaks the answer, which then says nothing about the token.
    for (const token_type of [7, ['Bearer'], { toString: 1 }])
      expect(await reason({ token_type })).toBe('verifier.unavailable');
    for (const iss of [7, ['x'], { toString: 1 }]) expect(await reason({ iss })).toBe('verifier.unavailable');
    expect(await reason({ token_use: 'refresh_token' })).toBe('token.type');
    expect(await reason({ cnf: { jkt: 'x' } })).toBe('token.claims');
  });

  it('another issuer, no person, another client: refused', async () => {
    expect(await reason({ iss: 'https://else.example' })).toBe('token.issuer');
    expect(await reason({ sub: undefined })).toBe('token.claims');
    expect(await told({ sub: undefined }, { subjectClaim: 'client_id' })).toMatchObject({ clientId: 'c-1' });
    expect(await reason({}, { claims: { client_id: ['c-9'] } })).toBe('token.claims');
  });

  it('no end: then the token is looked at again within the hour', async () => {
    const { verifier, issue, clock } = await world();
    const { expiresAt } = await verifier.verify(issue({}, { exp: undefined }), RESOURCE);
    expect(expiresAt).toBe(clock.now() / 1000 + 3600);
  });

  it.each([[{ active: 'true' }], [{ active: 1 }], [{ active: null }]])('nothing, with %j', async (more) => {
    expect(await reason(more)).toBe('verifier.unavailable');
  });

  it('lets nobody in without active, or for another audience, whatever else it says', async () => {
    const server = await start();
    servers.push(server);
    const verifier = open(server, { maxTokens: 10 });
    const member = fc.constantFrom('active', 'aud', 'exp', 'nbf', 'iss', 'token_type', 'scope', 'sub', 'cnf');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(member, fc.jsonValue({ maxDepth: 1 })), async (more) => {
        const token = server.issue({}, { active: true, aud: 'https://other.example', ...more });
        const { aud } = server.known.get(token)!;
        if (aud === RESOURCE || (Array.isArray(aud) && aud.includes(RESOURCE))) return;
        const { reason: why } = await refusalOf(verifier.verify(token, RESOURCE));
        expect([401, 503]).toContain(REFUSALS[why].status);
      }),
      { numRuns: 300 },
    );
  }, 30_000);
});

describe('settings of introspection that can not work', () => {
  const settings = (options: Partial<IntrospectionOptions>) => {
    const complete = {
      endpoint: 'https://id.example/introspect',
      issuer: 'https://id.example',
      ...CLIENT,
      ...options,
    };
    try {
      introspectionVerifier(complete, { fetch: () => Promise.reject(new Error('not asked')) });
    } catch (error) {
      if (error instanceof OperatorError) return error.problems.map(({ setting }) => setting);
      throw error;
    }
    return [];
  };

  it('stop the start, all at once and by name', () => {
    expect(settings({})).toEqual([]);
    expect(
      settings({
        endpoint: 'http://id.example/introspect',
        clientId: '',
        clientSecret: '',
        cacheSeconds: -1,
        refusedCacheSeconds: 301,
        leewaySeconds: 301,
        timeoutSeconds: 0,
        maxTokens: 0,
        audience: [],
        opaqueTokens: [''],
        clientAuthentication: 'none' as never,
        settingPrefix: 'v',
      }).toSorted(),
    ).toEqual(
      [
        'audience',
        'cacheSeconds',
        'clientAuthentication',
        'clientId',
        'clientSecret',
        'endpoint',
        'leewaySeconds',
        'maxTokens',
        'opaqueTokens',
        'refusedCacheSeconds',
        'timeoutSeconds',
      ].map((name) => `v.${name}`),
    );
  });
});
