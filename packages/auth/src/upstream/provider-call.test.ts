import * as oauth from 'oauth4webapi';
import { describe, expect, it } from 'vitest';
import type { Fetch, FetchInit } from '../core/fetch.ts';
import { FetchFault, type FetchFaultKind } from '../net/fetch-fault.ts';
import { getRequest, providerCall } from './provider-call.ts';
import { ProviderFault } from './provider-fault.ts';
import { faultOf } from './scripted-provider.contract.ts';

const url = 'https://idp.example/x?code=in-the-query';
const ask = (fetch: Fetch, secrets: readonly string[] = [], timeoutSeconds = 10) =>
  providerCall(fetch, timeoutSeconds)('refresh', secrets, getRequest(url));
const answering = (response: () => Response) => (() => Promise.resolve(response())) as Fetch;

describe('a call of a provider', () => {
  it('gives the answer, read to its end', async () => {
    const asked: [string, FetchInit | undefined][] = [];
    const answer = await ask(async (to, init) => {
      asked.push([to, init]);
      return new Response('{"é":1}', {
        status: 201,
        headers: { 'content-type': 'Application/JSON; charset=utf-8', 'retry-after': '5', 'x-more': 'y' },
      });
    });
    expect(answer).toMatchObject({
      status: 201,
      contentType: 'application/json',
      text: '{"é":1}',
      retryAfter: '5',
    });
    expect(answer.headers?.get('x-more')).toBe('y');
    expect(asked).toEqual([
      [url, { method: 'GET', headers: { accept: 'application/json' }, signal: expect.any(AbortSignal) }],
    ]);
  });

  it('may have no body and no type', async () => {
    const answer = await ask(answering(() => new Response(null, { status: 204 })));
    expect(answer).toMatchObject({ contentType: '', text: '', retryAfter: null });
  });

  it('tells nothing of what it sent when a provider says it all again, however it is spelled', async () => {
    const secret = 'a secret+/=';
    const token = 'the/token+';
    const fetch: Fetch = async (url, init) => {
      const error_description = `${url} ${init?.headers?.authorization} ${init?.body}`;
      return new Response(JSON.stringify({ error: 'bad', error_description }), { status: 400 });
    };
    const credentials = btoa(`c:${secret}`);
    const fault = (await faultOf(
      providerCall(fetch, 10)('refresh', [secret, token], ({ [oauth.customFetch]: send, signal }) =>
        send(`https://idp.example/?t=${encodeURIComponent(token)}`, {
          method: 'POST',
          headers: { authorization: `Basic ${credentials}` },
          body: new URLSearchParams({ token, secret }),
          signal,
        }),
      ),
    )) as ProviderFault;
    expect(fault.detail.description).toBe(
      'https://idp.example/?t=[redacted] Basic [redacted] token=[redacted]&secret=[redacted]',
    );
  });

  it('sends the form that the library made', async () => {
    const sent: (FetchInit | undefined)[] = [];
    const fetch: Fetch = async (_url, init) => {
      sent.push(init);
      return new Response('{}', { headers: { 'content-type': 'application/json' } });
    };
    const metadata = { issuer: 'https://idp.example', token_endpoint: 'http://127.0.0.1/token' };
    await providerCall(fetch, 10)('refresh', [], (options) =>
      oauth.refreshTokenGrantRequest(metadata, { client_id: 'c' }, oauth.None(), 'r t', options),
    );
    expect(sent[0]?.method).toBe('POST');
    expect(sent[0]?.body).toBe('refresh_token=r+t&grant_type=refresh_token&client_id=c');
  });

  it('is a fault for every answer that is no success, told with what it said and without what was sent', async () => {
    const body = JSON.stringify({ error: 'invalid_grant', error_description: 'no such token: s3cret' });
    const fault = await faultOf(
      ask(
        answering(() => new Response(body, { status: 400 })),
        ['s3cret'],
      ),
    );
    expect(fault).toMatchObject({
      kind: 'ended',
      operation: 'refresh',
      detail: { status: 400, error: 'invalid_grant', description: 'no such token: [redacted]' },
    });
  });

  it.each([
    ['url', 'misconfigured', 'told'],
    ['address', 'misconfigured', 'told'],
    ['too-large', 'misconfigured', 'told'],
    ['encoding', 'misconfigured', 'told'],
    ['network', 'unavailable', 'the request failed'],
    ['timeout', 'unavailable', 'no answer in time'],
    ['aborted', 'unavailable', 'the request failed'],
  ] as const)('that the way out ends by "%s" is %s', async (kind: FetchFaultKind, expected, why) => {
    const fault = await faultOf(ask(() => Promise.reject(new FetchFault(kind, 'told'))));
    expect(fault).toBeInstanceOf(ProviderFault);
    expect(fault).toMatchObject({ kind: expected, detail: { why } });
  });

  it('says the code of a network error, from wherever it is, and never its message', async () => {
    const nested = (error: Error) => new Error(`at ${url}`, { cause: new Error(url, { cause: error }) });
    const refused = Object.assign(new Error(url), { code: 'ECONNREFUSED' });
    const why = async (error: unknown) => faultOf(ask(() => Promise.reject(error)));
    expect(await why(nested(refused))).toMatchObject({
      kind: 'unavailable',
      detail: { why: 'ECONNREFUSED' },
    });
    for (const code of ['code=in-the-query', 'lower', 7, 'X'.repeat(41)])
      expect(await why(Object.assign(new Error(url), { code }))).toMatchObject({
        detail: { why: 'the request failed' },
      });
    expect(JSON.stringify(await why(new Error(url)))).not.toContain('in-the-query');
    expect(await why('a text')).toMatchObject({ kind: 'unavailable', detail: { why: 'the request failed' } });
  });

  it('[G8] has a limit of one mebibyte, to the byte, and leaves the rest unread', async () => {
    const limit = 1024 * 1024;
    const whole = answering(() => new Response(new Uint8Array(limit).fill(32)));
    expect((await ask(whole)).text).toHaveLength(limit);
    const seen = { taken: 0, cancelled: false };
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        seen.taken += 1;
        controller.enqueue(new Uint8Array(limit / 4));
      },
      cancel() {
        seen.cancelled = true;
      },
    });
    expect(await faultOf(ask(answering(() => new Response(endless))))).toMatchObject({
      kind: 'misconfigured',
      detail: { why: 'more than 1048576 bytes' },
    });
    expect(seen.cancelled).toBe(true);
    expect(seen.taken).toBeLessThan(8);
  });

  it('that breaks off in the middle is not half an answer', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"access_token":')),
      pull: (controller) => controller.error(Object.assign(new Error('x'), { code: 'ECONNRESET' })),
    });
    expect(await faultOf(ask(answering(() => new Response(body))))).toMatchObject({
      kind: 'unavailable',
      detail: { why: 'ECONNRESET' },
    });
  });

  it.each([
    ['a fetch that does not listen', () => new Promise<Response>(() => {})],
    [
      'a body that never ends',
      async () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })),
    ],
  ])('waits no longer than it may for %s', async (_what, fetch) => {
    expect(await faultOf(ask(fetch, [], 0.02))).toMatchObject({
      kind: 'unavailable',
      detail: { why: 'no answer in 0.02 s' },
    });
  });

  it('tells a fetch that listens when its time is over', async () => {
    const listening: Fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new FetchFault('aborted', 'taken back')));
      });
    expect(await faultOf(ask(listening, [], 0.02))).toMatchObject({ detail: { why: 'no answer in 0.02 s' } });
  });

  it('that can not even be made is a fault of neither network nor provider, and shows no secret', async () => {
    const call = providerCall(
      answering(() => new Response('{}')),
      10,
    );
    const send = () => Promise.reject(new TypeError('"s3cret" can not be sent'));
    expect(await faultOf(call('revoke', ['s3cret'], send))).toMatchObject({
      kind: 'invalid',
      operation: 'revoke',
      detail: { why: '"[redacted]" can not be sent' },
    });
    expect(await faultOf(call('revoke', [], () => Promise.reject('text')))).toMatchObject({
      detail: { why: 'the request can not be made' },
    });
  });
});
