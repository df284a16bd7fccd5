import { describe, expect, it } from 'vitest';
import { Refusal } from '../../core/refusal.ts';
import { clientPolicy } from './client-policy.ts';
import { clientRegistry } from './client-registry.ts';
import { staticClients } from './static-clients.ts';

const entry = { id: 'app', redirectUris: ['http://127.0.0.1/cb', 'https://app.example.com/cb'] };

describe('every way to know a client', () => {
  it('asks the sources in order, and the first that knows wins', async () => {
    const asked: string[] = [];
    const source = (name: string, knows: boolean) => ({
      async find(id: string) {
        asked.push(name);
        return knows ? await staticClients([{ ...entry, id, name }]).find(id) : undefined;
      },
    });
    const registry = clientRegistry(
      [source('a', false), source('b', true), source('c', true)],
      clientPolicy({}),
    );
    expect((await registry.find('x')).name).toBe('b');
    expect(asked).toEqual(['a', 'b']);
  });

  it('asks nobody about an id that is longer than any', async () => {
    const registry = clientRegistry(
      [
        {
          find: async () => {
            throw new Error('asked');
          },
        },
      ],
      clientPolicy({}),
    );
    await expect(registry.find('x'.repeat(1001))).rejects.toMatchObject({ reason: 'client.unknown' });
    await expect(registry.find('x'.repeat(1000))).rejects.toThrow('asked');
  });

  it('passes on what a source says when it can not tell', async () => {
    const away = {
      find: async () => {
        throw new Refusal('client.metadata-unreachable');
      },
    };
    await expect(clientRegistry([away], clientPolicy({})).find('x')).rejects.toMatchObject({
      reason: 'client.metadata-unreachable',
    });
  });

  it('[AS-4] allows an address that was registered and that the operator does not deny', async () => {
    const registry = clientRegistry(
      [staticClients([entry])],
      clientPolicy({ deniedRedirectUris: ['https://app.example.com'] }),
    );
    const client = await registry.find('app');
    expect(registry.checkRedirectUri(client, 'http://127.0.0.1:5/cb')).toMatchObject({ kind: 'loopback' });
    const reason = (uri: string) => {
      try {
        registry.checkRedirectUri(client, uri);
        return undefined;
      } catch (error) {
        return (error as Refusal).reason;
      }
    };
    expect(reason('http://127.0.0.1:999/cb')).toBeUndefined();
    expect(reason('http://localhost:999/cb')).toBe('client.redirect-uri');
    expect(reason('https://app.example.com/cb')).toBe('client.redirect-uri');
    expect([
      registry.isAllowed('app', 'http://127.0.0.1/cb'),
      registry.isAllowed('app', 'https://app.example.com/cb'),
    ]).toEqual([true, false]);
  });
});
