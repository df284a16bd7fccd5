// MCP security best practices (confused deputy): what a person sees before anything happens, sealed so that the browser can carry it.
import type { Clock } from '../../core/clock.ts';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '../../core/encoding.ts';
import { Refusal } from '../../core/refusal.ts';
import type { BrowserCookie } from '../../http/browser-cookie.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import { withStore } from '../../sessions/guarded-store.ts';
import { hashBrowser, type PendingRequest } from '../../sessions/transactions.ts';

/** The longest sealed form that is read, in characters: the largest authorization request there can be, sealed, with room. */
export const MAX_SEALED_LENGTH = 32_768;

interface Bound {
  /** Tag of the cookie it is bound to. */
  readonly cookieTag: string;
}

interface Continuing extends Bound {
  /** The transaction that the form continues. */
  readonly transactionId: string;
}

/** What travels through the browser between a page and its form, by the form it belongs to: one is never taken for the other. */
export interface SealedForms {
  readonly consent: Bound & { readonly request: PendingRequest };
  readonly 'sign-in': Continuing;
  readonly 'login-check': Bound;
  readonly 'login-check-sign-in': Continuing;
  readonly logout: Bound;
}

export type FormPurpose = keyof SealedForms;

type SealedContent<P extends FormPurpose> = SealedForms[P] & {
  readonly browser: string;
  readonly expiresAt: number;
};

export interface ApprovalsOptions {
  /** The keys that seal and sign. */
  readonly keyRing: KeyRing;
  /** Our issuer, byte for byte. */
  readonly issuer: string;
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Seconds a page may stay open. */
  readonly pageSeconds: number;
}

/** Nothing of a pending authorization is stored before a person approves: it waits in the page, sealed and bound to the browser's cookie. */
export function approvals(options: ApprovalsOptions) {
  const { keyRing, clock } = options;
  const contextOf = (purpose: FormPurpose) => ['form', purpose, options.issuer];

  return {
    seal<P extends FormPurpose>(purpose: P, form: SealedForms[P], cookie: BrowserCookie): string {
      const expiresAt = clock.now() + options.pageSeconds * 1000;
      const content: SealedContent<P> = { ...form, browser: hashBrowser(cookie.value), expiresAt };
      return toBase64Url(keyRing.seal(contextOf(purpose), utf8(JSON.stringify(content))));
    },

    /** `readCookie`: the value of the cookie with that tag, when the browser sent it. @throws Refusal `authorization.*` */
    async open<P extends FormPurpose>(
      purpose: P,
      sealed: string,
      readCookie: (tag: string) => string | undefined,
    ): Promise<SealedForms[P]> {
      const content = await openContent<P>(contextOf(purpose), sealed);
      if (content.expiresAt <= clock.now()) throw new Refusal('authorization.expired', { purpose });
      const value = readCookie(content.cookieTag);
      if (value === undefined || hashBrowser(value) !== content.browser) {
        throw new Refusal('authorization.wrong-browser', {
          cookie: value === undefined ? 'absent' : 'another',
        });
      }
      return content;
    },
  };

  async function openContent<P extends FormPurpose>(
    context: readonly string[],
    sealed: string,
  ): Promise<SealedContent<P>> {
    const bytes = fromBase64Url(sealed);
    if (!bytes) throw new Refusal('request.invalid-parameter', { parameter: 'request' });
    let opened = keyRing.open(context, bytes);
    if (opened === 'unknown-key' && (await withStore(() => keyRing.reload())))
      opened = keyRing.open(context, bytes);
    if (opened === 'unknown-key')
      throw new Refusal('authorization.expired', { why: 'sealed with a key that is gone' });
    if (opened === 'damaged') throw new Refusal('request.invalid-parameter', { parameter: 'request' });
    return JSON.parse(fromUtf8(opened)) as SealedContent<P>;
  }
}

export type Approvals = ReturnType<typeof approvals>;
