import { describe, expect, it } from 'vitest';
import { outcome } from '../../sessions/replicas.contract.ts';
import { authenticateClient } from './client-authentication.ts';
import { clientPolicy } from './client-policy.ts';
import { clientRegistry } from './client-registry.ts';
import { staticClients } from './static-clients.ts';

const redirectUris = ['https://app.example.com/cb'];
const registry = clientRegistry(
  [
    staticClients([
      { id: 'public', redirectUris },
      { id: 'confidential', secret: 's3cret:with colon', redirectUris },
    ]),
  ],
  clientPolicy({}),
);
const basic = (id: string, secret: string) =>
  new Headers({
    authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
  });
const none = new Headers();
const prove = (headers: Headers, fields: Record<string, string> = {}) =>
  outcome(authenticateClient(registry, headers, new URLSearchParams(fields)));

describe('the client of a request', () => {
  it('is public by its id alone, also when it sends a secret it does not have', async () => {
    expect(await prove(none, { client_id: 'public' })).toBe('ok');
    expect(await prove(basic('public', ''))).toBe('ok');
    expect(await prove(none, { client_id: 'public', client_secret: 'x' })).toBe('ok');
  });

  it('is confidential by its secret, in the header or in the form, and by nothing less', async () => {
    expect(await prove(basic('confidential', 's3cret:with colon'))).toBe('ok');
    expect(await prove(none, { client_id: 'confidential', client_secret: 's3cret:with colon' })).toBe('ok');
    expect(await prove(basic('confidential', 's3cret:with colon'), { client_id: 'confidential' })).toBe('ok');
    for (const attempt of [
      prove(none, { client_id: 'confidential' }),
      prove(none, { client_id: 'confidential', client_secret: '' }),
      prove(none, { client_id: 'confidential', client_secret: 's3cret' }),
      prove(basic('confidential', '')),
      prove(basic('confidential', 'S3cret:with colon')),
    ])
      expect(await attempt).toBe('client.authentication-failed');
  });

  it('says who it is in one way', async () => {
    const right = basic('confidential', 's3cret:with colon');
    expect(await prove(right, { client_secret: 'x' })).toBe('request.two-credentials');
    expect(await prove(right, { client_id: 'public' })).toBe('request.two-credentials');
    expect(await prove(none)).toBe('request.missing-parameter');
    expect(await prove(none, { client_id: 'nobody' })).toBe('client.unknown');
    expect(await prove(new Headers({ authorization: 'Bearer x' }), { client_id: 'public' })).toBe(
      'client.authentication-method',
    );
    expect(await prove(none, { client_id: 'public', client_assertion: 'x' })).toBe(
      'client.authentication-method',
    );
  });
});
