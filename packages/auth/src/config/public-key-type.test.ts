import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { AUTH_SETTINGS } from './names.ts';
import { publicKey } from './public-key-type.ts';
import { resolveSettings } from './resolve.ts';

const pair = generateKeyPairSync('ed25519');
const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const privatePem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const privateJwk = JSON.stringify(pair.privateKey.export({ format: 'jwk' }));
const digest = createHash('sha256')
  .update(pair.publicKey.export({ type: 'spki', format: 'der' }))
  .digest('hex');
const read = (raw: string) => publicKey.read(raw, { folder: '/', files: memoryFiles() });

describe('public keys', () => {
  it('are shown as their fingerprint alone', () => {
    expect(read(pem)).toEqual({ value: pem });
    expect(publicKey.show?.(pem)).toEqual([`SHA-256 ${digest}`]);
  });

  it.each([privatePem, privatePem.replaceAll('\n', '\\n'), privateJwk])('are no private keys', (raw) => {
    expect(read(raw)).toMatchObject({ fault: expect.stringContaining('private key') });
  });

  it.each(['PORTCULLIS_JWT_PUBLIC_KEY', 'PORTCULLIS_MORE_VERIFIERS'])('are never quoted: %s', (name) => {
    const more = JSON.stringify([{ kind: 'jwt', publicKey: privatePem }]);
    const { problems } = resolveSettings(AUTH_SETTINGS, {
      flags: {},
      environment: { [name]: name.includes('MORE') ? more : privatePem },
      folder: '/',
      files: memoryFiles(),
    });
    expect(problems).toMatchObject([{ setting: name, message: expect.stringContaining('private key') }]);
    expect(JSON.stringify(problems)).not.toMatch(/PRIVATE KEY|MC4C/);
  });
});
