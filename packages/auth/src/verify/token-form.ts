// RFC 7519 §7.2, first steps only: what a token claims to be, to decide who should look at it. Nothing here is proven.
import { fromBase64Url, fromUtf8 } from '../core/encoding.ts';

/** `iss` of a JWT; `null` when a JWT has none; `undefined` when the token is no JWT. */
export function issuerOf(token: string): string | null | undefined {
  const parts = token.split('.', 4);
  const bytes = parts.length === 3 ? fromBase64Url(parts[1]!) : undefined;
  if (!bytes) return undefined;
  try {
    const payload: unknown = JSON.parse(fromUtf8(bytes));
    if (typeof payload !== 'object' || payload === null) return undefined;
    return 'iss' in payload && typeof payload.iss === 'string' ? payload.iss : null;
  } catch {
    return undefined;
  }
}
