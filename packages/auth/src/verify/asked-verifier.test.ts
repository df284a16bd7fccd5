import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import { Refusal } from '../core/refusal.ts';
import type { Claims } from '../upstream/claims.ts';
import { ProviderFault } from '../upstream/provider-fault.ts';
import { type AskedVerifierOptions, askedVerifier } from './asked-verifier.ts';
import { refusalOf } from './verifier.contract.ts';

const RESOURCE = 'https://mcp.example.com/mcp';
const OTHER = 'https://mcp.example.com/other';

function world(options: Partial<AskedVerifierOptions> = {}) {
  const clock = manualClock();
  const asked: string[] = [];
  const state: { say: () => Claims } = { say: () => ({ sub: 'u-1', aud: RESOURCE, client_id: 'c-1' }) };
  const verifier = askedVerifier(
    {
      name: 'asked',
      operation: 'token-check',
      issuer: 'https://id.example',
      cacheSeconds: 10,
      refusedCacheSeconds: 0,
      ...options,
    },
    { fetch: () => Promise.reject(new Error('not asked')), clock },
    async (token) => {
      asked.push(token);
      return state.say();
    },
  );
  return { clock, asked, state, verifier };
}

describe('a verifier that asks', () => {
  it.each([
    ['an issuer that is no text', { iss: { toString: 1 } }, {}],
    ['what its own rules can not work with', {}, { shapeClaims: () => JSON.parse('x') }],
  ])(
    'says nothing of a token about which it is told %s, and remembers nothing',
    async (_what, more, options) => {
      const { verifier, asked, state } = world({
        ...options,
        operation: 'introspection',
        refusedCacheSeconds: 30,
      });
      const { say } = state;
      state.say = () => ({ ...say(), ...more });
      const refused = {
        reason: 'verifier.unavailable',
        detail: { operation: 'introspection', kind: 'misconfigured' },
      };
      for (const count of [1, 2]) {
        await expect(verifier.verify('t', RESOURCE)).rejects.toMatchObject(refused);
        expect(asked).toHaveLength(count);
      }
    },
  );

  it('asks once for two resources, and lets a token in at the one it is for', async () => {
    const { verifier, asked } = world();
    expect(await (await verifier.verify('t', RESOURCE)).admit()).toMatchObject({ resource: RESOURCE });
    expect((await refusalOf(verifier.verify('t', OTHER))).reason).toBe('token.audience');
    expect(asked).toEqual(['t']);
  });

  it('asks again at every request where nothing may be kept, but not twice for the first', async () => {
    const { verifier, asked } = world({ cacheSeconds: 0 });
    const verified = await verifier.verify('t', RESOURCE);
    expect(verified.admit()).toMatchObject({ clientId: 'c-1' });
    expect(asked.length).toBe(1);
    await verified.admit();
    await verified.admit();
    expect(asked.length).toBe(3);
  });

  it('never takes an answer of long ago for that of the first request', async () => {
    const { verifier, asked, clock } = world({ cacheSeconds: 0 });
    const verified = await verifier.verify('t', RESOURCE);
    clock.advance(2);
    await verified.admit();
    expect(asked.length).toBe(2);
  });

  it('notices when a token is suddenly for somebody else, or nobody can tell any more', async () => {
    const { verifier, state, clock } = world();
    const verified = await verifier.verify('t', RESOURCE);
    await verified.admit();
    clock.advance(10);
    state.say = () => ({ sub: 'u-1', aud: OTHER });
    expect((await refusalOf(Promise.resolve(verified.admit()))).reason).toBe('token.audience');
    clock.advance(10);
    state.say = () => {
      throw new ProviderFault('unavailable', 'introspection', { why: 'away' }, { retryAfterSeconds: 9 });
    };
    const refusal = await refusalOf(Promise.resolve(verified.admit()));
    expect(refusal).toMatchObject({ reason: 'verifier.unavailable', retryAfterSeconds: 9 });
    state.say = () => {
      throw new Refusal('token.unknown');
    };
    expect((await refusalOf(Promise.resolve(verified.admit()))).reason).toBe('token.unknown');
  });

  it('takes the opaque tokens it is told to, and JWTs of its issuer', () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const jwt = (iss: string) => `${encode({ alg: 'RS256' })}.${encode({ iss })}.c2ln`;
    const seen = (options: Partial<AskedVerifierOptions>) =>
      ['op_1', 'x', jwt('https://id.example'), jwt('https://b.example')].map(
        world(options).verifier.recognizes,
      );
    expect(seen({})).toEqual([true, true, true, false]);
    expect(seen({ opaqueTokens: ['op_'] })).toEqual([true, false, true, false]);
    expect(seen({ opaqueTokens: false, jwtIssuers: ['https://b.example'] })).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});
