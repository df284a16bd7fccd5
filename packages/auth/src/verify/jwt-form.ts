// RFC 7515 §4 and §5.2, RFC 8725 §3: what a signed token must look like before anything in it is weighed.
import { Refusal } from '../core/refusal.ts';
import { MAX_BEARER_TOKEN_LENGTH } from '../protocol/bearer-challenge.ts';
import { headerFault, readCompactJwt, typeName } from '../protocol/compact-jwt.ts';
import type { Claims } from '../upstream/claims.ts';

export interface JwtParts {
  readonly algorithm: string;
  readonly kid?: string;
  readonly claims: Claims;
}

/**
 * `at+jwt`: only what says it is an access token (RFC 9068 §2.1). `jwt`: also `JWT`, or no type at all, as most providers write it. Any other
 * type is refused in both.
 */
export type JwtType = 'at+jwt' | 'jwt';

/** The header's members that count, and the claims; nothing of it is proven yet. @throws Refusal */
export function readJwt(
  token: string,
  expected: { readonly algorithms: readonly string[]; readonly type: JwtType },
): JwtParts {
  const jwt = readCompactJwt(token, MAX_BEARER_TOKEN_LENGTH);
  if (typeof jwt === 'string') throw malformed(jwt);
  const { header, claims } = jwt;
  const { alg, kid } = header;
  if (typeof alg !== 'string' || !expected.algorithms.includes(alg))
    throw new Refusal('token.algorithm', {
      seen: typeof alg === 'string' ? alg.slice(0, 40) : 'none',
      expected: expected.algorithms,
    });
  const fault = headerFault(header);
  if (fault !== undefined) throw malformed(fault);
  checkType(header, expected.type);
  return { algorithm: alg, claims, ...(typeof kid === 'string' ? { kid } : {}) };
}

function checkType(header: Readonly<Record<string, unknown>>, expected: JwtType): void {
  const name = typeName(header);
  if (name === 'at+jwt') return;
  if (expected === 'jwt' && (name === undefined || name === 'jwt')) return;
  throw new Refusal('token.type', {
    seen: typeof header.typ === 'string' ? header.typ.slice(0, 40) : 'none',
    expected: expected === 'jwt' ? 'at+jwt, JWT, or none' : 'at+jwt',
  });
}

function malformed(why: string): Refusal {
  return new Refusal('token.malformed', { why });
}
