import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { FetchFault } from './fetch-fault.ts';

/** Node-only. All addresses of a host name. */
export type Resolver = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

export const systemResolver: Resolver = (hostname) => systemLookup(hostname, { all: true });

/**
 * A look-up for a socket. It resolves once, refuses the name when any of its addresses is not allowed, and hands the very addresses it
 * looked at to the socket: a name that changes its mind between look and leap changes nothing.
 */
export function guardedLookup(resolver: Resolver, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolver(hostname).then(
      (addresses) => {
        const [first] = addresses;
        const forbidden = addresses.find(({ address }) => !isAllowed(address));
        if (forbidden) callback(new FetchFault('address', `${hostname} leads to ${forbidden.address}.`), '');
        else if (!first) callback(new FetchFault('network', `${hostname} has no address.`), '');
        else if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) =>
        callback(new FetchFault('network', `${hostname} does not resolve.`, { cause: error }), ''),
    );
  };
}
