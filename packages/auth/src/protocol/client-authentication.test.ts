import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { presentedClient } from './client-authentication.ts';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ASSERTION = [{ alg: 'ES256' }, { iss: 'c', sub: 'c', aud: 'a', jti: 'j', exp: 1 }]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .concat('c2ln')
  .join('.');
const basic = (text: string | Uint8Array) => `Basic ${Buffer.from(text as string).toString('base64')}`;

function outcome<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

describe('presentedClient', () => {
  const form = (fields: Record<string, string>) => new URLSearchParams(fields);

  it.each([
    ['nothing', null, {}, undefined],
    ['an id', null, { client_id: 'c' }, { method: 'none', clientId: 'c' }],
    [
      'an id and an empty secret',
      null,
      { client_id: 'c', client_secret: '' },
      { method: 'none', clientId: 'c' },
    ],
    [
      'both in the form',
      null,
      { client_id: 'c', client_secret: 's' },
      { method: 'client_secret_post', clientId: 'c', clientSecret: 's' },
    ],
    [
      'both in the header',
      basic('c:s'),
      {},
      { method: 'client_secret_basic', clientId: 'c', clientSecret: 's' },
    ],
    [
      'the header, and the same id',
      basic('c:s'),
      { client_id: 'c' },
      { method: 'client_secret_basic', clientId: 'c', clientSecret: 's' },
    ],
    ['the header without password', basic('c:'), {}, { method: 'none', clientId: 'c' }],
    ['the header, and another id', basic('c:s'), { client_id: 'd' }, 'request.two-credentials'],
    [
      'the header, and a secret',
      basic('c:s'),
      { client_id: 'c', client_secret: 's' },
      'request.two-credentials',
    ],
    ['a secret of nobody', null, { client_secret: 's' }, 'request.missing-parameter'],
    [
      'an assertion without a type',
      null,
      { client_id: 'c', client_assertion: 'x' },
      'client.authentication-method',
    ],
    [
      'an assertion of another type',
      null,
      { client_assertion: 'x', client_assertion_type: `${TYPE} ` },
      'client.authentication-method',
    ],
    ['a type of assertion alone', null, { client_assertion_type: TYPE }, 'request.missing-parameter'],
    [
      'an empty assertion',
      null,
      { client_id: 'c', client_assertion: '', client_assertion_type: '' },
      { method: 'none', clientId: 'c' },
    ],
    [
      'an assertion that is none',
      null,
      { client_assertion: 'x', client_assertion_type: TYPE },
      'client.assertion',
    ],
    [
      'an assertion that is too long',
      null,
      { client_assertion: 'x'.repeat(8193), client_assertion_type: TYPE },
      'request.invalid-parameter',
    ],
    [
      'an assertion beside a header',
      basic('c:s'),
      { client_assertion: 'x', client_assertion_type: TYPE },
      'request.two-credentials',
    ],
    [
      'an assertion beside a secret',
      null,
      { client_assertion: 'x', client_assertion_type: TYPE, client_secret: 's' },
      'request.two-credentials',
    ],
    [
      'an assertion',
      null,
      { client_assertion: ASSERTION, client_assertion_type: TYPE, client_id: 'c' },
      { method: 'private_key_jwt', clientId: 'c', assertion: expect.objectContaining({ tokenId: 'j' }) },
    ],
    [
      'an assertion of another client',
      null,
      { client_assertion: ASSERTION, client_assertion_type: TYPE, client_id: 'd' },
      'client.assertion',
    ],
    ['another scheme', 'Bearer x', { client_id: 'c' }, 'client.authentication-method'],
    ['an id too long', null, { client_id: 'c'.repeat(1001) }, 'request.invalid-parameter'],
  ])('%s', (_, header, fields, expected) =>
    expect(outcome(() => presentedClient(header, form(fields as Record<string, string>)))).toEqual(expected),
  );
});
