// MCP security best practices (confused deputy): what a browser approved before, kept in a cookie of that browser, sealed.
import type { Clock } from '../../core/clock.ts';
import { fromBase64Url, fromUtf8, sha256Text, toBase64Url, utf8 } from '../../core/encoding.ts';
import type { Identity } from '../../core/identity.ts';
import { readCookie } from '../../http/read-cookie.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { PendingRequest } from '../../sessions/transactions.ts';

const MAX_ENTRIES = 20;
/** Browsers keep no more of a cookie than about 4,096 bytes. */
const MAX_COOKIE_LENGTH = 3800;

/** An approval, without naming anybody: hashes of client, address and resource, and of the person. */
interface Entry {
  readonly what: string;
  readonly scopes: readonly string[];
  readonly signIn: string;
  readonly person: string;
  readonly until: number;
}

export interface RememberedApprovalsOptions {
  /** The keys that seal. */
  readonly keyRing: Pick<KeyRing, 'seal' | 'open'>;
  /** Our issuer, byte for byte. */
  readonly issuer: string;
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Seconds that an approval is remembered. */
  readonly approvalSeconds: number;
}

/**
 * Approvals of one browser. What is there counts for this browser and the person who approved, and only while it can be opened: a key that is gone, another
 * issuer or a changed byte means that the person is asked.
 */
export function rememberedApprovals({ keyRing, issuer, clock, approvalSeconds }: RememberedApprovalsOptions) {
  const context = ['approved', issuer];
  // Two servers may be mounted on one host, and such a cookie knows no path.
  const name = `__Host-portcullis-approved-${sha256Text(issuer).slice(0, 8)}`;

  function entries(header: string | null): readonly Entry[] {
    const sealed = readCookie(header, name);
    if (sealed === undefined || sealed.length > MAX_COOKIE_LENGTH) return [];
    const bytes = fromBase64Url(sealed);
    if (!bytes) return [];
    const opened = keyRing.open(context, bytes);
    if (typeof opened === 'string') return [];
    const found = JSON.parse(fromUtf8(opened)) as readonly Entry[];
    return found.filter(({ until }) => until > clock.now());
  }

  return {
    /** The sign-in that was chosen when this was approved, and by whom; `undefined` when it was not, or not all of it. */
    find(
      header: string | null,
      request: PendingRequest,
    ): { readonly signIn: string; readonly person: string } | undefined {
      const what = hashOf(request);
      const entry = entries(header).find((each) => each.what === what);
      return entry && request.scopes.every((scope) => entry.scopes.includes(scope)) ? entry : undefined;
    },

    /** The `Set-Cookie` line that remembers this too. The latest approvals stay, the oldest go. */
    remember(
      header: string | null,
      request: PendingRequest,
      by: { readonly signIn: string; readonly person: string },
    ): string {
      const what = hashOf(request);
      const until = clock.now() + approvalSeconds * 1000;
      const others = entries(header).filter((each) => each.what !== what);
      let kept = [{ what, scopes: request.scopes, ...by, until }, ...others].slice(0, MAX_ENTRIES);
      let sealed = seal(kept);
      while (sealed.length > MAX_COOKIE_LENGTH && kept.length > 1) {
        kept = kept.slice(0, -1);
        sealed = seal(kept);
      }
      return `${name}=${sealed}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${approvalSeconds}`;
    },

    /** The line that forgets everything. */
    forget: () => `${name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`,
  };

  function seal(kept: readonly Entry[]): string {
    return toBase64Url(keyRing.seal(context, utf8(JSON.stringify(kept))));
  }
}

export type RememberedApprovals = ReturnType<typeof rememberedApprovals>;

function hashOf({ clientId, redirectUri, resource }: PendingRequest): string {
  return sha256Text(JSON.stringify([clientId, redirectUri, resource]));
}

/** Whom an approval is for, without naming them. */
export function personHash({ issuer, subject }: Pick<Identity, 'issuer' | 'subject'>): string {
  return sha256Text(JSON.stringify([issuer, subject]));
}
