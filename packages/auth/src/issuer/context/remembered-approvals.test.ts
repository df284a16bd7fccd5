import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import { openKeyRing } from '../../keys/ring.ts';
import type { PendingRequest } from '../../sessions/transactions.ts';
import { memoryStore } from '../../store/memory.ts';
import { ringStorage } from '../../store/ring-storage.ts';
import { personHash, rememberedApprovals } from './remembered-approvals.ts';

const request = (over: Partial<PendingRequest> = {}) =>
  ({
    clientId: 'client',
    redirectUri: 'https://app.example.com/cb',
    resource: 'https://mcp.example.com/mcp',
    scopes: ['mcp:read'],
    ...over,
  }) as PendingRequest;

const BY = { signIn: 'idp', person: personHash({ issuer: 'https://idp.example', subject: 'alice' }) };

async function open(issuer = 'https://mcp.example.com') {
  const clock = manualClock();
  const keyRing = await openKeyRing({
    storage: ringStorage(memoryStore({ clock })),
    masterSecret: { bytes: systemRandom.bytes(32) },
    origin: { setting: 'secret', source: 'test' },
    deployment: 'test',
    clock,
    random: systemRandom,
    onEvent: () => {},
  });
  const options = { keyRing, issuer, clock, approvalSeconds: 3600 };
  const remembered = rememberedApprovals(options);
  const cookieOf = (line: string) => line.split(';')[0]!;
  return { clock, keyRing, remembered, cookieOf, options };
}

describe('what a browser approved', () => {
  it('is remembered for the same client, address, resource and no more scopes', async () => {
    const { remembered, cookieOf } = await open();
    const line = remembered.remember(null, request({ scopes: ['mcp:read', 'mcp:write'] }), BY);
    expect(line).toMatch(/^__Host-.*; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600$/);
    const cookie = cookieOf(line);
    expect(remembered.find(`a=b; ${cookie}`, request())).toMatchObject(BY);
    expect(remembered.find(cookie, request({ scopes: ['mcp:read', 'mcp:admin'] }))).toBeUndefined();
    for (const other of ['clientId', 'resource'])
      expect(remembered.find(cookie, request({ [other]: 'other' }))).toBeUndefined();
    expect(remembered.find(null, request())).toBeUndefined();
  });

  it('is forgotten in time, and with its key', async () => {
    const { remembered, cookieOf, clock, options } = await open();
    const cookie = cookieOf(remembered.remember(null, request(), BY));
    const { keyRing: otherRing } = await open();
    expect(rememberedApprovals({ ...options, keyRing: otherRing }).find(cookie, request())).toBeUndefined();
    expect(
      rememberedApprovals({ ...options, issuer: 'https://other.example' }).find(cookie, request()),
    ).toBeUndefined();
    clock.advance(3_600_000);
    expect(remembered.find(cookie, request())).toBeUndefined();
    expect(remembered.forget()).toContain('Max-Age=0');
  });

  it('keeps the latest, and never outgrows a cookie', async () => {
    const { remembered, cookieOf } = await open();
    let cookie: string | null = null;
    for (let i = 0; i < 50; i += 1) {
      const scopes = [`${i}`.padEnd(100, 'x')];
      cookie = cookieOf(remembered.remember(cookie, request({ clientId: `client ${i}`, scopes }), BY));
      expect(cookie.length).toBeLessThan(4000);
      expect(remembered.find(cookie, request({ clientId: `client ${i}`, scopes }))).toMatchObject(BY);
    }
    expect(remembered.find(cookie, request({ clientId: 'client 0', scopes: [] }))).toBeUndefined();
  });

  it('is nothing when anything of it was changed', async () => {
    const { remembered, cookieOf } = await open();
    const cookie = cookieOf(remembered.remember(null, request(), BY));
    const start = cookie.indexOf('=') + 1;
    fc.assert(
      fc.property(
        fc.integer({ min: start, max: cookie.length - 1 }),
        fc.constantFrom(...'AZaz09-_'),
        (at, sign) => {
          const changed = cookie.slice(0, at) + sign + cookie.slice(at + 1);
          // The last sign of base64url has bits that no byte takes.
          if (changed === cookie || at === cookie.length - 1) return;
          expect(remembered.find(changed, request())).toBeUndefined();
        },
      ),
      { numRuns: 1000 },
    );
  });
});
