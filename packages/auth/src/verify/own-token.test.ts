import { describe, expect, it } from 'vitest';
import { systemRandom } from '../core/random.ts';
import { openKeyRing } from '../keys/ring.ts';
import { ACCESS_TOKEN_TYPE, buildAccessTokenClaims } from '../protocol/access-token-claims.ts';
import { makeRefreshToken } from '../sessions/refresh-token.ts';
import { ISSUER, newSession, openReplicas, outcome } from '../sessions/replicas.contract.ts';
import { switchableStore } from '../sessions/switchable-store.contract.ts';
import { memoryStore } from '../store/memory.ts';
import { ringStorage } from '../store/ring-storage.ts';
import { ownTokenVerifier, readForAny } from './own-token.ts';

const RESOURCE = 'https://auth.example.com/mcp';

async function begin(scopeHierarchy?: Readonly<Record<string, readonly string[]>>) {
  const house = await openReplicas();
  const { clock, first } = house;
  const ringStore = switchableStore(memoryStore({ clock }));
  const keyRing = await openKeyRing({
    storage: ringStorage(ringStore.store),
    masterSecret: { bytes: systemRandom.bytes(32) },
    deployment: 'test',
    clock,
    random: systemRandom,
    onEvent() {},
  });
  const verifier = ownTokenVerifier({
    issuer: ISSUER,
    keyRing,
    sessions: first.sessions,
    scopeHierarchy,
    clock,
  });
  const session = await first.sessions.start(newSession());
  const issuedAt = Math.floor(clock.now() / 1000);
  const claims = {
    issuer: ISSUER,
    subject: 'idp|alice',
    clientId: session.clientId,
    audience: [RESOURCE],
    scopes: ['mcp:read'],
    issuedAt,
    expiresAt: issuedAt + 3600,
    tokenId: 'jti',
    sessionId: session.id,
    generation: 1,
  };
  const sign = (over: Partial<typeof claims> = {}, typ = ACCESS_TOKEN_TYPE) =>
    keyRing.sign(typ, buildAccessTokenClaims({ ...claims, ...over }));
  const present = async (token: string) =>
    outcome(verifier.verify(token, RESOURCE).then((verified) => verified.admit()));
  return { ...house, ringStore, verifier, session, sign, present, claims };
}

describe('our own access tokens', () => {
  it('are recognised by their issuer, and stand for the person of the session', async () => {
    const { verifier, sign, session } = await begin();
    const verified = await verifier.verify(sign(), RESOURCE);
    expect(await verified.admit()).toEqual({
      identity: session.identity,
      clientId: 'client-1',
      scopes: ['mcp:read'],
      resource: RESOURCE,
      expiresAt: verified.expiresAt,
      sessionId: session.id,
    });
    expect([
      verifier.recognizes(sign()),
      verifier.recognizes(sign({ issuer: 'https://other.example' })),
      verifier.recognizes('opaque'),
    ]).toEqual([true, false, false]);
  });

  it('[G5] are no refresh tokens: those are recognised, whole or damaged, so that no other verifier sees them', async () => {
    const { verifier, present } = await begin();
    const token = makeRefreshToken({ sessionId: 'a'.repeat(22), secret: 'c2VjcmV0', issuer: ISSUER }, 1);
    for (const shown of [token, token.slice(0, -5), `${token}x`, 'pcr.'])
      expect([verifier.recognizes(shown), await present(shown)]).toEqual([true, 'token.type']);
    for (const other of ['pcr', 'xpcr.a', 'PCR.a']) expect(verifier.recognizes(other)).toBe(false);
  });

  it('[G5][RS-8] are refused when type, issuer, audience or time is another', async () => {
    const { present, sign, claims } = await begin();
    expect(await present(sign())).toBe('ok');
    const wrong: [string, string][] = [
      [sign({}, 'JWT'), 'token.type'],
      [sign({ issuer: 'https://other.example' }), 'token.issuer'],
      [sign({ audience: ['https://auth.example.com/other'] }), 'token.audience'],
      [sign({ audience: ['https://auth.example.com/mcp/'] }), 'token.audience'],
      [sign({ audience: ['https://auth.example.com'] }), 'token.audience'],
      [sign({ issuedAt: claims.issuedAt - 7200, expiresAt: claims.issuedAt - 3600 }), 'token.expired'],
      [sign({ issuedAt: claims.issuedAt + 3600 }), 'token.not-yet-valid'],
    ];
    for (const [token, reason] of wrong) expect(await present(token)).toBe(reason);
  });

  it('[AS-10] agree with their session about client, resource and scopes, or are refused', async () => {
    const { present, sign } = await begin();
    for (const over of [
      { clientId: 'another' },
      { scopes: ['mcp:read', 'mcp:admin'] },
      { sessionId: 'n'.repeat(22) },
    ]) {
      expect(await present(sign(over))).toMatch(/^token\.(claims|session-ended)$/);
    }
    const { first, second, sign: signAgain, present: presentAgain } = await begin();
    const other = await first.sessions.start(newSession({ resource: 'https://auth.example.com/other' }));
    expect(await presentAgain(signAgain({ sessionId: other.id }))).toBe('token.claims');
    expect(second).toBeDefined();
  });

  it('[G4] may carry a scope that one of the session implies, and none beyond', async () => {
    const { present, sign } = await begin({ 'mcp:admin': ['mcp:read'], 'mcp:read': ['mcp:list'] });
    expect(await present(sign({ scopes: ['mcp:list'] }))).toBe('ok');
    expect(await present(sign({ scopes: ['mcp:list', 'mcp:admin'] }))).toBe('token.claims');
    const without = await begin();
    expect(await without.present(without.sign({ scopes: ['mcp:list'] }))).toBe('token.claims');
  });

  it('[S4] with an unknown key are looked up once, and 503 when the ring can not be read', async () => {
    const { present, ringStore, clock } = await begin();
    const stranger = await begin();
    const token = stranger.sign();
    expect(await present(token)).toBe('token.key-unknown');
    clock.advance(10);
    ringStore.control.outage = 'all';
    expect(await present(token)).toBe('store.unavailable');
  });

  it('can be read for whichever resource they are for', async () => {
    const { verifier, sign, claims } = await begin();
    const resources = ['https://auth.example.com/first', RESOURCE];
    expect(await readForAny(verifier, sign(), resources)).toMatchObject({ tokenId: 'jti' });
    expect(await outcome(readForAny(verifier, sign(), ['https://auth.example.com/first']))).toBe(
      'token.audience',
    );
    expect(await outcome(readForAny(verifier, sign({ expiresAt: claims.issuedAt - 600 }), resources))).toBe(
      'token.expired',
    );
    expect(await outcome(readForAny(verifier, sign(), []))).toBe('token.audience');
  });
});
