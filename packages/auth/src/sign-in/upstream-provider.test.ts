import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, type Fault } from '../../../../e2e/servers/faulty-proxy.ts';
import {
  OIDC_PATHS,
  type RunningOidcProvider,
  startOidcProvider,
} from '../../../../e2e/servers/oidc-provider.ts';
import { signInAtProvider } from '../../../../e2e/servers/scripted-browser.ts';
import { systemClock } from '../core/clock.ts';
import type { AuthEvent } from '../core/events.ts';
import type { Fetch } from '../core/fetch.ts';
import { systemRandom } from '../core/random.ts';
import { REFUSALS } from '../core/refusal-reasons.ts';
import type { ProviderCopy } from '../upstream/provider-options.ts';
import type { SignIn } from './sign-in.ts';
import { type UpstreamProviderOptions, upstreamProvider, upstreamSignIn } from './upstream-provider.ts';
import { usernameResolver } from './username.ts';

const callbackUrl = 'http://127.0.0.1:9/auth/callback';
const fetchWithoutRedirects: Fetch = (url, init) => fetch(url, { ...init, redirect: 'manual' });
const secret = 'a secret: with % and + and /';

let idp: RunningOidcProvider;
const events: AuthEvent[] = [];

beforeAll(async () => {
  idp = await startOidcProvider({
    accounts: {
      'u-1': {
        email: 'alice@example.com',
        email_verified: true,
        name: 'Alice A.',
        preferred_username: 'alice',
        groups: ['admin'],
      },
      'u-2': { email: 'root@example.com', email_verified: false },
      'u-3': {},
    },
    clients: [
      { client_id: 'basic-1.a_b', client_secret: secret, redirect_uris: [callbackUrl] },
      {
        client_id: 'post',
        client_secret: secret,
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [callbackUrl],
      },
      { client_id: 'public', redirect_uris: [callbackUrl] },
    ],
  });
});
afterAll(() => idp.close());
afterEach(() => {
  idp.proxy.mend();
  events.length = 0;
});

const open = (options: Partial<UpstreamProviderOptions> = {}) =>
  upstreamProvider(
    {
      issuer: idp.issuer,
      clientId: 'basic-1.a_b',
      clientSecret: secret,
      username: usernameResolver({ rules: ['email-prefix'], emailDomains: ['example.com'] }),
      ...options,
    },
    { fetch: fetchWithoutRedirects, onEvent: (event) => events.push(event) },
  );

/** The browser's part, up to the callback. */
async function callbackOf(door: SignIn, login = 'u-1', state = 'the-state') {
  const step = await door.start({ state, callbackUrl });
  if (step.kind !== 'redirect') throw new Error('expected a redirect');
  const callback = await signInAtProvider(step.url, login, callbackUrl);
  return { answer: callback.searchParams, context: { callbackUrl, secrets: step.secrets, state } };
}

async function signIn(door: SignIn, login = 'u-1') {
  const { answer, context } = await callbackOf(door, login);
  return door.finish(answer, context);
}

const explicit = (): Partial<UpstreamProviderOptions> => ({
  discovery: false,
  endpoints: {
    authorization: `${idp.issuer}${OIDC_PATHS.authorization}`,
    token: `${idp.issuer}${OIDC_PATHS.token}`,
    userinfo: `${idp.issuer}${OIDC_PATHS.userinfo}`,
    keys: `${idp.issuer}${OIDC_PATHS.keys}`,
    revocation: `${idp.issuer}${OIDC_PATHS.revocation}`,
  },
});

describe('signing in at a real OpenID provider', () => {
  it.each([
    ['basic', {}],
    ['post', { clientId: 'post', clientAuthentication: 'post' as const }],
    ['none', { clientId: 'public', clientSecret: undefined }],
  ])('authenticates by %s', async (_method, options) => {
    const { identity, upstream } = await signIn(await open(options));
    expect(identity).toEqual({
      issuer: idp.issuer,
      subject: 'u-1',
      name: 'Alice A.',
      email: 'alice@example.com',
      emailVerified: true,
      groups: ['admin'],
      username: 'alice',
      usernameRule: 'email-prefix',
    });
    expect(upstream).toMatchObject({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      idToken: expect.any(String),
      expiresAt: expect.any(Number),
    });
    expect(events).toEqual([]);
  });

  it('asks with its own PKCE, state and nonce, and never the same twice', async () => {
    const door = await open({ authorizationParameters: { audience: 'x', prompt: 'consent' } });
    const steps = [
      await door.start({ state: 's', callbackUrl, prompt: 'login consent none', loginHint: 'alice' }),
      await door.start({ state: 's', callbackUrl }),
    ];
    const queries = steps.map((step) => new URL(step.kind === 'redirect' ? step.url : '').searchParams);
    expect(Object.fromEntries(queries[0]!)).toMatchObject({
      response_type: 'code',
      client_id: 'basic-1.a_b',
      redirect_uri: callbackUrl,
      state: 's',
      scope: 'openid profile email',
      code_challenge_method: 'S256',
      audience: 'x',
      prompt: 'consent login',
      login_hint: 'alice',
    });
    expect(queries[1]!.get('prompt')).toBe('consent');
    for (const name of ['nonce', 'code_challenge']) {
      expect(queries[0]!.get(name)).toMatch(/^[\w-]{43}$/);
      expect(queries[0]!.get(name)).not.toBe(queries[1]!.get(name));
    }
    expect(steps[0]!.secrets.verifier).not.toBe(steps[1]!.secrets.verifier);
    expect(queries[0]!.toString()).not.toContain(steps[0]!.secrets.verifier);
  });

  it('needs no discovery when it is told the addresses', async () => {
    const before = idp.requests.filter((r) => r.path === OIDC_PATHS.discovery).length;
    const { identity } = await signIn(await open(explicit()));
    expect(identity).toMatchObject({ issuer: idp.issuer, subject: 'u-1', username: 'alice' });
    expect(idp.requests.filter((r) => r.path === OIDC_PATHS.discovery)).toHaveLength(before);
  });

  it('reads a person from userinfo alone where there is no ID token', async () => {
    const door = await open({ ...explicit(), scopes: ['email'], subjectClaim: 'email' });
    // This provider shows userinfo only to openid tokens: the answer is a clear fault, not a person.
    await expect(signIn(door)).rejects.toMatchObject({ reason: 'sign-in.provider-misconfigured' });
  });

  it('[G10] gives no database name for an address that is not verified', async () => {
    const { identity } = await signIn(await open(), 'u-2');
    expect(identity).toEqual({
      issuer: idp.issuer,
      subject: 'u-2',
      email: 'root@example.com',
      emailVerified: false,
    });
  });

  it('uses an address of the cluster in place of one that was discovered', async () => {
    const inside = idp.issuer.replace('127.0.0.1', 'localhost');
    const seen: string[] = [];
    const door = await upstreamProvider(
      {
        issuer: idp.issuer,
        discovery: `${inside}${OIDC_PATHS.discovery}`,
        clientId: 'public',
        endpoints: { token: `${inside}${OIDC_PATHS.token}` },
      },
      {
        fetch: (url, init) => {
          seen.push(new URL(url).hostname + new URL(url).pathname);
          return fetchWithoutRedirects(url.replace('localhost', '127.0.0.1'), init);
        },
      },
    );
    expect((await signIn(door)).identity.subject).toBe('u-1');
    expect(seen).toEqual([
      `localhost${OIDC_PATHS.discovery}`,
      `127.0.0.1${OIDC_PATHS.keys}`,
      `localhost${OIDC_PATHS.token}`,
      `127.0.0.1${OIDC_PATHS.userinfo}`,
    ]);
  });
});

describe('a sign-in that the issuer makes', () => {
  it('keeps its copy where the issuer says, and starts from it while the provider is away', async () => {
    const copies = new Map<string, ProviderCopy>();
    const factory = upstreamSignIn(
      { issuer: idp.issuer, clientId: 'public', id: 'idp' },
      fetchWithoutRedirects,
    );
    const parts = {
      clock: systemClock,
      random: systemRandom,
      onEvent: (event: AuthEvent) => void events.push(event),
      providerCache: {
        load: async (issuer: string) => copies.get(issuer),
        save: async (issuer: string, copy: ProviderCopy) => void copies.set(issuer, copy),
      },
    };
    await factory(parts);
    expect([...copies.keys()]).toEqual([idp.issuer]);
    idp.proxy.fail(OIDC_PATHS.discovery, FAULTS.drop);
    idp.proxy.fail(OIDC_PATHS.keys, FAULTS.drop);
    const door = await factory(parts);
    expect(events.map((event) => event.type)).toEqual(['notice', 'notice']);
    expect((await signIn(door)).identity.subject).toBe('u-1');
    expect([door.id, door.title]).toEqual(['idp', new URL(idp.issuer).host]);
  });
});

describe('callbacks that are not what they should be', () => {
  it.each([
    ['another state', { state: 'other' }],
    ['no state', { state: null }],
    ['the issuer of somebody else', { iss: 'https://evil.example' }],
    ['no issuer, though the provider always sends it', { iss: null }],
    ['no code', { code: null }],
    ['tokens in the query', { id_token: 'x' }],
    ['a packed answer', { response: 'x' }],
  ])('refuses %s before any exchange', async (_what, changes) => {
    const door = await open();
    const { answer, context } = await callbackOf(door);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) answer.delete(name);
      else answer.set(name, value);
    }
    const before = idp.tokenRequests('authorization_code');
    await expect(door.finish(answer, context)).rejects.toMatchObject({ reason: 'sign-in.provider-answer' });
    expect(idp.tokenRequests('authorization_code')).toBe(before);
  });

  it('refuses a parameter that is there twice', async () => {
    const door = await open();
    const { answer, context } = await callbackOf(door);
    answer.append('code', 'other');
    await expect(door.finish(answer, context)).rejects.toMatchObject({
      reason: 'sign-in.provider-answer',
      detail: { operation: 'authorization' },
    });
  });

  it('refuses the ID token of another request', async () => {
    const door = await open();
    const { answer, context } = await callbackOf(door);
    const secrets = { ...context.secrets, nonce: 'of another request' };
    await expect(door.finish(answer, { ...context, secrets })).rejects.toMatchObject({
      reason: 'sign-in.provider-answer',
    });
    await expect(door.finish(answer, { ...context, secrets: {} })).rejects.toMatchObject({
      reason: 'sign-in.provider-answer',
    });
  });

  it('leaves a wrong verifier and a code used twice to the provider, which says no', async () => {
    const door = await open();
    const { answer, context } = await callbackOf(door);
    const secrets = { ...context.secrets, verifier: 'x'.repeat(43) };
    await expect(door.finish(answer, { ...context, secrets })).rejects.toMatchObject({
      reason: 'sign-in.refused-by-provider',
    });
    const second = await callbackOf(door);
    await door.finish(second.answer, second.context);
    await expect(door.finish(second.answer, second.context)).rejects.toMatchObject({
      reason: 'sign-in.refused-by-provider',
    });
  });

  it.each([
    ['access_denied', 'sign-in.refused-by-provider'],
    ['login_required', 'sign-in.refused-by-provider'],
    ['something_else', 'sign-in.refused-by-provider'],
    ['temporarily_unavailable', 'sign-in.provider-unavailable'],
    ['server_error', 'sign-in.provider-unavailable'],
    ['unauthorized_client', 'sign-in.provider-misconfigured'],
    ['invalid_scope', 'sign-in.provider-misconfigured'],
  ])('takes the error %s for %s', async (error, reason) => {
    const door = await open();
    const answer = new URLSearchParams({ error, state: 's', iss: idp.issuer });
    await expect(door.finish(answer, { callbackUrl, secrets: {}, state: 's' })).rejects.toMatchObject({
      reason,
    });
  });

  it('knows when the person said no', async () => {
    const door = await open();
    await expect(signIn(door, 'deny')).rejects.toMatchObject({ reason: 'sign-in.refused-by-provider' });
    expect(events).toMatchObject([{ type: 'upstream.failed', signIn: 'upstream', kind: 'ended' }]);
  });
});

const faults: [string, Fault, 'sign-in.provider-unavailable' | 'sign-in.provider-misconfigured'][] = [
  ['500', FAULTS.serverError, 'sign-in.provider-unavailable'],
  ['429', FAULTS.tooMany, 'sign-in.provider-unavailable'],
  ['a dropped connection', FAULTS.drop, 'sign-in.provider-unavailable'],
  ['no answer in time', { kind: 'delay', seconds: 5 }, 'sign-in.provider-unavailable'],
  ['invalid_client', FAULTS.invalidClient, 'sign-in.provider-misconfigured'],
  ['a page in place of JSON', FAULTS.html, 'sign-in.provider-misconfigured'],
  [
    'a redirect',
    { kind: 'answer', status: 302, body: '', headers: { location: 'http://127.0.0.1:9/' } },
    'sign-in.provider-misconfigured',
  ],
  ['404', { kind: 'answer', status: 404, body: 'not here' }, 'sign-in.provider-misconfigured'],
  [
    '500 that says invalid_grant',
    { kind: 'answer', status: 500, body: '{"error":"invalid_grant"}', contentType: 'application/json' },
    'sign-in.provider-unavailable',
  ],
  [
    '200 that says nothing',
    { kind: 'answer', status: 200, body: '{}', contentType: 'application/json' },
    'sign-in.provider-misconfigured',
  ],
];

describe('a provider in trouble', () => {
  it.each(faults)(
    'refresh meets %s: nobody is logged out, and later it works',
    async (_what, fault, reason) => {
      const door = await open({ timeoutSeconds: 0.3 });
      const { upstream } = await signIn(door);
      idp.proxy.fail(OIDC_PATHS.token, fault, 1);
      const refusal = await door.refresh!(upstream!).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ reason, retryAfterSeconds: expect.any(Number) });
      expect(REFUSALS[reason].status).toBe(503);
      expect(JSON.stringify({ refusal, events })).not.toContain(upstream!.refreshToken);
      expect(JSON.stringify({ refusal, events })).not.toContain(secret);
      expect(events.at(-1)).toMatchObject({ type: 'upstream.failed', operation: 'refresh' });
      expect(await door.refresh!(upstream!)).toMatchObject({ accessToken: expect.any(String) });
    },
  );

  it.each(faults.slice(0, 6))('sign-in meets %s', async (_what, fault, reason) => {
    const door = await open({ timeoutSeconds: 0.3 });
    const { answer, context } = await callbackOf(door);
    idp.proxy.fail(OIDC_PATHS.token, fault, 1);
    await expect(door.finish(answer, context)).rejects.toMatchObject({ reason });
    const second = await callbackOf(door);
    idp.proxy.fail(OIDC_PATHS.userinfo, fault, 1);
    await expect(door.finish(second.answer, second.context)).rejects.toMatchObject({ reason });
  });

  it('says how long to wait when the provider does', async () => {
    const door = await open();
    const { upstream } = await signIn(door);
    idp.proxy.fail(OIDC_PATHS.token, FAULTS.tooMany, 1);
    await expect(door.refresh!(upstream!)).rejects.toMatchObject({ retryAfterSeconds: 7 });
  });

  it('reports a client secret that was changed there as a fault of the operator', async () => {
    const door = await open({ clientSecret: 'old' });
    await expect(signIn(door)).rejects.toMatchObject({ reason: 'sign-in.provider-misconfigured' });
  });
});

describe('a session that lives on', () => {
  it('rotates the refresh token, and keeps what the provider did not send again', async () => {
    const door = await open();
    const { upstream } = await signIn(door);
    const next = await door.refresh!(upstream!);
    expect(next.refreshToken).not.toBe(upstream!.refreshToken);
    expect(next.accessToken).not.toBe(upstream!.accessToken);
    expect(next.idToken).toEqual(expect.any(String));
    expect((await door.refresh!(next)).refreshToken).not.toBe(next.refreshToken);
  });

  it('ends only when the provider says so', async () => {
    const door = await open();
    const { upstream } = await signIn(door, 'u-3');
    idp.removeAccount('u-3');
    await expect(door.refresh!(upstream!)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
  });

  it('tells the provider when it is over, and does not mind when that fails', async () => {
    const door = await open();
    const { upstream } = await signIn(door);
    idp.proxy.fail(OIDC_PATHS.revocation, FAULTS.serverError, 1);
    await door.revoke!(upstream!);
    expect(events.at(-1)).toMatchObject({
      type: 'upstream.failed',
      operation: 'revoke',
      kind: 'unavailable',
    });
    await door.revoke!(upstream!);
    await expect(door.refresh!(upstream!)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
  });
});
