import type { LookupAddress, LookupOptions } from 'node:dns';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FetchFault } from './fetch-fault.ts';
import { guardedLookup, type ResolvedAddress, type Resolver, systemResolver } from './guarded-lookup.ts';

interface Answer {
  readonly error: Error | null;
  readonly address: string | LookupAddress[];
  readonly family?: number;
}

const isPublic = (address: string) => !address.startsWith('10.');

function look(resolver: Resolver, options: LookupOptions = {}): Promise<Answer> {
  return new Promise((resolve) =>
    guardedLookup(resolver, isPublic)('host.example', options as never, (error, address, family) =>
      resolve({ error, address, family }),
    ),
  );
}

const answering =
  (...addresses: readonly ResolvedAddress[]): Resolver =>
  async () =>
    addresses;
const good = { address: '93.184.216.34', family: 4 };
const other = { address: '2606:2800::1', family: 6 };
const inside = { address: '10.0.0.1', family: 4 };

describe('the look-up of a socket', () => {
  it('hands over the very addresses that were looked at, in their order', async () => {
    expect(await look(answering(good, other))).toEqual({ error: null, ...good });
    expect(await look(answering(other, good), { all: true })).toEqual({
      error: null,
      address: [other, good],
      family: undefined,
    });
  });

  it('asks once, for the name as it is', async () => {
    const asked: string[] = [];
    await look(async (hostname) => {
      asked.push(hostname);
      return [good];
    });
    expect(asked).toEqual(['host.example']);
  });

  it.each([[[inside]], [[good, inside]], [[inside, good]], [[good, other, inside]]])(
    'gives nothing of a name of which one address is not allowed: %j',
    async (addresses) => {
      for (const all of [true, false]) {
        const { error, address } = await look(answering(...addresses), { all });
        expect(error).toMatchObject({ kind: 'address', message: 'host.example leads to 10.0.0.1.' });
        expect(address).toBe('');
      }
    },
  );

  it('is a fault of the network for a name without addresses, or that does not resolve', async () => {
    expect((await look(answering())).error).toMatchObject({ kind: 'network' });
    const cause = new Error('ENOTFOUND');
    const { error } = await look(() => Promise.reject(cause));
    expect(error).toBeInstanceOf(FetchFault);
    expect(error).toMatchObject({ kind: 'network', message: 'host.example does not resolve.', cause });
  });

  it('lets an address out only when every one of them is allowed', async () => {
    const address = fc.tuple(fc.constantFrom('10', '11', '93', '::10'), fc.nat(255)).map(([head, tail]) => ({
      address: `${head}.0.0.${tail}`,
      family: 4,
    }));
    await fc.assert(
      fc.asyncProperty(fc.array(address, { maxLength: 5 }), fc.boolean(), async (addresses, all) => {
        const { error, address: found } = await look(answering(...addresses), { all });
        const allowed = addresses.length > 0 && addresses.every((each) => isPublic(each.address));
        expect(error === null).toBe(allowed);
        if (allowed) expect(found).toEqual(all ? addresses : addresses[0]?.address);
      }),
      { numRuns: 1000 },
    );
  });
});

it('finds this machine by the resolver of the system', async () => {
  const addresses = (await systemResolver('localhost')).map(({ address }) => address);
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) expect(['127.0.0.1', '::1']).toContain(address);
});
