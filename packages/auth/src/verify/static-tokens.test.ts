import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import { OperatorError } from '../core/operator-error.ts';
import {
  STATIC_TOKENS_ISSUER,
  type StaticToken,
  staticTokenProblems,
  staticTokenVerifier,
} from './static-tokens.ts';
import { describeVerifier, type TokenWish } from './verifier.contract.ts';
import type { Verifier } from './verifier.ts';

const HOME = 'http://localhost:8000';
const RESOURCE = `${HOME}/mcp`;

describeVerifier('static tokens', async () => {
  const clock = manualClock();
  const tokens: Record<string, StaticToken> = { first: { subject: 'u-0', clientId: 'c-0' } };
  // The list is fixed when the verifier is made, and so each new token makes a new one.
  let current = staticTokenVerifier({ tokens, publicUrl: HOME, clock });
  const verifier: Verifier = {
    name: current.name,
    recognizes: (token) => current.recognizes(token),
    verify: (token, resource) => current.verify(token, resource),
  };
  return {
    verifier,
    resource: RESOURCE,
    issuer: STATIC_TOKENS_ISSUER,
    clock,
    events: [],
    async token({ subject = 'u-1', clientId = 'c-1', scopes, expiresInSeconds = 600 }: TokenWish = {}) {
      const token = `static-${Object.keys(tokens).length}`;
      tokens[token] = { subject, clientId, scopes, expiresAt: clock.now() / 1000 + expiresInSeconds };
      current = staticTokenVerifier({ tokens, publicUrl: HOME, clock });
      return token;
    },
    forged: async (n) => `forged-${n}`,
    hasAudience: false,
    leewaySeconds: 0,
    end: async () => {},
  };
});

describe('static tokens', () => {
  const person: StaticToken = {
    subject: 'ada',
    clientId: 'dev',
    scopes: ['a'],
    groups: ['g'],
    username: 'ADA',
  };

  it('stand for the person they were given, for a day at a time', async () => {
    const clock = manualClock();
    const verifier = staticTokenVerifier({ tokens: { t: person }, publicUrl: HOME, clock });
    const verified = await verifier.verify('t', RESOURCE);
    expect(verified.expiresAt).toBe(clock.now() / 1000 + 86_400);
    expect(verified.admit()).toMatchObject({
      identity: { issuer: STATIC_TOKENS_ISSUER, subject: 'ada', groups: ['g'], username: 'ADA' },
      clientId: 'dev',
      scopes: ['a'],
    });
  });

  it('are recognized whole or not at all, and leave every other token to others', () => {
    const verifier = staticTokenVerifier({ tokens: { 'dev-token': person }, publicUrl: HOME });
    expect(verifier.recognizes('dev-token')).toBe(true);
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('dev-toke', 'dev-token1', 'DEV-TOKEN', '__proto__')),
        (token) => {
          expect(verifier.recognizes(token)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    'https://mcp.example.com',
    'http://10.0.0.1',
    'http://0.0.0.0:8000',
    'http://localhost.example.com',
    'x',
  ])('stop the start of a server at %s', (publicUrl) => {
    expect(() => staticTokenVerifier({ tokens: { t: person }, publicUrl })).toThrow(OperatorError);
  });

  it.each(['http://localhost:1', 'http://127.0.0.1', 'http://[::1]:8000', 'https://localhost/base'])(
    'are fine at %s',
    (publicUrl) => expect(staticTokenProblems({ tokens: { t: person }, publicUrl })).toEqual([]),
  );

  it('stop the start when they could not be sent or name nobody, without being shown', () => {
    const tokens = {
      'to ken': person,
      '': person,
      ok: { subject: '', clientId: 'c' },
      fine: { ...person, scopes: ['a b'] },
    };
    const problems = staticTokenProblems({ tokens, publicUrl: HOME, settingPrefix: 's' });
    expect(problems.map(({ setting }) => setting)).toEqual([
      's.tokens.1',
      's.tokens.2',
      's.tokens.3',
      's.tokens.4',
    ]);
    expect(JSON.stringify(problems)).not.toContain('to ken');
    expect(staticTokenProblems({ tokens: {}, publicUrl: HOME })).toHaveLength(1);
  });
});
