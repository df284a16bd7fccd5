import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  login,
  openHouse,
  PUBLIC_URL,
  refresh,
  register,
  type Server,
  scriptedSignIn,
  type Tokens,
  VERIFIER,
  walkToProvider,
} from '../../auth.contract.ts';
import type { Caller } from '../../core/identity.ts';
import { Refusal } from '../../core/refusal.ts';
import { viewRequest } from '../../core/request-view.ts';
import { outcome } from '../../sessions/replicas.contract.ts';
import type { ProviderTokens } from '../../upstream/provider.ts';
import { staticTokenVerifier } from '../../verify/static-tokens.ts';

const FIVE_MINUTES = 300;
const identity = { issuer: 'https://idp.example', subject: 'alice' };

interface ProviderRules {
  /** Default: there is one. */
  readonly refreshToken?: string | false;
  readonly refresh?: () => unknown;
  readonly publicUrl?: string;
}

/** A house in front of a provider whose access tokens live five minutes and are numbered: the first comes with the login. */
async function begin({ refreshToken = 'r3fresh', refresh: rule, ...options }: ProviderRules = {}) {
  let given = 0;
  let now = () => 0;
  const issue = (): ProviderTokens => {
    given += 1;
    const expiresAt = Math.floor(now() / 1000) + FIVE_MINUTES;
    const tokens = { accessToken: `s3cret-${given}`, expiresAt, scope: 'files mail' };
    return refreshToken ? { ...tokens, refreshToken } : tokens;
  };
  const { signIn, asked } = scriptedSignIn('idp', {
    finish: async () => ({ identity, upstream: issue() }),
    async refresh() {
      await rule?.();
      return issue();
    },
  });
  const house = await openHouse({ issuer: { signIns: [signIn] }, ...options });
  now = () => house.clock.now();
  const { first } = house;
  const { client_id: clientId } = await register(first);
  const { callback } = await walkToProvider(first, clientId);
  const location = new URL((await callback()).response.headers.get('location')!);
  const code = location.searchParams.get('code')!;
  const fields = { grant_type: 'authorization_code', code, client_id: clientId, code_verifier: VERIFIER };
  const tokens = (await (await first.form('/token', fields)).json()) as Tokens;
  return { ...house, asked, clientId, tokens, caller: await callerOf(first, tokens.access_token) };
}

async function callerOf({ auth, publicUrl }: Server, token: string): Promise<Caller> {
  const headers = { authorization: `Bearer ${token}` };
  const passage = await auth.gate().guard(viewRequest(new Request(`${publicUrl}/mcp`, { headers })));
  if (!passage.allowed) throw new Error(passage.response.body);
  return passage.caller;
}

const gone = () => Promise.reject(new Refusal('grant.upstream-ended'));
const away = () => Promise.reject(new Refusal('sign-in.provider-unavailable', {}, { retryAfterSeconds: 7 }));

describe('the provider’s token, for code behind the gate', () => {
  it('is the one of the caller’s session, with its end and its scopes', async () => {
    const { first, second, caller, clock, asked } = await begin();
    for (const { auth } of [first, second]) {
      const token = (await auth.upstreamToken(caller))!;
      expect([token.accessToken, token.scope]).toEqual(['s3cret-1', 'files mail']);
      expect(token.expiresAt).toBe(clock.now() / 1000 + FIVE_MINUTES);
    }
    expect(asked.refreshes).toBe(0);
  });

  it('[S9] is refreshed in time and once, however many wait in however many processes', async () => {
    const { servers, caller, clock, asked } = await begin({
      refresh: () => new Promise((resolve) => setTimeout(resolve, 20)),
    });
    const ask = async () => {
      const found = await Promise.all(
        Array.from({ length: 10 }, (_, i) => servers[i % 2]!.auth.upstreamToken(caller)),
      );
      return [...new Set(found.map((token) => token?.accessToken))];
    };
    clock.advance(FIVE_MINUTES - 61);
    expect([await ask(), asked.refreshes]).toEqual([['s3cret-1'], 0]);
    clock.advance(1);
    expect([await ask(), asked.refreshes]).toEqual([['s3cret-2'], 1]);
    clock.advance(FIVE_MINUTES);
    expect([await ask(), asked.refreshes]).toEqual([['s3cret-3'], 2]);
  });

  it('[S9] may live five minutes, and be asked for all day: the session lives on', async () => {
    const { first, clientId, tokens, clock, asked } = await begin();
    let current = tokens;
    for (let hour = 1; hour <= 24; hour += 1) {
      clock.advance(3599);
      const caller = await callerOf(first, current.access_token);
      expect((await first.auth.upstreamToken(caller))?.accessToken).toBe(`s3cret-${asked.refreshes + 1}`);
      const next = await refresh(first, clientId, current.refresh_token);
      expect(next.status).toBe(200);
      current = next.body as Tokens;
    }
    // What was refreshed for a tool counts as a look at the person too.
    expect(asked.refreshes).toBe(24);
  });

  it('[S5] ends with the session when the provider says so: one refusal, and the provider is not asked again', async () => {
    const { first, second, caller, clientId, tokens, clock, asked, events } = await begin({ refresh: gone });
    clock.advance(FIVE_MINUTES);
    const waiting = Array.from({ length: 5 }, () => outcome(first.auth.upstreamToken(caller)));
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['token.session-ended']));
    expect(await outcome(second.auth.upstreamToken(caller))).toBe('token.session-ended');
    expect(await refresh(first, clientId, tokens.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect((await first.guard(tokens.access_token)).status).toBe(401);
    expect(asked.refreshes).toBe(1);
    expect(events.filter(({ type }) => type === 'session.ended')).toEqual([
      expect.objectContaining({ why: 'upstream-ended' }),
    ]);
  });

  it('[S4] is what it was while the provider is away and it is still good, and then nobody can tell', async () => {
    const { first, caller, clock, tokens, control } = await begin({ refresh: away });
    clock.advance(FIVE_MINUTES - 1);
    expect((await first.auth.upstreamToken(caller))?.accessToken).toBe('s3cret-1');
    clock.advance(1);
    await expect(first.auth.upstreamToken(caller)).rejects.toMatchObject({
      reason: 'sign-in.provider-unavailable',
      retryAfterSeconds: 7,
    });
    control.outage = 'all';
    expect(await outcome(first.auth.upstreamToken(caller))).toBe('store.unavailable');
    control.outage = 'none';
    expect((await first.guard(tokens.access_token)).status).toBe(200);
  });

  it('that can not be refreshed is good until it ends; then a new login is needed', async () => {
    const { first, caller, clock, tokens, asked } = await begin({ refreshToken: false });
    clock.advance(FIVE_MINUTES - 1);
    expect((await first.auth.upstreamToken(caller))?.accessToken).toBe('s3cret-1');
    clock.advance(1);
    expect((await first.guard(tokens.access_token)).status).toBe(200);
    expect(await outcome(first.auth.upstreamToken(caller))).toBe('token.session-ended');
    expect((await first.guard(tokens.access_token)).status).toBe(401);
    expect([asked.refreshes, asked.revoked]).toEqual([0, ['s3cret-1']]);
  });

  it('is nobody else’s: not of a session that is over, and not for another person or client', async () => {
    const { first, caller, tokens, clientId } = await begin();
    const { auth } = first;
    const other = { ...caller, identity: { ...identity, subject: 'mallory' } };
    expect(await outcome(auth.upstreamToken(other))).toBe('token.claims');
    expect(await outcome(auth.upstreamToken({ ...caller, clientId: 'another' }))).toBe('token.claims');
    expect(await outcome(auth.upstreamToken({ ...caller, sessionId: 'unknown' }))).toBe(
      'token.session-ended',
    );
    await first.form('/revoke', { token: tokens.refresh_token, client_id: clientId });
    expect(await outcome(auth.upstreamToken(caller))).toBe('token.session-ended');
  });

  it('[G5] is not there for who came by a token of somebody else, or signed in at no provider', async () => {
    const house = await openHouse();
    const { tokens } = await login(house.first);
    const person = await callerOf(house.first, tokens.access_token);
    expect([person.sessionId, await house.first.auth.upstreamToken(person)]).toEqual([
      expect.any(String),
      undefined,
    ]);
    const publicUrl = 'http://localhost:8000';
    const remote = await openHouse({
      publicUrl,
      issuer: undefined,
      verifiers: [
        staticTokenVerifier({
          tokens: { 'their-own-token': { subject: 'u', clientId: 'c' } },
          publicUrl,
          clock: house.clock,
        }),
      ],
    });
    const caller = await callerOf(remote.first, 'their-own-token');
    expect(await remote.first.auth.upstreamToken(caller)).toBeUndefined();
    expect(inspect(caller, { depth: 9, showHidden: true })).not.toContain('their-own-token');
  });

  it('[G5][G12] shows in nothing that is written: caller, event, answer, and its own object', async () => {
    const { first, caller, clock, events } = await begin();
    const token = (await first.auth.upstreamToken(caller))!;
    clock.advance(FIVE_MINUTES);
    await first.auth.upstreamToken(caller);
    const written = [token, { ...token }, caller, events].map(
      (each) => JSON.stringify(each) + inspect(each, { depth: 9 }),
    );
    expect(written[0]).toContain('files mail');
    for (const text of written) expect(text).not.toMatch(/s3cret|r3fresh/);
    expect(events).toContainEqual(expect.objectContaining({ type: 'upstream.refreshed' }));
  });
});

describe('a refusal behind the gate', () => {
  it('[E2] is answered as the gate itself would: a challenge, or a time to wait', async () => {
    const { first, caller } = await begin();
    const gate = first.auth.gate();
    const over = await first.auth
      .upstreamToken({ ...caller, sessionId: 'unknown' })
      .catch((error: unknown) => gate.refuse(error));
    expect(over).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringContaining(`resource_metadata="${PUBLIC_URL}`) },
    });
    const waiting = gate.refuse(new Refusal('sign-in.provider-unavailable', {}, { retryAfterSeconds: 7 }));
    expect(waiting).toMatchObject({ status: 503, headers: { 'retry-after': '7' } });
  });
});
