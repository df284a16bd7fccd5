// OAuth 2.1 §4.3: refresh tokens that are rotated. Ours are computed, not stored: the successor of a token is always the same token.
import { createHmac } from 'node:crypto';
import { equalBytes, fromBase64Url, lengthPrefixed, toBase64Url } from '../core/encoding.ts';

const PREFIX = 'pcr';
const MAX_LENGTH = 160;

/** A refresh token taken apart. Nothing of it is proven before `isRefreshTokenOf` says so. */
export interface RefreshTokenParts {
  readonly sessionId: string;
  readonly generation: number;
  readonly mac: Uint8Array;
}

/** What the MAC of a refresh token is made with. */
export interface RefreshTokenKey {
  readonly sessionId: string;
  /** 256 random bits of the session, base64url. */
  readonly secret: string;
  readonly issuer: string;
}

export function makeRefreshToken(key: RefreshTokenKey, generation: number): string {
  return `${PREFIX}.${key.sessionId}.${generation}.${toBase64Url(macOf(key, generation))}`;
}

/** Does it begin as one of ours? Whatever became of the rest, it is nobody else's business. */
export function isLikeRefreshToken(token: string): boolean {
  return token.startsWith(`${PREFIX}.`);
}

/** `undefined` for anything that is not written exactly as `makeRefreshToken` writes. */
export function parseRefreshToken(token: string): RefreshTokenParts | undefined {
  if (token.length > MAX_LENGTH) return undefined;
  const match = /^pcr\.([A-Za-z0-9_-]{22})\.([1-9]\d{0,9})\.([A-Za-z0-9_-]{43})$/.exec(token);
  const mac = match && fromBase64Url(match[3]!);
  if (!match || !mac) return undefined;
  return { sessionId: match[1]!, generation: Number(match[2]), mac };
}

export function isRefreshTokenOf(key: RefreshTokenKey, parts: RefreshTokenParts): boolean {
  return equalBytes(macOf(key, parts.generation), parts.mac);
}

function macOf(key: RefreshTokenKey, generation: number): Uint8Array {
  const data = lengthPrefixed([key.sessionId, String(generation), key.issuer]);
  return new Uint8Array(createHmac('sha256', Buffer.from(key.secret, 'base64url')).update(data).digest());
}
