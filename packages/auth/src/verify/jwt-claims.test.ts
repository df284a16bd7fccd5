import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { REFUSALS } from '../core/refusal-reasons.ts';
import { ISSUER, jwtWorld, RESOURCE, type Signer, sign, signer } from './jwt-tokens.contract.ts';

let by: Signer;
let stranger: Signer;
beforeAll(async () => {
  by = await signer('EdDSA');
  stranger = await signer('EdDSA');
});

const LEEWAY = 30;
const world = jwtWorld();
const now = world.clock.now() / 1000;

/** Around the edges of what is allowed, and anything at all. */
const time = fc.oneof(
  fc.integer({ min: now - 2 * LEEWAY, max: now + 2 * LEEWAY }),
  fc.constantFrom(undefined, now + 3600, now - 3600, now * 1000, '1', null),
);
const claims = fc.record(
  {
    exp: time,
    nbf: time,
    iat: time,
    iss: fc.constantFrom(ISSUER, ISSUER, ISSUER, `${ISSUER}/`, undefined, 7, 'https://else.example'),
    aud: fc.constantFrom(RESOURCE, [RESOURCE], ['x', RESOURCE], 'x', [], undefined, null, { 0: RESOURCE }, [
      RESOURCE,
      1,
    ]),
    sub: fc.constantFrom('u-1', 'u-2', '', undefined, 7, null, {}),
    cnf: fc.constantFrom(undefined, undefined, undefined, { jkt: 'x' }, 'x'),
    token_use: fc.constantFrom(undefined, undefined, 'access', 'id', 7),
    scope: fc.constantFrom('a', 'a b', '', ['a'], undefined, 7),
    jti: fc.jsonValue({ maxDepth: 1 }),
  },
  { requiredKeys: ['aud', 'exp', 'iss', 'sub'] },
);
type Claims = typeof claims extends fc.Arbitrary<infer T> ? T : never;

/** The rules written again, as one expression, to be compared with. */
function isGood(all: Claims): boolean {
  const date = (value: unknown) => typeof value === 'number' && value <= 1e11;
  const begun = (value: unknown) => value === undefined || (date(value) && Number(value) <= now + LEEWAY);
  const aud = Array.isArray(all.aud) ? all.aud : [all.aud];
  return (
    date(all.exp) &&
    now < Number(all.exp) + LEEWAY &&
    begun(all.nbf) &&
    begun('iat' in all ? all.iat : undefined) &&
    all.iss === ISSUER &&
    aud.every((each) => typeof each === 'string') &&
    aud.includes(RESOURCE) &&
    (all.sub === 7 || (typeof all.sub === 'string' && all.sub !== '')) &&
    all.cnf === undefined &&
    (all.token_use === undefined || all.token_use === 'access') &&
    all.scope !== 7
  );
}

async function isAccepted(token: string): Promise<boolean> {
  const verifier = world.open({ keys: { publicKey: by.pem } });
  try {
    await (await verifier.verify(token, RESOURCE)).admit();
    return true;
  } catch (error) {
    if (!(error instanceof Refusal) || REFUSALS[error.reason].status !== 401) throw error;
    return false;
  }
}

describe('the claims of a JWT', () => {
  it('[G9] let somebody in exactly when every rule is kept', async () => {
    const seen = { good: 0, bad: 0 };
    await fc.assert(
      fc.asyncProperty(claims, async (all) => {
        const token = await sign(world.clock, by, { claims: { iat: undefined, ...all } });
        seen[isGood(all) ? 'good' : 'bad'] += 1;
        expect(await isAccepted(token)).toBe(isGood(all));
      }),
      { numRuns: 3000, examples: [[{ exp: now + 1, iss: ISSUER, aud: RESOURCE, sub: 'u-1' } as Claims]] },
    );
    // A property that only ever saw one side would prove nothing.
    expect(Math.min(seen.good, seen.bad)).toBeGreaterThan(0);
  }, 60_000);

  it('[G9] let nobody in with the signature of another key, or after any change', async () => {
    const token = await sign(world.clock, by);
    expect(await isAccepted(token)).toBe(true);
    expect(await isAccepted(await sign(world.clock, stranger))).toBe(false);
    const place = fc.nat(token.length - 1);
    const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.');
    await fc.assert(
      fc.asyncProperty(place, letter, async (at, other) => {
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        expect(await isAccepted(changed)).toBe(changed === token);
      }),
      { numRuns: 1000 },
    );
  }, 60_000);
});
