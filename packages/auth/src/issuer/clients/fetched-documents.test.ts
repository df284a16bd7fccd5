import { describe, expect, it } from 'vitest';
import { DocumentFault, type DocumentFetch } from '../../net/document-fetch.ts';
import { openReplicas, outcome } from '../../sessions/replicas.contract.ts';
import { fetchedDocuments } from './fetched-documents.ts';

const URL_OF = 'https://app.example.com/client.json';

async function begin() {
  const house = await openReplicas();
  let fault: DocumentFault | undefined;
  const kept: string[] = [];
  const documents: DocumentFetch = {
    forget() {},
    keep: (url) => void kept.push(url),
    async get(url) {
      if (fault) throw fault;
      return { url, body: { client_id: url }, fetchedAt: 0, freshUntil: 0 };
    },
  };
  const fetched = fetchedDocuments(documents, house.first.records.collection('metadata-document'));
  return {
    ...house,
    fetched,
    kept,
    fail: (next: DocumentFault | undefined) => {
      fault = next;
    },
  };
}

const unreachable = new DocumentFault('unreachable', 'no route', 30);
const status = (code: number) => new DocumentFault('status', `status ${code}`, 30, { status: code });

describe('documents over the network', () => {
  it('[G8] leave no copy behind before somebody approved', async () => {
    const { fetched, kept, store } = await begin();
    expect(await fetched.fetchDocument(URL_OF)).toEqual({ client_id: URL_OF });
    expect([(await store.list('metadata-document')).keys, kept]).toEqual([[], []]);
    await fetched.keep(URL_OF);
    expect(kept).toEqual([URL_OF]);
    expect((await store.list('metadata-document')).keys).toEqual([URL_OF]);
  });

  it('[S3] keep people logged in by the last good copy while the host is away or in trouble', async () => {
    const { fetched, fail } = await begin();
    await fetched.keep(URL_OF);
    for (const fault of [unreachable, status(503), status(403), new DocumentFault('not-json', 'html', 30)]) {
      fail(fault);
      expect(await fetched.fetchDocument(URL_OF)).toEqual({ client_id: URL_OF });
    }
  });

  it('are gone when the host says so, copy or not', async () => {
    const { fetched, fail } = await begin();
    await fetched.keep(URL_OF);
    for (const code of [404, 410]) {
      fail(status(code));
      expect(await outcome(fetched.fetchDocument(URL_OF))).toBe('client.metadata-invalid');
    }
  });

  it('[S4] are 503 with a time to come back when the host is away or in trouble, and 400 when they are wrong', async () => {
    const { fetched, fail } = await begin();
    for (const fault of [
      unreachable,
      new DocumentFault('busy', 'busy', 30),
      status(500),
      status(503),
      status(429),
    ]) {
      fail(fault);
      await expect(fetched.fetchDocument(URL_OF)).rejects.toMatchObject({
        reason: 'client.metadata-unreachable',
        retryAfterSeconds: 30,
      });
    }
    for (const fault of [
      status(403),
      new DocumentFault('too-large', 'large', 30),
      new DocumentFault('content-type', 'html', 30),
    ]) {
      fail(fault);
      expect(await outcome(fetched.fetchDocument(URL_OF))).toBe('client.metadata-invalid');
    }
  });

  it('keep nothing that could not be fetched, and fail no approval by it', async () => {
    const { fetched, fail, store } = await begin();
    fail(unreachable);
    await fetched.keep(URL_OF);
    expect((await store.list('metadata-document')).keys).toEqual([]);
  });

  it('[S4] are 503 when neither the host nor the store answers', async () => {
    const { fetched, fail, control } = await begin();
    await fetched.keep(URL_OF);
    fail(unreachable);
    control.outage = 'all';
    expect(await outcome(fetched.fetchDocument(URL_OF))).toBe('store.unavailable');
  });
});
