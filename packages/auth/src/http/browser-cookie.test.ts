import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRandom } from '../core/random.ts';
import { browserCookies } from './browser-cookie.ts';

const secure = browserCookies({ secure: true, path: '/', maxAgeSeconds: 600, random: systemRandom });
const plain = browserCookies({ secure: false, path: '/team/', maxAgeSeconds: 600, random: systemRandom });
const VALUE = 'A'.repeat(22);

describe('the cookie of a page', () => {
  it('[PX-3] is one for the browser over https, with every guard there is', () => {
    const { cookie, setCookie } = secure.forPage(null);
    expect(setCookie).toBe(
      `__Host-portcullis=${cookie.value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600`,
    );
    expect(cookie.tag).toBe('');
    expect(secure.forPage(`a=b; __Host-portcullis=${cookie.value}; c=d`)).toEqual({ cookie, setCookie });
    expect(secure.clear('')).toEqual([]);
  });

  it('is one for the page on plain-http loopback, cleared after use', () => {
    const { cookie, setCookie } = plain.forPage(`portcullis-${'B'.repeat(11)}=${VALUE}`);
    expect(setCookie).toBe(
      `portcullis-${cookie.tag}=${cookie.value}; Path=/team/; HttpOnly; SameSite=Lax; Max-Age=600`,
    );
    expect(cookie.value).not.toBe(VALUE);
    expect(plain.clear(cookie.tag)).toEqual([
      `portcullis-${cookie.tag}=; Path=/team/; HttpOnly; SameSite=Lax; Max-Age=0`,
    ]);
  });

  it('is cleared with all others of ours when a browser logs out, and with none of anybody else', () => {
    expect(secure.clearAll(null)).toEqual([
      '__Host-portcullis=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0',
    ]);
    const [a, b] = ['a'.repeat(11), 'b'.repeat(11)];
    const others = 'portcullis=1; portcullis-short=1; theirs=portcullis-; x';
    expect(plain.clearAll(`portcullis-${a}=${VALUE}; ${others}; portcullis-${b}=spoiled`)).toEqual(
      [a, b].map((tag) => `portcullis-${tag}=; Path=/team/; HttpOnly; SameSite=Lax; Max-Age=0`),
    );
    expect(plain.clearAll(null)).toEqual([]);
    expect(plain.clearAll(`portcullis-${a}=1;`.repeat(5000))).toHaveLength(200);
  });

  it('is read back from whatever else the browser sends', () => {
    const others = fc.array(
      fc
        .tuple(fc.string({ maxLength: 12 }), fc.string({ maxLength: 30 }))
        .map(([name, value]) => `${name}=${value}`.replace(/[;,\s]/g, '')),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(others, others, fc.boolean(), (before, after, isSecure) => {
        const cookies = isSecure ? secure : plain;
        const { cookie, setCookie } = cookies.forPage(null);
        const own = setCookie.split(';')[0]!;
        const foreign = [...before, ...after].filter((pair) => !pair.startsWith(own.split('=')[0]!));
        const header = [
          ...before.filter((pair) => foreign.includes(pair)),
          own,
          ...after.filter((pair) => foreign.includes(pair)),
        ].join('; ');
        expect(cookies.read(header, cookie.tag)).toBe(cookie.value);
      }),
      { numRuns: 1000 },
    );
  });

  it('[PX-3] is set by nobody else: a name that only looks like ours is not ours, and two of a name are none', () => {
    const own = `__Host-portcullis=${VALUE}`;
    const theirs = 'v'.repeat(22);
    expect(secure.read(`\u00a0__Host-portcullis=${theirs}`, '')).toBeUndefined();
    expect(secure.read(`\u00a0__Host-portcullis=${theirs}; ${own}`, '')).toBe(VALUE);
    expect(secure.read(`__Host-portcullis=${theirs}; ${own}`, '')).toBeUndefined();
    expect(secure.read(`${own}=${theirs}`, '')).toBeUndefined();
    const tag = 'a'.repeat(11);
    expect(plain.read(`portcullis-${tag}=${theirs}; portcullis-${tag}=${VALUE}`, tag)).toBeUndefined();
    expect(plain.clearAll(`\u00a0portcullis-${tag}=${VALUE}`)).toEqual([]);
  });

  it('is nothing but a value of ours in form', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constant(null),
          fc.string({ maxLength: 100 }),
          fc.string({ maxLength: 40 }).map((value) => `__Host-portcullis=${value}`),
        ),
        fc.string({ maxLength: 15 }),
        (header, tag) => {
          for (const cookies of [secure, plain])
            expect(cookies.read(header, tag) ?? VALUE).toMatch(/^[\w-]{22}$/);
        },
      ),
      { numRuns: 1000 },
    );
    expect(plain.read(`portcullis-=${VALUE}`, '')).toBeUndefined();
    expect(plain.read(`__Host-portcullis=${VALUE}`, 'x')).toBeUndefined();
    expect(secure.read(`portcullis=${VALUE}`, '')).toBeUndefined();
    expect(secure.read(`x__Host-portcullis=${VALUE}`, '')).toBeUndefined();
    expect(plain.read(`portcullis-a;b=${VALUE}`, 'a;b')).toBeUndefined();
  });
});
