import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../core/operator-error.ts';
import { trustProxies } from './client-address.ts';

const from = (proxies: readonly string[], peer: string | undefined, headers: Record<string, string> = {}) =>
  trustProxies(proxies)(peer, (name) => headers[name] ?? null);

describe('the address of a client', () => {
  it('is the peer’s when no proxy is trusted, whatever headers say', () => {
    expect(from([], '192.0.2.1', { 'x-forwarded-for': '203.0.113.9' })).toEqual({
      address: '192.0.2.1',
    });
    expect(from(['10.0.0.0/8'], '192.0.2.1', { 'x-forwarded-for': '203.0.113.9' }).address).toBe('192.0.2.1');
    expect(from([], undefined)).toEqual({ address: undefined });
  });

  it('is the nearest that is no trusted proxy: what a client writes before it does not count', () => {
    const proxies = ['10.0.0.0/8', '2001:db8::/32'];
    const cases: [string, string, string][] = [
      ['10.1.1.1', '203.0.113.9', '203.0.113.9'],
      ['10.1.1.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
      ['10.1.1.1', '1.1.1.1, 203.0.113.9, 10.2.2.2', '203.0.113.9'],
      ['::ffff:10.1.1.1', '203.0.113.9', '203.0.113.9'],
      ['2001:db8::1', '[2001:db9::5]:443', '2001:db9::5'],
      ['10.1.1.1', '203.0.113.9:5555', '203.0.113.9'],
      ['10.1.1.1', '10.3.3.3, 10.2.2.2', '10.3.3.3'],
      ['10.1.1.1', 'unknown, 10.2.2.2', '10.2.2.2'],
      ['10.1.1.1', '203.0.113.9, nonsense', '10.1.1.1'],
      ['10.1.1.1', '', '10.1.1.1'],
      ['10.1.1.1', '1, 0x7f.1', '10.1.1.1'],
    ];
    for (const [peer, header, address] of cases)
      expect({ header, ...from(proxies, peer, { 'x-forwarded-for': header }) }).toMatchObject({
        header,
        address,
      });
  });

  it('[G1] stops the start for a proxy that is none', () => {
    for (const proxy of ['', 'proxy.example', '10.0.0.0/33', '10.0.0', '300.1.1.1', '10.0.0.0/x'])
      expect(() => trustProxies([proxy])).toThrow(OperatorError);
  });

  it('can not be chosen by a client behind honest proxies', () => {
    const trusted = fc.nat(255).map((n) => `10.0.0.${n}`);
    const stranger = fc.ipV4().filter((ip) => !ip.startsWith('10.'));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(stranger, trusted, fc.string({ maxLength: 10 })), { maxLength: 10 }),
        stranger,
        fc.array(trusted, { maxLength: 4 }),
        trusted,
        (lies, client, hops, peer) => {
          const header = [...lies, client, ...hops].join(', ');
          expect(from(['10.0.0.0/8'], peer, { 'x-forwarded-for': header }).address).toBe(client);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is an address whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (header) => {
        expect(from(['10.0.0.0/8'], '10.0.0.1', { 'x-forwarded-for': header }).address).toMatch(
          /^[0-9a-f.:]+(%.*)?$/i,
        );
      }),
      { numRuns: 1000 },
    );
  });
});
