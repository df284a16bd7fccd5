import fc from 'fast-check';
import * as oauth from 'oauth4webapi';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../core/clock.ts';
import { parseBasicCredentials } from '../protocol/basic-credentials.ts';
import { clientAuthentication, oauthClient } from './client-authentication.ts';
import type { ClientAuthenticationMethod } from './provider-options.ts';
import { providerSettings } from './provider-settings.ts';

/** What is sent: the header, and the body. */
async function shown(
  clientId: string,
  clientSecret: string | undefined,
  method?: ClientAuthenticationMethod,
  offered?: readonly string[],
) {
  const authenticate = clientAuthentication(
    { clientSecret, clientAuthentication: method },
    { token_endpoint_auth_methods_supported: offered as string[] | undefined },
  );
  const body = new URLSearchParams();
  const headers = new Headers();
  await authenticate({ issuer: 'https://idp.example' }, { client_id: clientId }, body, headers);
  return { header: headers.get('authorization'), body: Object.fromEntries(body) };
}

const inBody = { header: null, body: { client_id: 'id', client_secret: 's' } };
const inHeader = { header: `Basic ${btoa('id:s')}`, body: {} };

describe('how this server shows who it is', () => {
  it.each([
    ['nothing known', undefined, undefined, inHeader],
    ['nothing offered', undefined, [], inHeader],
    ['both offered', undefined, ['client_secret_post', 'client_secret_basic'], inHeader],
    ['only the body offered', undefined, ['private_key_jwt', 'client_secret_post'], inBody],
    ['neither offered', undefined, ['private_key_jwt'], inHeader],
    ['the header wanted, the body offered', 'basic', ['client_secret_post'], inHeader],
    ['the body wanted, the header offered', 'post', ['client_secret_basic'], inBody],
  ] as const)('with %s', async (_what, method, offered, expected) => {
    expect(await shown('id', 's', method, offered)).toEqual(expected);
  });

  it('is its id alone without a secret, whatever is offered', async () => {
    const expected = { header: null, body: { client_id: 'id' } };
    expect(await shown('id', undefined, undefined, ['client_secret_basic'])).toEqual(expected);
    expect(await shown('id', undefined, 'none')).toEqual(expected);
  });

  it('leaves alone what ids are made of', async () => {
    const { header } = await shown('my-id.1_2', 'a b+c:%~*é');
    expect(Buffer.from(header!.slice(6), 'base64').toString()).toBe('my-id.1_2:a+b%2Bc%3A%25%7E*%C3%A9');
  });

  it('is read by a server that keeps to the specification, whatever it is', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((t) => !/\p{Cc}/u.test(t));
    await fc.assert(
      fc.asyncProperty(text, text, async (clientId, clientSecret) => {
        const { header, body } = await shown(clientId, clientSecret);
        expect(parseBasicCredentials(header)).toEqual({ clientId, clientSecret });
        expect(body).toEqual({});
      }),
      { numRuns: 1000 },
    );
  });
});

it('tells the library our time in place of that of the machine', () => {
  const settings = providerSettings({
    issuer: 'https://idp.example',
    clientId: 'id',
    clockToleranceSeconds: 7,
  });
  const clock = manualClock(Date.now());
  const client = oauthClient(settings, clock);
  expect([client.client_id, client[oauth.clockTolerance]]).toEqual(['id', 7]);
  expect(Math.abs(client[oauth.clockSkew] as number)).toBeLessThanOrEqual(30);
  clock.advance(100_000);
  expect(Math.abs((client[oauth.clockSkew] as number) - 100_000)).toBeLessThanOrEqual(30);
});
