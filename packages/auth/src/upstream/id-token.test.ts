import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../core/encoding.ts';
import { unverifiedClaims, verifiedClaims } from './id-token.ts';
import type { KeySet } from './key-set.ts';

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

describe('reading a token that nobody verified', () => {
  it.each(['', 'a', 'a.b.c', 'a.W10.c', 'a.e30=.c', `a.${'_'.repeat(20)}.c`])(
    'finds nothing in %j',
    (token) => {
      expect(unverifiedClaims(token)).toBeUndefined();
    },
  );
});
