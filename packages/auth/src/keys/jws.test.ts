import { generateKeyPairSync, type KeyObject, sign as nodeSign } from 'node:crypto';
import fc from 'fast-check';
import { CompactSign, compactVerify, decodeProtectedHeader, importJWK, jwtVerify, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSigner, createVerifier } from './jws.ts';
import type { JwsFault, VerifiedJws } from './key-ring.ts';

const TYP = 'at+jwt';
const CLAIMS = { iss: 'https://a.example', sub: 'ann', aud: 'https://a.example/mcp', exp: 2_000_000_000 };

let privateKey: KeyObject;
let publicKey: KeyObject;
let joseKey: Awaited<ReturnType<typeof importJWK>>;
let josePrivate: Awaited<ReturnType<typeof importJWK>>;
let sign: ReturnType<typeof createSigner>;
let verify: ReturnType<typeof createVerifier>;

beforeAll(async () => {
  ({ privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  joseKey = await importJWK({ ...publicKey.export({ format: 'jwk' }) }, 'ES256');
  josePrivate = await importJWK({ ...privateKey.export({ format: 'jwk' }) }, 'ES256');
  sign = createSigner({ kid: 'k1', privateKey });
  verify = createVerifier(new Map([['k1', publicKey]]));
});

const b64 = (text: string): string => Buffer.from(text).toString('base64url');
/** A token with exactly this header and payload, signed with the right key. */
function forge(header: string, payload = JSON.stringify(CLAIMS)): string {
  const input = `${b64(header)}.${b64(payload)}`;
  return `${input}.${nodeSign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
const header = (more: Record<string, unknown> = {}): string =>
  JSON.stringify({ alg: 'ES256', typ: TYP, kid: 'k1', ...more });
const good = (result: VerifiedJws | JwsFault): VerifiedJws => {
  if (typeof result === 'string') throw new Error(result);
  return result;
};

describe('what we sign', { timeout: 30_000 }, () => {
  it('is verified by us and by jose, to the same claims', async () => {
    const anything = fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => !['exp', 'nbf', 'iat', '__proto__'].includes(name)),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (claims) => {
        const token = sign(TYP, claims);
        const ours = good(verify(TYP, token));
        const { payload, protectedHeader } = await compactVerify(token, joseKey);
        expect(ours.claims).toEqual(JSON.parse(new TextDecoder().decode(payload)));
        expect(ours.header).toEqual(protectedHeader);
      }),
      { numRuns: 1000 },
    );
  });

  it('is a JWT to jose, with our type', async () => {
    const { payload } = await jwtVerify(sign(TYP, CLAIMS), joseKey, { typ: TYP, algorithms: ['ES256'] });
    expect(payload).toEqual(CLAIMS);
    expect(decodeProtectedHeader(sign(TYP, CLAIMS))).toEqual({ alg: 'ES256', typ: TYP, kid: 'k1' });
  });

  it('is verified when jose signed it with our key', async () => {
    const token = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: 'ES256', typ: TYP, kid: 'k1' })
      .sign(josePrivate);
    expect(good(verify(TYP, token)).claims).toEqual(CLAIMS);
  });
});

describe('what we refuse', { timeout: 30_000 }, () => {
  it('is every token with one character changed, as jose does', async () => {
    const token = sign(TYP, CLAIMS);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom(...'AQgwz0_-.=+ é'),
        async (at, character) => {
          const changed = token.slice(0, at) + character + token.slice(at + 1);
          const ours = verify(TYP, changed);
          if (changed === token) {
            good(ours);
            return;
          }
          expect(typeof ours).toBe('string');
          // jose reads some second spellings of a signature; whatever it refuses, we refuse.
          const theirs = await compactVerify(changed, joseKey).catch(() => undefined);
          if (theirs !== undefined) expect(ours).toBe('malformed');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is any text that is no token', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.string({ maxLength: 8 })).map((parts) => parts.join('.')),
        ),
        (text) => {
          expect(typeof verify(TYP, text)).toBe('string');
        },
      ),
      { numRuns: 1000 },
    );
    for (const text of [
      '',
      '.',
      '..',
      '...',
      'a.b',
      'a.b.c.d',
      `${sign(TYP, CLAIMS)}.`,
      ` ${sign(TYP, CLAIMS)}`,
    ]) {
      expect(verify(TYP, text)).toBe('malformed');
    }
    expect(verify(TYP, `${sign(TYP, { long: 'x'.repeat(20_000) })}`)).toBe('malformed');
  });

  it('is another algorithm, with and without a signature', () => {
    const none = `${b64('{"alg":"none"}')}.${b64(JSON.stringify(CLAIMS))}.`;
    expect(verify(TYP, none)).toBe('algorithm');
    for (const alg of ['none', 'HS256', 'RS256', 'es256', 'ES384', 'EdDSA', '', null, 256, undefined]) {
      expect(verify(TYP, forge(header({ alg })))).toBe('algorithm');
    }
  });

  it('is an HMAC made with the public key', () => {
    const key = new TextEncoder().encode(publicKey.export({ format: 'pem', type: 'spki' }).toString());
    return expect(
      new SignJWT(CLAIMS)
        .setProtectedHeader({ alg: 'HS256', typ: TYP, kid: 'k1' })
        .sign(key)
        .then((t) => verify(TYP, t)),
    ).resolves.toBe('algorithm');
  });

  it('is another type, to the letter', () => {
    for (const typ of ['JWT', 'AT+JWT', 'application/at+jwt', 'at+jwt ']) {
      expect(verify(TYP, forge(header({ typ })))).toBe('type');
    }
    expect(verify(TYP, forge('{"alg":"ES256","kid":"k1"}'))).toBe('malformed');
    expect(verify(TYP, forge(header({ typ: null })))).toBe('malformed');
    expect(verify('other', sign(TYP, CLAIMS))).toBe('type');
    // And the same after the header has been remembered.
    good(verify(TYP, sign(TYP, CLAIMS)));
    expect(verify('other', sign(TYP, CLAIMS))).toBe('type');
  });

  it('is a header with anything more in it', () => {
    const more = {
      crit: ['exp'],
      b64: false,
      jku: 'https://x',
      jwk: {},
      x5u: 'https://x',
      x5c: [],
      cty: 'JWT',
      zip: 'DEF',
    };
    for (const [name, value] of Object.entries(more)) {
      expect(verify(TYP, forge(header({ [name]: value })))).toBe('malformed');
    }
  });

  it('is a member that is there twice, in header or claims', () => {
    expect(verify(TYP, forge(`{"alg":"none","alg":"ES256","typ":"${TYP}","kid":"k1"}`))).toBe('malformed');
    expect(verify(TYP, forge(header(), '{"sub":"ann","sub":"bob"}'))).toBe('malformed');
    expect(verify(TYP, forge(header(), '{"a":{"sub":"ann","sub":"bob"}}'))).toBe('malformed');
    expect(verify(TYP, forge(header(), '{"sub":"ann","\\u0073ub":"bob"}'))).toBe('malformed');
  });

  it('is a payload that is no object', () => {
    for (const payload of ['[]', 'null', '"text"', '1', '', '{', '{"a":1} ']) {
      expect(verify(TYP, forge(header(), payload))).toBe('malformed');
    }
  });

  it('is an unknown key, and the signature of another', () => {
    expect(verify(TYP, forge(header({ kid: 'k2' })))).toBe('key-unknown');
    const other = createSigner({
      kid: 'k1',
      privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    });
    expect(verify(TYP, other(TYP, CLAIMS))).toBe('signature');
  });

  it('is a signature in DER, padded, or with spare bits', async () => {
    const [head = '', body = '', signature = ''] = sign(TYP, CLAIMS).split('.');
    const der = nodeSign('sha256', Buffer.from(`${head}.${body}`), privateKey).toString('base64url');
    expect(verify(TYP, `${head}.${body}.${der}`)).toBe('malformed');
    expect(verify(TYP, `${head}.${body}.${signature}=`)).toBe('malformed');
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(
      signature.at(-1)!,
    );
    const spare = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[last + 1]!;
    expect(verify(TYP, `${head}.${body}.${signature.slice(0, -1)}${spare}`)).toBe('malformed');
    expect(verify(TYP, `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`)).toBe('signature');
    const unsigned = await new CompactSign(new TextEncoder().encode('x'))
      .setProtectedHeader({ alg: 'ES256' })
      .sign(josePrivate);
    expect(verify(TYP, unsigned)).toBe('malformed');
  });
});
