import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import { utf8 } from '../core/encoding.ts';
import { unverifiedClaims, verifiedClaims } from './id-token.ts';
import { type KeySet, keySet } from './key-set.ts';

describe('the algorithm of an ID token', () => {
  it('is never symmetric, even if the metadata and the key set say so', async () => {
    const secret = utf8('a secret of thirty-two bytes, or more');
    const token = await new SignJWT({ sub: 'root' }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    const careless = { key: async () => secret } as unknown as KeySet;
    await expect(verifiedClaims('code-exchange', token, careless, ['HS256', 'none'])).rejects.toMatchObject({
      kind: 'invalid',
      detail: { why: expect.stringContaining('ERR_JOSE_ALG_NOT_ALLOWED') },
    });
  });
});

describe('a key that the provider shows nowhere', () => {
  /** A provider that signs with one key after another. Each is shown when the test says so. */
  async function rotating() {
    const clock = manualClock();
    const shown: unknown[] = [];
    const keys = keySet({
      clock,
      maxAgeSeconds: 600,
      cooldownSeconds: 60,
      read: async () => JSON.stringify({ keys: shown }),
    });
    const newKey = async (kid: string) => {
      const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
      const token = await new SignJWT({ sub: 'u-1' })
        .setProtectedHeader({ alg: 'ES256', kid })
        .sign(privateKey);
      const show = async () => void shown.push({ ...(await exportJWK(publicKey)), kid, use: 'sig' });
      return { show, check: () => verifiedClaims('code-exchange', token, keys, ['ES256']) };
    };
    const [first, second, third] = [await newKey('1'), await newKey('2'), await newKey('3')];
    await first.show();
    await first.check();
    return { clock, second, third };
  }

  it('turns nobody away while the set is not read again, and lets them in when it is', async () => {
    const { clock, second, third } = await rotating();
    await second.show();
    await second.check();
    clock.advance(10);
    await third.show();
    await expect(third.check()).rejects.toMatchObject({
      kind: 'unavailable',
      operation: 'keys',
      retryAfterSeconds: 50,
      detail: { why: expect.stringContaining('a moment ago') },
    });
    clock.advance(50);
    expect(await third.check()).toEqual({ sub: 'u-1' });
  });

  it('is an answer that breaks the rules, when the set was read for it', async () => {
    const { clock, third } = await rotating();
    await expect(third.check()).rejects.toMatchObject({ kind: 'invalid', detail: { why: 'no key fits' } });
    clock.advance(61);
    await expect(third.check()).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('reading a token that nobody verified', () => {
  it.each(['', 'a', 'a.b.c', 'a.W10.c', 'a.e30=.c', `a.${'_'.repeat(20)}.c`])(
    'finds nothing in %j',
    (token) => {
      expect(unverifiedClaims(token)).toBeUndefined();
    },
  );
});
