import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../../../e2e/servers/faulty-proxy.ts';
import { ProviderFault } from '../upstream/provider-fault.ts';
import { apiAsker, type ProviderApiCall } from './api-call.ts';
import { startTokenServer, type TokenServer } from './token-server.contract.ts';

const echo = () =>
  startTokenServer((_known, { url, form, json, headers }) => ({
    status: Number(url.searchParams.get('status') ?? 200),
    body: {
      query: Object.fromEntries(url.searchParams),
      form: Object.fromEntries(form),
      json,
      authorization: headers.authorization,
      accept: headers.accept,
      error: url.searchParams.get('error') ?? undefined,
    },
    headers: { 'x-seen': 'yes' },
  }));

async function asking<T>(
  test: (ask: (more?: Partial<ProviderApiCall>) => Promise<unknown>, server: TokenServer) => Promise<T>,
) {
  const server = await echo();
  try {
    const ask = apiAsker(server.parts.fetch, 5);
    return await test((more) => ask({ url: `${server.proxy.url}/api?a=1`, ...more }, 'to+ken/='), server);
  } finally {
    await server.proxy.close();
  }
}

describe('a call to the API of a provider', () => {
  it('carries the token where it is told to, and keeps the query', () =>
    asking(async (ask, server) => {
      expect(await ask()).toMatchObject({ authorization: 'Bearer to+ken/=', query: { a: '1' } });
      expect(await ask({ tokenIn: { query: 'access_token' } })).toMatchObject({
        query: { a: '1', access_token: 'to+ken/=' },
      });
      expect(await ask({ tokenIn: { form: 'token' } })).toMatchObject({ form: { token: 'to+ken/=' } });
      const headers = { authorization: 'Basic YTpi', accept: 'application/vnd.example+json' };
      expect(await ask({ tokenIn: { json: 'access_token' }, headers })).toMatchObject({
        json: { access_token: 'to+ken/=' },
        ...headers,
      });
      expect(server.proxy.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST', 'POST']);
    }));

  it('is refused by the statuses and errors that say so, and by nothing else', () =>
    asking(async (ask, server) => {
      const url = (query: string) => ({ url: `${server.proxy.url}/api?${query}` });
      expect(await ask(url('status=401'))).toBeUndefined();
      expect(await ask(url('status=400&error=invalid_token'))).toBeUndefined();
      expect(await ask(url('error=invalid_token'))).toBeUndefined();
      expect(await ask({ ...url('status=404'), refusedStatuses: [404, 422] })).toBeUndefined();
      for (const query of ['status=403', 'status=404', 'status=400', 'error=other'])
        await expect(ask(url(query))).rejects.toMatchObject({ kind: 'misconfigured' });
      for (const query of ['status=500&error=invalid_token', 'status=429'])
        await expect(ask({ ...url(query), refusedStatuses: [500, 429] })).rejects.toMatchObject({
          kind: 'unavailable',
        });
    }));

  it('gives the whole answer to the function that reads it', () =>
    asking(async (ask) => {
      const claims = ({ headers }: { headers: Headers }) => ({ sub: headers.get('x-seen') });
      expect(await ask({ claims })).toEqual({ sub: 'yes' });
      expect(await ask({ claims: () => undefined })).toBeUndefined();
    }));

  it('is no news about the token when the answer has another shape', () =>
    asking(async (ask) => {
      const claims = ({ body }: { body: unknown }) => ({ sub: (body as { no: { such: string } }).no.such });
      await expect(ask({ claims })).rejects.toBeInstanceOf(ProviderFault);
    }));

  it('tells nobody the token or the credentials, not even when the provider repeats them', () =>
    asking(async (ask, server) => {
      const body = '{"error":"no","error_description":"to+ken/= Basic YTpi"}';
      server.proxy.fail('/api', { ...FAULTS.invalidClient, status: 403, body });
      const error = await ask({ headers: { authorization: 'Basic YTpi' } }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ detail: { description: '[redacted] [redacted]' } });
    }));

  it('is a fault of the provider when the answer has a member twice, at any depth', async () => {
    for (const text of ['{"sub":"a","sub":"b"}', '[{"x":{"y":1,"\\u0079":2}}]']) {
      const ask = apiAsker(async () => new Response(text), 5);
      await expect(
        ask({ url: 'https://api.example/me', claims: () => ({ sub: 'a' }) }, 't'),
      ).rejects.toMatchObject({
        kind: 'misconfigured',
        detail: { why: 'the answer has a member twice' },
      });
    }
  });
});
