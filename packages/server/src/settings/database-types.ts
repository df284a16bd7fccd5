import { maskUrl } from '@portcullis/auth/config/mask';
import type { ValueType } from '@portcullis/auth/config/row';
import { fault } from '@portcullis/auth/config/value-types';

/** Which database the tools ask. */
export type DatabasePlace =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'none' }
  | { readonly kind: 'postgres'; readonly url: string };

/** Where a PostgreSQL server is. Shown without the password. */
export const postgresUrl: ValueType<string> = {
  says: 'URL `postgres://user:password@host:port/name`',
  secretInside: true,
  read(raw) {
    const remedy = 'Write postgres://user@host:5432/name.';
    if (typeof raw !== 'string' || !/^[a-z][a-z0-9+.-]*:\/\//i.test(raw))
      return fault('is not a URL', remedy);
    if (!/^postgres(?:ql)?:\/\//i.test(raw)) return fault('is for a database that is not supported', remedy);
    if (!URL.canParse(raw))
      return fault('is not a URL', `${remedy} Special characters in the password are written like %40.`);
    return isDecodable(raw)
      ? { value: raw }
      : fault('has a % that begins no escape', 'Write a % in the password as %25.');
  },
  show: maskUrl,
};

export const databasePlace: ValueType<DatabasePlace> = {
  says: `\`embedded\`, \`none\`, or a ${postgresUrl.says}`,
  secretInside: true,
  read(raw, context) {
    if (raw === 'embedded' || raw === 'none') return { value: { kind: raw } };
    if (typeof raw !== 'string' || !raw.includes('://'))
      return fault(
        'is neither a URL nor `embedded` nor `none`',
        'Write embedded, none, or postgres://user@host:5432/name.',
      );
    const url = postgresUrl.read(raw, context);
    return 'fault' in url ? url : { value: { kind: 'postgres', url: url.value } };
  },
  show: (value) => (value.kind === 'postgres' ? maskUrl(value.url) : value.kind),
};

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** A private key in PEM. */
export const privateKey: ValueType<string> = {
  says: 'private key in PEM',
  secretInside: true,
  read(raw) {
    return typeof raw === 'string' && /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(raw)
      ? { value: raw }
      : fault('is no private key in PEM', 'Write file:PATH with the path of a PEM file without passphrase.');
  },
};

/** Certificates in PEM. */
export const certificates: ValueType<string> = {
  says: 'certificates in PEM',
  read(raw) {
    const good =
      typeof raw === 'string' &&
      raw.includes('-----BEGIN CERTIFICATE-----') &&
      raw.includes('-----END CERTIFICATE-----') &&
      !raw.includes('PRIVATE KEY');
    return good
      ? { value: raw }
      : fault('is no certificate in PEM', 'Write file:PATH with the path of a PEM file.');
  },
  show: () => '(certificates)',
};
