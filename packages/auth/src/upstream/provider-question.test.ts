import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HandMadeProvider, startHandMadeProvider } from '../../../../e2e/servers/hand-made-provider.ts';
import type { Fetch } from '../core/fetch.ts';
import { openProvider } from './open-provider.ts';
import { providerQuestion } from './provider-question.ts';

let idp: HandMadeProvider;
beforeAll(async () => {
  idp = await startHandMadeProvider();
});
afterAll(() => idp.close());

const headers: Readonly<Record<string, string>>[] = [];
const watched: Fetch = (url, init) => {
  headers.push(init?.headers ?? {});
  return fetch(url, { ...init, redirect: 'manual' });
};

describe('a question to the API of a provider', () => {
  it('carries the token of the person and says who asks', async () => {
    idp.answers.set('/things', { body: [1, 2] });
    const provider = await openProvider(
      { issuer: idp.issuer, clientId: 'c', scopes: ['x'] },
      { fetch: watched },
    );
    expect(await providerQuestion(provider, 'at-1')(`${idp.issuer}/things`)).toEqual([1, 2]);
    expect(headers.at(-1)).toMatchObject({ authorization: 'Bearer at-1', 'user-agent': 'portcullis' });
  });

  it('is not answered by a page', async () => {
    idp.answers.set('/page', { body: '<p>no</p>' });
    const provider = await openProvider(
      { issuer: idp.issuer, clientId: 'c', scopes: ['x'] },
      { fetch: watched },
    );
    await expect(providerQuestion(provider, 'at-1')(`${idp.issuer}/page`)).rejects.toMatchObject({
      kind: 'misconfigured',
      operation: 'userinfo',
    });
  });
});
