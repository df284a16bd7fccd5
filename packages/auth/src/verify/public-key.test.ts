import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsAsymmetricKey, PublicKeyFault, readPublicKeys } from './public-key.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: KeyObject = rsa.publicKey) => key.export({ type: 'spki', format: 'pem' }).toString();
const jwk = (key: KeyObject = rsa.publicKey) => ({ ...key.export({ format: 'jwk' }) });
const base64 = rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const same = (key: KeyObject | undefined) => expect(key?.equals(rsa.publicKey)).toBe(true);
const faultOf = (source: Parameters<typeof readPublicKeys>[0]): string => {
  try {
    readPublicKeys(source);
  } catch (error) {
    if (error instanceof PublicKeyFault) return error.message;
    throw error;
  }
  return 'none';
};

describe('a public key', () => {
  const written = pem();
  it.each([
    ['as written', written],
    ['with the line ends of Windows', written.replaceAll('\n', '\r\n')],
    ['with escaped line ends', written.replaceAll('\n', '\\n')],
    ['with escaped line ends of Windows', written.replaceAll('\n', '\\r\\n')],
    ['joined with blanks', written.replaceAll('\n', ' ')],
    ['joined without', written.replaceAll('\n', '')],
    ['in quotation marks', `"${written.replaceAll('\n', '\\n')}"`],
    ['as a file begins in some editors', `\uFEFF${written}`],
    ['with remarks around it', `# the key of our provider\n${written}\nend of file\n`],
    ['without its first and last line', base64],
    ['indented', written.replaceAll('\n', '\n    ')],
    ['in the older form of RSA', rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['as a JWK', JSON.stringify(jwk())],
    ['as a key set', JSON.stringify({ keys: [jwk(), { kty: 'RSA', use: 'enc' }] })],
  ])('is read %s', (_how, text) => {
    const [key, ...more] = readPublicKeys(text);
    same(key?.key);
    expect(more).toEqual([]);
    expect(key?.algorithms).toContain('PS512');
  });

  it('is read as an object, whose alg and kid count', () => {
    const [key] = readPublicKeys({ ...jwk(), alg: 'RS384', kid: 'k' });
    same(key?.key);
    expect(key).toMatchObject({ algorithms: ['RS384'], kid: 'k' });
    expect(readPublicKeys(pem() + pem())).toHaveLength(2);
  });

  it('is read from a certificate, of a chain the first', () => {
    const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
    try {
      const certificate = (name: string) => {
        const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)];
        const subject = ['-subj', `/CN=${name}`, '-days', '1'];
        execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], {
          stdio: 'ignore',
        });
        const key = createPublicKey(readFileSync(join(folder, `${name}.key`)));
        return { text: readFileSync(join(folder, `${name}.crt`), 'utf8'), key };
      };
      const [leaf, root] = [certificate('leaf'), certificate('root')];
      for (const text of [leaf.text, leaf.text.replaceAll('\n', '\\n'), leaf.text + root.text]) {
        const keys = readPublicKeys(text);
        expect(keys.map(({ key }) => key.equals(leaf.key))).toEqual([true]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('fits the algorithms of its kind', () => {
    const of = (key: KeyObject) => readPublicKeys(pem(key))[0]?.algorithms;
    for (const [namedCurve, name] of [
      ['P-256', 'ES256'],
      ['P-384', 'ES384'],
      ['P-521', 'ES512'],
    ])
      expect(of(generateKeyPairSync('ec', { namedCurve: namedCurve! }).publicKey)).toEqual([name]);
    expect(of(generateKeyPairSync('ed25519').publicKey)).toEqual(['EdDSA', 'Ed25519']);
  });

  const ed25519 = generateKeyPairSync('ed25519');
  it.each([
    ['a private key', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), /private key/],
    ['a private JWK', JSON.stringify(ed25519.privateKey.export({ format: 'jwk' })), /private key/],
    ['a shared secret', { kty: 'oct', k: 'AAAA' }, /shared secret/],
    ['a key for encryption', { ...jwk(), use: 'enc' }, /no key for signatures/],
    ['a key with an alg of another kind', { ...jwk(), alg: 'ES256' }, /does not fit/],
    ['a small RSA key', pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey), /1024 bits/],
    [
      'a curve that no algorithm has',
      pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
      /ec/,
    ],
    ['a key for agreement', pem(generateKeyPairSync('x25519').publicKey), /x25519/],
    ['half of a PEM', pem().slice(0, 120), /neither PEM/],
    ['a PEM with other bytes', pem().replace(/MII/, 'AAA'), /can not be read/],
    ['another block', '-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----', /DH PARAMETERS/],
    ['nothing', '', /neither PEM/],
    ['a path', '/etc/keys/public.pem', /neither PEM/],
    ['an empty set', { keys: [] }, /no key/],
    ['JSON of another kind', '{"a":1}', /no JWK/],
    ['JSON with a member twice', '{"kty":"RSA","kty":"EC"}', /twice/],
    ['too long a text', 'A'.repeat(100_001), /too long/],
  ])('is not %s', (_what, source, message) => {
    expect(faultOf(source)).toMatch(message);
    if (typeof source === 'string' && source.length > 100)
      expect(faultOf(source)).not.toContain(source.slice(30, 60));
  });

  it('is no random text: anything else is a fault that says why', () => {
    const any = fc.oneof(
      fc.string(),
      fc.json(),
      fc.base64String(),
      fc.dictionary(fc.string(), fc.jsonValue()),
    );
    fc.assert(
      fc.property(any, (source) => {
        expect(faultOf(source as string)).toMatch(/^It |^What |^Its /);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('half of a key pair', () => {
  it.each([
    [pem()],
    [pem().replaceAll('\n', '\\n')],
    [base64],
    [JSON.stringify(jwk())],
    ['{"keys":[]}'],
    ['ssh-rsa AAAAB3Nza'],
    ['-----BEGIN CERTIFICATE-----'],
  ])('is known as such: %s', (text) => expect(holdsAsymmetricKey(text)).toBe(true));

  it('is not what two parties can share', () => {
    for (const text of [
      'a secret of two parties that is long',
      'QUJD'.repeat(20),
      '{"kty":"oct","k":"AAAA"}',
    ])
      expect(holdsAsymmetricKey(text)).toBe(false);
  });
});
