import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAULTS, type Fault, type FaultyProxy } from '../../../../e2e/servers/faulty-proxy.ts';
import type { ManualClock } from '../core/clock.ts';
import type { AuthEvent } from '../core/events.ts';
import { Refusal } from '../core/refusal.ts';
import { REFUSALS } from '../core/refusal-reasons.ts';
import type { Verifier } from './verifier.ts';

/** What a good token should say. */
export interface TokenWish {
  readonly subject?: string;
  readonly clientId?: string;
  readonly scopes?: readonly string[];
  /** Default: the resource. */
  readonly audience?: string;
  /** Default: 600. */
  readonly expiresInSeconds?: number;
}

export interface VerifierUnderTest {
  readonly verifier: Verifier;
  readonly resource: string;
  /** Who vouches for the people of these tokens. */
  readonly issuer: string;
  readonly clock: ManualClock;
  /** What it told the operator. */
  readonly events: readonly AuthEvent[];
  /** A token that is good until `wish` says otherwise. */
  token(wish?: TokenWish): Promise<string>;
  /** A token of the right form that nobody made; every `n` gives another. */
  forged(n: number): Promise<string>;
  /** Where it asks, if it asks anybody. */
  readonly provider?: { readonly proxy: FaultyProxy; readonly path: string };
  /** Do its tokens say whom they are for? */
  readonly hasAudience: boolean;
  /** Clocks may differ by so much; 0 where both are the same. */
  readonly leewaySeconds: number;
  end(): Promise<void>;
}

export type VerifierFactory = () => Promise<VerifierUnderTest>;

/** Every way in which a provider can fail to say something about a token. */
export const OUTAGES: Readonly<Record<string, Fault>> = {
  'a server error': FAULTS.serverError,
  'a gateway error in HTML': {
    kind: 'answer',
    status: 502,
    body: '<h1>Bad Gateway</h1>',
    contentType: 'text/html',
  },
  'too many requests': FAULTS.tooMany,
  'a login page in HTML': FAULTS.html,
  'no body': { kind: 'answer', status: 200, body: '', contentType: 'application/json' },
  'a list in place of an object': {
    kind: 'answer',
    status: 200,
    body: '[]',
    contentType: 'application/json',
  },
  'a body without end': {
    kind: 'answer',
    status: 200,
    body: `{"active":true,"keys":[],"sub":"${'x'.repeat(2_000_000)}"}`,
    contentType: 'application/json',
  },
  'a redirect': { kind: 'answer', status: 302, body: '', headers: { location: '/elsewhere' } },
  'a page that is not there': { kind: 'answer', status: 404, body: 'not found', contentType: 'text/plain' },
  'a lost connection': FAULTS.drop,
};

/** What every verifier must do. Its own test calls this with a factory; `asks`: it asks a provider; `runs` random tokens are tried. */
export function describeVerifier(
  name: string,
  factory: VerifierFactory,
  { asks = false, runs = 1000 }: { readonly asks?: boolean; readonly runs?: number } = {},
): void {
  const using = (test: (under: VerifierUnderTest) => Promise<void>) => async () => {
    const under = await factory();
    try {
      await test(under);
    } finally {
      await under.end();
    }
  };

  describe(`${name}: good tokens`, () => describeGood(using));
  describe(`${name}: bad tokens`, () => describeBad(using, runs));
  if (asks) describe(`${name}: when nobody can tell`, () => describeOutages(using));
}

type Using = (test: (under: VerifierUnderTest) => Promise<void>) => () => Promise<void>;

const asked = ({ provider }: VerifierUnderTest) => provider?.proxy.requests.length ?? 0;

/** The refusal of a token; fails when it is let in, or when something else is thrown. */
export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const error = await work.then(
    () => new Error('the token was let in'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Refusal) return error;
  throw error;
}

function describeGood(using: Using): void {
  it(
    'become the person, the client and the scopes they stand for',
    using(async ({ verifier, resource, issuer, clock, token }) => {
      const good = await token({
        subject: 'u-1',
        clientId: 'c-1',
        scopes: ['a', 'b'],
        expiresInSeconds: 600,
      });
      expect(verifier.recognizes(good)).toBe(true);
      const verified = await verifier.verify(good, resource);
      const caller = verified.admit();
      expect(caller).toMatchObject({
        identity: { issuer, subject: 'u-1' },
        clientId: 'c-1',
        scopes: ['a', 'b'],
        resource,
        expiresAt: verified.expiresAt,
      });
      expect(verified.expiresAt).toBe(clock.now() / 1000 + 600);
    }),
  );

  it(
    'are good without any scope: what a scope allows is for the gate to say',
    using(async ({ verifier, resource, token }) => {
      const verified = await verifier.verify(await token({ scopes: [] }), resource);
      expect(await verified.admit()).toMatchObject({ scopes: [] });
    }),
  );

  it(
    'are asked about once, however many wait',
    using(async (under) => {
      const good = await under.token();
      const verified = await Promise.all(
        Array.from({ length: 10 }, () => under.verifier.verify(good, under.resource)),
      );
      for (const each of verified) expect(await each.admit()).toMatchObject({ resource: under.resource });
      expect(asked(under)).toBe(under.provider ? 1 : 0);
    }),
  );

  it(
    'end when they say',
    using(async ({ verifier, resource, clock, leewaySeconds, token }) => {
      const good = await token({ expiresInSeconds: 60 });
      clock.advance(59 + leewaySeconds);
      await verifier.verify(good, resource);
      clock.advance(1);
      expect((await refusalOf(verifier.verify(good, resource))).reason).toBe('token.expired');
    }),
  );
}

function describeBad(using: Using, runs: number): void {
  it(
    'are refused when nobody made them, and do not come back in what is said of them',
    using(async ({ verifier, resource, forged }) => {
      for (let n = 0; n < 20; n += 1) {
        const token = await forged(n);
        const refusal = await refusalOf(verifier.verify(token, resource));
        expect(REFUSALS[refusal.reason].status).toBe(401);
        expect(JSON.stringify(refusal.detail)).not.toContain(token);
      }
    }),
  );

  it(
    'are refused when they are for another resource',
    using(async ({ verifier, resource, hasAudience, token }) => {
      const elsewhere = verifier.verify(await token({ audience: 'https://other.example/mcp' }), resource);
      if (hasAudience) expect((await refusalOf(elsewhere)).reason).toBe('token.audience');
      else expect(await (await elsewhere).admit()).toMatchObject({ resource });
    }),
  );

  it(
    'are left to others when they name another issuer, without asking anybody',
    using(async (under) => {
      const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const foreign = `${encode({ alg: 'RS256' })}.${encode({ iss: 'https://else.example' })}.AAAA`;
      expect(under.verifier.recognizes(foreign)).toBe(false);
      expect(under.verifier.recognizes(foreign.slice(0, -6))).toBe(false);
      under.verifier.recognizes(await under.token());
      expect(asked(under)).toBe(0);
    }),
  );

  it(
    'may be any text: each is refused with 401, and recognizing it throws nothing',
    using(async ({ verifier, resource }) => {
      await fc.assert(
        fc.asyncProperty(anyToken, async (token) => {
          expect(typeof verifier.recognizes(token)).toBe('boolean');
          const refusal = await refusalOf(verifier.verify(token, resource));
          expect(REFUSALS[refusal.reason].status).toBe(401);
        }),
        { numRuns: runs },
      );
    }),
    30_000,
  );
}

const part = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9._~+/-]{1,40}=?$/),
  fc.json({ maxDepth: 2 }).map((json) => Buffer.from(json).toString('base64url')),
  fc
    .record({ alg: fc.constantFrom('none', 'HS256', 'RS256'), typ: fc.constantFrom('JWT', 'at+jwt') })
    .map((header) => Buffer.from(JSON.stringify(header)).toString('base64url')),
);
const anyToken = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.'));

function describeOutages(using: Using): void {
  for (const [what, fault] of Object.entries(OUTAGES)) {
    it(
      `${what} is 503, told to the operator, and forgotten when it is over`,
      using(async ({ verifier, resource, clock, provider, events, token }) => {
        if (!provider) throw new Error('it asks nobody');
        const good = await token();
        provider.proxy.fail(provider.path, fault);
        const refusal = await refusalOf(verifier.verify(good, resource));
        expect(refusal.reason).toBe('verifier.unavailable');
        expect(refusal.retryAfterSeconds).toBe(fault === FAULTS.tooMany ? 7 : 5);
        expect(events.filter(({ type }) => type === 'upstream.failed').length).toBe(1);
        expect(JSON.stringify([refusal.detail, events])).not.toContain(good);
        provider.proxy.mend();
        clock.advance(5);
        expect(await (await verifier.verify(good, resource)).admit()).toMatchObject({ resource });
      }),
    );
  }
}
