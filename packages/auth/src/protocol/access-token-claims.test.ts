import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import {
  type AccessTokenClaims,
  buildAccessTokenClaims,
  checkAccessTokenClaims,
} from './access-token-claims.ts';

const now = 1_800_000_000;
const token: AccessTokenClaims = {
  issuer: 'https://mcp.example.com',
  subject: 'person',
  audience: ['https://mcp.example.com/mcp'],
  clientId: 'client',
  scopes: ['mcp:read'],
  issuedAt: now,
  expiresAt: now + 3600,
  tokenId: 'jti',
  sessionId: 'sid',
  generation: 3,
};
const claims = buildAccessTokenClaims(token);
const expected = { issuer: token.issuer, resource: token.audience[0]!, nowSeconds: now };

function outcome(
  given: Record<string, unknown>,
  over: Partial<typeof expected> & { leewaySeconds?: number } = {},
) {
  try {
    return checkAccessTokenClaims(given, { ...expected, ...over });
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

it('has the names of RFC 9068', () => {
  expect(claims).toEqual({
    iss: 'https://mcp.example.com',
    sub: 'person',
    aud: 'https://mcp.example.com/mcp',
    client_id: 'client',
    scope: 'mcp:read',
    iat: now,
    exp: now + 3600,
    jti: 'jti',
    sid: 'sid',
    gen: 3,
  });
});

it('reads back what was written', () => expect(outcome(claims)).toEqual(token));

describe('audience', () => {
  it.each([
    ['among others', { aud: ['https://other', 'https://mcp.example.com/mcp'] }, 'object'],
    ['in another spelling', { aud: 'HTTPS://mcp.example.com:443/mcp' }, 'object'],
    ['another', { aud: 'https://mcp.example.com/other' }, 'token.audience'],
    ['a path below', { aud: 'https://mcp.example.com/mcp/x' }, 'token.audience'],
    ['a path above', { aud: 'https://mcp.example.com' }, 'token.audience'],
    ['another port', { aud: 'https://mcp.example.com:8443/mcp' }, 'token.audience'],
    ['a longer host', { aud: 'https://mcp.example.com.evil/mcp' }, 'token.audience'],
    ['none', { aud: undefined }, 'token.claims'],
    ['an empty list', { aud: [] }, 'token.claims'],
    ['a number in the list', { aud: ['https://mcp.example.com/mcp', 1] }, 'token.claims'],
  ])('%s', (_, change, result) => {
    const seen = outcome({ ...claims, ...change });
    expect(typeof seen === 'string' ? seen : typeof seen).toBe(result);
  });
});

describe('times', () => {
  it.each([
    ['in its last second', { nowSeconds: now + 3599, leewaySeconds: 0 }, {}, 'object'],
    ['at its end', { nowSeconds: now + 3600, leewaySeconds: 0 }, {}, 'token.expired'],
    ['after its end, within the leeway', { nowSeconds: now + 3629 }, {}, 'object'],
    ['after its end and the leeway', { nowSeconds: now + 3630 }, {}, 'token.expired'],
    [
      'a leeway without bound is bounded',
      { nowSeconds: now + 3900, leewaySeconds: 1e9 },
      {},
      'token.expired',
    ],
    ['a negative leeway is none', { nowSeconds: now + 3599, leewaySeconds: -100 }, {}, 'object'],
    ['made in the future', { nowSeconds: now - 31 }, {}, 'token.not-yet-valid'],
    ['made by a clock that is a little ahead', { nowSeconds: now - 30 }, {}, 'object'],
    ['not before later', {}, { nbf: now + 31 }, 'token.not-yet-valid'],
    ['not before now', {}, { nbf: now }, 'object'],
  ])('%s', (_, over, change, result) => {
    const seen = outcome({ ...claims, ...change }, over);
    expect(typeof seen === 'string' ? seen : typeof seen).toBe(result);
  });
});

describe('claims', () => {
  it('compares the issuer byte for byte', () => {
    expect(outcome({ ...claims, iss: 'https://mcp.example.com/' })).toBe('token.issuer');
    expect(outcome({ ...claims, iss: 'https://MCP.example.com' })).toBe('token.issuer');
  });

  it.each(['iss', 'sub', 'aud', 'client_id', 'scope', 'iat', 'exp', 'jti', 'sid', 'gen'])(
    'needs %s',
    (name) => {
      expect(outcome({ ...claims, [name]: undefined })).toBe('token.claims');
      expect(outcome({ ...claims, [name]: {} })).toBe('token.claims');
      expect(outcome({ ...claims, [name]: null })).toBe('token.claims');
    },
  );

  it.each([
    { exp: '1900000000' },
    { exp: Number.POSITIVE_INFINITY },
    { exp: Number.NaN },
    { iat: -1 },
    { nbf: 'x' },
    { nbf: null },
    { gen: 1.5 },
    { gen: -1 },
    { sub: '' },
    { sub: 's'.repeat(2001) },
    { scope: 'a\nb' },
  ])('refuses %j', (change) => expect(outcome({ ...claims, ...change })).toBe('token.claims'));

  it('says what was seen and what was expected', () => {
    expect.assertions(1);
    try {
      checkAccessTokenClaims({ ...claims, aud: 'https://other' }, expected);
    } catch (error) {
      expect((error as Refusal).detail).toEqual({ seen: ['https://other'], expected: expected.resource });
    }
  });
});

it('gives a token for this resource, from this issuer, still good, or refuses: for any claims', () => {
  const value = fc.oneof(fc.jsonValue(), fc.integer({ min: now - 100, max: now + 100 }));
  const changes = fc.dictionary(
    fc.constantFrom('iss', 'sub', 'aud', 'scope', 'iat', 'exp', 'nbf', 'jti', 'sid', 'gen', 'x'),
    value,
  );
  fc.assert(
    fc.property(changes, (change) => {
      const seen = outcome({ ...claims, ...change }, { leewaySeconds: 0 } as Partial<typeof expected>);
      if (typeof seen === 'string') {
        expect(seen).toMatch(/^token\./);
        return;
      }
      expect(seen.issuer).toBe(expected.issuer);
      expect(seen.expiresAt).toBeGreaterThan(now);
      expect(seen.issuedAt).toBeLessThanOrEqual(now);
    }),
    { numRuns: 1000 },
  );
});
