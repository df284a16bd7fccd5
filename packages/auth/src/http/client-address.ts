import ipaddr from 'ipaddr.js';
import { OperatorError } from '../core/operator-error.ts';

/** What a request says of where it comes from, as far as it can be believed. */
export interface Origination {
  /** The nearest address that is no trusted proxy. */
  readonly address?: string;
}

/** What proxies and tunnels add to a request they hand on (RFC 7239, RFC 9110 §7.6.3, and what is usual beside them). */
export const FORWARDING_HEADERS: readonly string[] = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-original-host',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'fly-client-ip',
];

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** RFC 7239 §8.1: forwarding headers count only when the peer is a listed proxy. `proxies`: addresses or CIDR ranges. */
export function trustProxies(
  proxies: readonly string[],
): (peer: string | undefined, header: (name: string) => string | null) => Origination {
  const ranges = proxies.map(parseRange);
  const trusted = (address: string) => {
    const parsed = parseAddress(address);
    return (
      parsed !== undefined && ranges.some((range) => parsed.kind() === range[0].kind() && parsed.match(range))
    );
  };
  return (peer, header) => {
    const forwardedFor = header('x-forwarded-for');
    if (!peer || !forwardedFor || !trusted(peer)) return { address: normalize(peer) };
    const hops = forwardedFor
      .split(',')
      .slice(-20)
      .map((hop) => hop.trim());
    let address = peer;
    for (const hop of hops.reverse()) {
      const parsed = normalize(
        hop.replace(/^\[([^\]]+)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1'),
      );
      if (!parsed || !parseAddress(parsed)) break;
      address = parsed;
      if (!trusted(parsed)) break;
    }
    return { address: normalize(address) };
  };
}

function parseRange(text: string): Range {
  try {
    const [address = '', bits] = text.split('/', 2);
    const parsed = parseAddress(address);
    if (!parsed) throw new TypeError('not an address');
    return bits === undefined ? [parsed, parsed.kind() === 'ipv4' ? 32 : 128] : ipaddr.parseCIDR(text);
  } catch (cause) {
    const problem = {
      setting: 'trustedProxies',
      source: 'configuration',
      message: `"${text}" is no address and no range.`,
      remedy: 'Write an address such as 10.0.0.5, or a range such as 10.0.0.0/8.',
    };
    throw new OperatorError([problem], { cause });
  }
}

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  // Only the usual spelling: `0x7f.1` and `1` are addresses to some programs, and none to others.
  const usual = text.includes(':') ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
  return usual ? ipaddr.process(text) : undefined;
}

function normalize(address: string | undefined): string | undefined {
  return address === undefined ? undefined : (parseAddress(address)?.toString() ?? address);
}
