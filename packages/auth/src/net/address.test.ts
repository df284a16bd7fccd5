import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { isInRange, isPublicAddress, literalAddress, parseAddressRange } from './address.ts';

describe('isPublicAddress', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '93.184.216.34',
    '2606:4700:4700::1111',
    '2001:4860:4860::8888',
    '2a00:1450:4001::1',
  ])('%s is', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    ['unspecified', ['0.0.0.0', '0.1.2.3', '::']],
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1']],
    ['unique local', ['fc00::1', 'fd12:3456::1', 'fd00:ec2::254']],
    ['link-local, metadata services', ['169.254.169.254', '169.254.170.2', 'fe80::1', 'fe80::1%eth0']],
    ['inside of a cloud, though public by its range', ['168.63.129.16']],
    ['carrier NAT', ['100.64.0.1', '100.100.100.200', '100.127.255.255']],
    ['multicast and broadcast', ['224.0.0.1', '239.255.255.250', '255.255.255.255', 'ff02::1']],
    [
      'documentation and tests',
      ['192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '2001:db8::1', '3fff::1'],
    ],
    ['reserved', ['192.0.0.8', '192.88.99.1', '240.0.0.1', '2001:2::1', '100::1', '5f00::1']],
    [
      'IPv4 inside IPv6',
      ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::a00:1'],
    ],
    ['6to4 and Teredo', ['2002:7f00:1::', '2002:808:808::1', '2001:0:4136:e378::1']],
    ['not assigned for use', ['4000::1', '8000::1', 'fec0::1', '::2']],
    [
      'no address',
      [
        '',
        'localhost',
        '127.1',
        '0x7f000001',
        '2130706433',
        '010.0.0.1',
        '1.2.3',
        '[::1]',
        '8.8.8.8/8',
        '8.8.8.8 ',
      ],
    ],
  ])('%s is not', (_, addresses) => {
    for (const address of addresses) expect([address, isPublicAddress(address)]).toEqual([address, false]);
  });

  it('is false inside every special range, for any address', () => {
    const special = [
      '0.0.0.0/8',
      '10.0.0.0/8',
      '100.64.0.0/10',
      '127.0.0.0/8',
      '169.254.0.0/16',
      '172.16.0.0/12',
      '192.168.0.0/16',
      '224.0.0.0/3',
    ];
    const ranges = special.map((text) => parseAddressRange(text)!);
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        if (isInRange(address, ranges)) expect(isPublicAddress(address)).toBe(false);
        expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('is false outside of 2000::/3, and never throws, for any IPv6 address or text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), fc.string()), (text) => {
        parseAddressRange(text);
        if (!isPublicAddress(text) || ipaddr.IPv4.isValid(text)) return;
        expect(ipaddr.IPv6.parse(text).parts[0]! >> 13).toBe(1);
      }),
      { numRuns: 1000 },
    );
  });
});

it('understands ranges', () => {
  const ranges = ['10.20.0.0/16', '192.0.2.7', 'fd00::/8'].map((text) => parseAddressRange(text)!);
  expect(isInRange('10.20.3.4', ranges)).toBe(true);
  expect(isInRange('10.21.3.4', ranges)).toBe(false);
  expect(isInRange('192.0.2.7', ranges)).toBe(true);
  expect(isInRange('192.0.2.8', ranges)).toBe(false);
  expect(isInRange('fd12::1', ranges)).toBe(true);
  expect(isInRange('no address', ranges)).toBe(false);
  for (const text of ['', '10.0.0.0/33', '10.0.0', 'example.com', 'fd00::/129'])
    expect(parseAddressRange(text)).toBeUndefined();
});

it('tells an address in a URL from a name', () => {
  expect(literalAddress(new URL('https://[::1]/').hostname)).toBe('::1');
  expect(literalAddress(new URL('https://0x7f.1/').hostname)).toBe('127.0.0.1');
  expect(literalAddress(new URL('https://127.0.0.1.example/').hostname)).toBeUndefined();
});
