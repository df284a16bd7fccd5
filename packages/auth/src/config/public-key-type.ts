import { createHash } from 'node:crypto';
import { PublicKeyFault, readPublicKeys } from '../verify/public-key.ts';
import type { ValueType } from './row.ts';
import { fault, text } from './value-types.ts';

const plain = text({ says: 'a public key or certificate in PEM, a JWK or a key set' });

/** Keys of an issuer. They are read at once, so that a private one stops the start; shown is the SHA-256 of each (RFC 5280 §4.1: SubjectPublicKeyInfo). */
export const publicKey: ValueType<string> = {
  says: plain.says,
  secretInside: true,
  read(raw, context) {
    const reading = plain.read(raw, context);
    if ('fault' in reading) return reading;
    try {
      readPublicKeys(reading.value);
      return reading;
    } catch (error) {
      if (!(error instanceof PublicKeyFault)) throw error;
      const why = error.message.replace(/^It /, 'it ').replace(/\.$/, '');
      return fault(`can not be used: ${why}`, 'Give the public key, or the certificate, of the issuer.');
    }
  },
  show: (value) =>
    readPublicKeys(value)
      .map(({ key }) => key.export({ type: 'spki', format: 'der' }))
      .map((der) => `SHA-256 ${createHash('sha256').update(der).digest('hex')}`),
};
