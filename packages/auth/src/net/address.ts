// RFC 6890 and the IANA special-purpose address registries: which addresses belong to the public internet.
import ipaddr from 'ipaddr.js';

/** Addresses in public ranges that lead to the inside of a cloud all the same. */
const INSIDE = new Set(['168.63.129.16']);
const GLOBAL_UNICAST: readonly [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/**
 * Is this a public address? `false` for everything special: private, loopback, link-local (with the metadata services of clouds), carrier
 * NAT, multicast, documentation, reserved, unspecified, and IPv6 that carries an IPv4 address inside (mapped, NAT64, 6to4, Teredo), since
 * where that leads is decided elsewhere. Also `false` for a text that is no address.
 */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  if (!address || INSIDE.has(address.toString()) || address.range() !== 'unicast') return false;
  return !isIPv6(address) || address.match(GLOBAL_UNICAST[0], GLOBAL_UNICAST[1]);
}

/** A range of addresses such as `10.20.0.0/16`, or one address. */
export type AddressRange = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Understands a range in CIDR notation; `undefined` when it is none. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const single = parseAddress(text);
  if (single) return [single, isIPv6(single) ? 128 : 32];
  return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : undefined;
}

export function isInRange(text: string, ranges: readonly AddressRange[]): boolean {
  const address = parseAddress(text);
  return (
    address !== undefined &&
    ranges.some(([range, bits]) => address.kind() === range.kind() && address.match(range, bits))
  );
}

/** The address of a URL's host, when the host is an address and no name; an IPv6 address without its brackets. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return parseAddress(bare) ? bare : undefined;
}

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  // Only the spellings that resolvers and URL parsers give out: four decimal parts, or IPv6.
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)
    ? ipaddr.parse(text)
    : undefined;
}

function isIPv6(address: ipaddr.IPv4 | ipaddr.IPv6): address is ipaddr.IPv6 {
  return address.kind() === 'ipv6';
}
