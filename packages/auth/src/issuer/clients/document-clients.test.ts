import { describe, expect, it } from 'vitest';
import { outcome } from '../../sessions/replicas.contract.ts';
import { documentClients, documentsFromFile } from './document-clients.ts';

const URL_OF = 'https://app.example.com/client.json';
const document = {
  client_id: URL_OF,
  client_name: 'App',
  redirect_uris: ['http://127.0.0.1/cb'],
  token_endpoint_auth_method: 'none',
};

describe('clients that publish a document', () => {
  it('[C2][AS-14] are public clients whose id is the URL', async () => {
    const source = documentClients(documentsFromFile({ [URL_OF]: document }));
    const client = (await source.find(URL_OF))!;
    expect(client).toMatchObject({
      id: URL_OF,
      kind: 'document',
      name: 'App',
      redirectUris: ['http://127.0.0.1/cb'],
      authenticationMethod: 'none',
    });
    expect(client.hasSecret('')).toBe(false);
  });

  it('sign when their document says so', async () => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) };
    const signing = { ...document, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] } };
    const client = await documentClients(documentsFromFile({ [URL_OF]: signing })).find(URL_OF);
    expect(client).toMatchObject({ authenticationMethod: 'private_key_jwt', keys: { jwks: [key] } });
  });

  it('[G8] are asked for at URLs that can be one, and nowhere else', async () => {
    const asked: string[] = [];
    const source = documentClients({
      fetchDocument: async (url) => {
        asked.push(url);
        return document;
      },
    });
    for (const id of [
      'http://app.example.com/client.json',
      'https://app.example.com',
      'https://app.example.com/',
      'https://u@app.example.com/c',
      'https://app.example.com/a/../c',
      'https://app.example.com/c#f',
      'https://app.example.com/%2e%2e/c',
      'file:///etc/passwd',
      'pc1.x.y',
    ])
      expect(await source.find(id)).toBeUndefined();
    expect(asked).toEqual([]);
    await source.find(URL_OF);
    expect(asked).toEqual([URL_OF]);
  });

  it('[AS-14] are refused when the document is another’s, or shares a secret', async () => {
    for (const over of [
      { client_id: 'https://evil.example/c' },
      { client_secret: 'x' },
      { redirect_uris: ['javascript:1'] },
      { redirect_uris: [] },
      { client_name: undefined },
      { token_endpoint_auth_method: 'client_secret_basic' },
    ]) {
      const source = documentClients(documentsFromFile({ [URL_OF]: { ...document, ...over } }));
      expect({ over, reason: await outcome(source.find(URL_OF)) }).toEqual({
        over,
        reason: 'client.metadata-invalid',
      });
    }
  });

  it('know the file of the operator and no inherited name', async () => {
    expect(await outcome(documentsFromFile({}).fetchDocument(URL_OF))).toBe('client.unknown');
    expect(await outcome(documentsFromFile({}).fetchDocument('toString'))).toBe('client.unknown');
  });
});
