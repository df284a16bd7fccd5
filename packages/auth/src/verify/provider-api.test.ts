import { afterEach, describe, expect, it } from 'vitest';
import { FAULTS } from '../../../../e2e/servers/faulty-proxy.ts';
import { OperatorError } from '../core/operator-error.ts';
import { type ProviderApiCall, type ProviderApiOptions, providerApiVerifier } from './provider-api.ts';
import { RESOURCE, startTokenServer, type TokenServer } from './token-server.contract.ts';
import { describeVerifier, refusalOf } from './verifier.contract.ts';

/** An API that answers for the bearer of a token: `/check` about the token, `/me` about the person, `/orgs` where the scope allows it. */
const start = () =>
  startTokenServer((known, { url, headers }) => {
    const claims = known.get((headers.authorization ?? '').replace(/^Bearer /, ''));
    if (!claims) return { status: 401, body: { message: 'Bad credentials' } };
    const { sub, scope, ...rest } = claims;
    if (url.pathname === '/check') return { status: 200, body: claims };
    if (url.pathname === '/me')
      return {
        status: 200,
        body: { id: 17, login: sub, sub: 'somebody-else' },
        headers: { 'x-scopes': String(scope) },
      };
    if (String(scope).includes('read:org'))
      return { status: 200, body: [{ login: 'acme' }, { login: 'umbrella' }] };
    return { status: 403, body: { message: 'Resource not accessible', rest } };
  });

const servers: TokenServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.proxy.close();
});

const ISSUER = 'https://git.example';
const call = (server: TokenServer, path: string, more: Partial<ProviderApiCall> = {}): ProviderApiCall => ({
  url: server.proxy.url + path,
  ...more,
});
async function world(options: (server: TokenServer) => Partial<ProviderApiOptions> = () => ({})) {
  const server = await start();
  servers.push(server);
  const verifier = open(server, options(server));
  const paths = () => server.proxy.requests.map(({ path }) => path);
  return { ...server, verifier, paths };
}
function open(server: TokenServer, options: Partial<ProviderApiOptions> = {}) {
  const complete = { issuer: ISSUER, calls: [call(server, '/check')], audience: RESOURCE, ...options };
  return providerApiVerifier(complete, server.parts);
}

const underTest = async () => {
  const server = await start();
  return {
    ...server,
    verifier: open(server),
    resource: RESOURCE,
    issuer: ISSUER,
    token: async (wish = {}) => server.issue(wish),
    forged: async (n: number) => `forged-token-${n}`,
    provider: { proxy: server.proxy, path: '/check' },
    hasAudience: true,
    leewaySeconds: 30,
    end: () => server.proxy.close(),
  };
};
describeVerifier('provider API', underTest, { asks: true, runs: 200 });

describe('asking the API of a provider', () => {
  const three = (server: TokenServer) => ({
    calls: [
      call(server, '/check'),
      call(server, '/me', {
        claims: ({ body, headers }) => ({
          sub: (body as { sub: string }).sub,
          name: (body as { login: string }).login,
          granted: headers.get('x-scopes'),
        }),
      }),
      call(server, '/orgs', {
        refusedStatuses: [401, 403],
        optional: true,
        claims: ({ body }) => ({ groups: (body as { login: string }[]).map(({ login }) => login) }),
      }),
    ],
    keepClaims: ['granted'],
  });

  it('puts together what several calls say; what an earlier one said stands', async () => {
    const { verifier, issue } = await world(three);
    const token = issue({ subject: 'ada', scopes: ['repo', 'read:org'] });
    const { identity, scopes } = await (await verifier.verify(token, RESOURCE)).admit();
    expect(scopes).toEqual(['repo', 'read:org']);
    expect(identity).toMatchObject({
      issuer: ISSUER,
      subject: 'ada',
      name: 'ada',
      groups: ['acme', 'umbrella'],
      claims: { granted: 'repo read:org' },
    });
  });

  it('goes without what an optional call refuses, and not without what it can not say now', async () => {
    const { verifier, issue, proxy } = await world(three);
    const { identity } = await (await verifier.verify(issue({ scopes: ['repo'] }), RESOURCE)).admit();
    expect(identity.groups).toBeUndefined();
    proxy.fail('/orgs', FAULTS.serverError);
    expect((await refusalOf(verifier.verify(issue(), RESOURCE))).reason).toBe('verifier.unavailable');
  });

  it('refuses a token that a needed call refuses', async () => {
    const { verifier, issue } = await world((server) => ({
      calls: [call(server, '/check'), call(server, '/orgs', { refusedStatuses: [403] })],
    }));
    expect((await refusalOf(verifier.verify(issue(), RESOURCE))).reason).toBe('token.unknown');
  });

  it('is done once for a good token in its time, and once for a bad one, whoever repeats it', async () => {
    const { verifier, issue, paths, clock } = await world();
    const good = issue();
    const verified = await verifier.verify(good, RESOURCE);
    for (let n = 0; n < 20; n += 1) expect(verified.admit()).toMatchObject({ clientId: 'c-1' });
    for (let n = 0; n < 20; n += 1)
      expect((await refusalOf(verifier.verify('forged', RESOURCE))).reason).toBe('token.unknown');
    expect(paths()).toEqual(['/check', '/check']);
    clock.advance(30);
    await refusalOf(verifier.verify('forged', RESOURCE));
    expect(paths().length).toBe(3);
    clock.advance(30);
    await verified.admit();
    expect(paths().length).toBe(4);
  });

  it('stops at the first call for a bad token', async () => {
    const { verifier, paths } = await world(three);
    await refusalOf(verifier.verify('forged', RESOURCE));
    expect(paths()).toEqual(['/check']);
  });

  it('forgets good tokens for no number of bad ones', async () => {
    const { verifier, issue, paths } = await world(() => ({ maxTokens: 5 }));
    const verified = await verifier.verify(issue(), RESOURCE);
    verified.admit();
    for (let n = 0; n < 20; n += 1) await refusalOf(verifier.verify(`forged-${n}`, RESOURCE));
    expect(verified.admit()).toMatchObject({ clientId: 'c-1' });
    expect(paths().length).toBe(21);
  });
});

describe('the application that a token was given to', () => {
  it('is what the provider says', async () => {
    const { verifier, issue } = await world(() => ({ audience: ['our-app'] }));
    expect(await (await verifier.verify(issue({ audience: 'our-app' }), RESOURCE)).admit()).toBeDefined();
    expect((await refusalOf(verifier.verify(issue({ audience: 'their-app' }), RESOURCE))).reason).toBe(
      'token.audience',
    );
  });
});

describe('when a token ends', () => {
  it.each([
    ['in seconds since 1970', (now: number) => ({ exp: now + 50 }), 50],
    ['as a text', (now: number) => ({ exp: String(now + 50) }), 50],
    ['as a time to live', () => ({ exp: undefined, expires_in: 50 }), 50],
    ['as a text of it', () => ({ exp: undefined, expires_in: '50' }), 50],
    ['not at all', () => ({ exp: undefined }), 3600],
    ['in words', () => ({ exp: undefined, expires_in: 'soon' }), 3600],
  ])('is said %s', async (_how, more, seconds) => {
    const { verifier, issue, clock } = await world();
    const now = clock.now() / 1000;
    const { expiresAt } = await verifier.verify(issue({}, more(now)), RESOURCE);
    expect(expiresAt).toBe(now + seconds);
  });
});

describe('settings that can not work', () => {
  const settings = (options: Partial<ProviderApiOptions>) => {
    try {
      const complete = {
        issuer: ISSUER,
        calls: [{ url: 'https://api.example/me' }],
        audience: 'none',
        ...options,
      };
      providerApiVerifier(complete, { fetch: () => Promise.reject(new Error('not asked')) });
    } catch (error) {
      if (error instanceof OperatorError) return error.problems.map(({ setting }) => setting);
      throw error;
    }
    return [];
  };

  it('stop the start', () => {
    expect(settings({})).toEqual([]);
    expect(settings({ calls: [] })).toEqual(['verifier.calls']);
    expect(settings({ audience: undefined as never })).toEqual(['verifier.audience']);
    expect(settings({ audience: ['none', 'a'] })).toEqual(['verifier.audience']);
    expect(settings({ calls: [{ url: 'http://api.example/me' }] })).toEqual(['verifier.calls.0.url']);
    expect(settings({ calls: Array(11).fill({ url: 'https://api.example/me' }) })).toEqual([
      'verifier.calls',
    ]);
  });
});
