// RFC 5321 §4.1.2: an address is a local part, one "@" and a domain; here only the plain forms that name one mailbox without doubt.

const MAX_ADDRESS_LENGTH = 254;
const MAX_LOCAL_PART_LENGTH = 64;

/** Letters, digits, `_`, `-` and single dots inside. No quotes, no sub-address (`+tag`), no routing (`%`, `!`): those may name somebody else. */
const LOCAL_PART = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

const DOMAIN = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

export interface PlainAddress {
  /** As written. */
  readonly localPart: string;
  /** In lower case. */
  readonly domain: string;
}

/** The two halves of a plain address, or `undefined` for everything that could be read in two ways. */
export function parsePlainAddress(address: string): PlainAddress | undefined {
  if (address.length > MAX_ADDRESS_LENGTH) return undefined;
  const [localPart, domain, ...rest] = address.split('@');
  if (localPart === undefined || domain === undefined || rest.length > 0) return undefined;
  if (localPart.length > MAX_LOCAL_PART_LENGTH || !LOCAL_PART.test(localPart)) return undefined;
  const lowerDomain = lowerAscii(domain);
  return DOMAIN.test(lowerDomain) ? { localPart, domain: lowerDomain } : undefined;
}

/** Is this text a domain as `parsePlainAddress` gives it? Names in other scripts are written in their `xn--` form. */
export function isPlainDomain(text: string): boolean {
  return text.length <= MAX_ADDRESS_LENGTH && DOMAIN.test(text);
}

/** `A` to `Z` alone: a full Unicode mapping would turn the Kelvin sign into a `k`. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
