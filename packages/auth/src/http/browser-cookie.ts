// RFC 6265bis §4.1.3: the cookie that binds a pending authorization to the browser that asked for it.
import { toBase64Url } from '../core/encoding.ts';
import type { Random } from '../core/random.ts';
import { cookieNames, readCookie } from './read-cookie.ts';

const SECURE_NAME = '__Host-portcullis';
const LOOPBACK_PREFIX = 'portcullis-';
/** Browsers keep no more of one site at a time. */
const MAX_CLEARED = 200;
const VALUE = /^[A-Za-z0-9_-]{22}$/;
const TAG = /^[A-Za-z0-9_-]{11}$/;

/** A cookie that a page is bound to. */
export interface BrowserCookie {
  /** The part of the name that tells apart pages on plain-http loopback; empty over https. */
  readonly tag: string;
  readonly value: string;
}

/**
 * Over https one cookie a browser holds, for all its tabs, as long as it is valid. On plain-http loopback any local port may read cookies:
 * there each page has its own, used once.
 */
export function browserCookies(options: {
  readonly secure: boolean;
  readonly path: string;
  readonly maxAgeSeconds: number;
  readonly random: Random;
}) {
  const { secure, random } = options;
  const name = (tag: string) => (secure ? SECURE_NAME : LOOPBACK_PREFIX + tag);
  const attributes = secure
    ? 'Path=/; Secure; HttpOnly; SameSite=Lax'
    : `Path=${options.path}; HttpOnly; SameSite=Lax`;

  function read(header: string | null, tag: string): string | undefined {
    if (!secure && !TAG.test(tag)) return undefined;
    const value = readCookie(header, name(tag));
    return value !== undefined && VALUE.test(value) ? value : undefined;
  }

  return {
    read,
    /** The cookie for a new page, and its `Set-Cookie` line: one that the browser holds already is good for longer by it. */
    forPage(header: string | null): { readonly cookie: BrowserCookie; readonly setCookie: string } {
      const held = secure ? read(header, '') : undefined;
      const cookie = {
        tag: secure ? '' : toBase64Url(random.bytes(8)),
        value: held ?? toBase64Url(random.bytes(16)),
      };
      const setCookie = `${name(cookie.tag)}=${cookie.value}; ${attributes}; Max-Age=${options.maxAgeSeconds}`;
      return { cookie, setCookie };
    },
    /** The lines that clear every cookie of ours that the browser sent. */
    clearAll(header: string | null): string[] {
      if (secure) return [`${SECURE_NAME}=; ${attributes}; Max-Age=0`];
      return cookieNames(header)
        .filter((each) => each.startsWith(LOOPBACK_PREFIX) && TAG.test(each.slice(LOOPBACK_PREFIX.length)))
        .slice(0, MAX_CLEARED)
        .map((each) => `${each}=; ${attributes}; Max-Age=0`);
    },
    /** The lines that clear a cookie that was used; none over https, where it stays for the other tabs. */
    clear: (tag: string): string[] => (secure ? [] : [`${name(tag)}=; ${attributes}; Max-Age=0`]),
  };
}

export type BrowserCookies = ReturnType<typeof browserCookies>;
