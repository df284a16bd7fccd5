import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../core/operator-error.ts';
import { staticClients } from './static-clients.ts';

const good = { id: 'my-app', redirectUris: ['https://app.example.com/cb'] };

describe('clients that the operator entered', () => {
  it('[AS-16] are found by their id to the letter, public or confidential', async () => {
    const clients = staticClients([good, { ...good, id: 'secret-app', secret: 'hush', name: 'Secret App' }]);
    expect(await clients.find('my-app')).toMatchObject({
      kind: 'static',
      name: 'my-app',
      authenticationMethod: 'none',
    });
    const confidential = (await clients.find('secret-app'))!;
    expect(confidential).toMatchObject({ name: 'Secret App', authenticationMethod: 'client_secret_basic' });
    expect([
      confidential.hasSecret('hush'),
      confidential.hasSecret('Hush'),
      confidential.hasSecret(''),
    ]).toEqual([true, false, false]);
    expect((await clients.find('my-app'))!.hasSecret('')).toBe(false);
    for (const id of ['MY-APP', 'my-app ', '', '__proto__', 'constructor'])
      expect(await clients.find(id)).toBeUndefined();
  });

  it('[G1] stop the start when one can not work, each with its own problem', () => {
    const problemsOf = (entries: Parameters<typeof staticClients>[0]) => {
      try {
        staticClients(entries);
        return [];
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error;
        return error.problems.map(({ setting, message }) => `${setting}: ${message}`);
      }
    };
    const signing = { id: 'signing', redirectUris: ['https://app.example.com/cb'] };
    expect(problemsOf([good])).toEqual([]);
    for (const broken of [
      { ...good, id: '' },
      { ...good, id: 'with space' },
      { ...good, id: 'x'.repeat(201) },
      { ...good, redirectUris: [] },
      { ...good, redirectUris: ['http://app.example.com/cb'] },
      { ...good, redirectUris: ['https://app.example.com/cb#x'] },
    ])
      expect(problemsOf([broken])).toHaveLength(1);
    const jwks = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }] };
    const jwksUri = 'https://app.example.com/jwks';
    expect(problemsOf([{ ...signing, jwks }])).toEqual([]);
    for (const broken of [
      { ...signing, jwks: { keys: [{ ...jwks.keys[0], d: 'very secret' }] } },
      { ...signing, jwks: { keys: [{ kty: 'oct', k: 'very secret' }] } },
      { ...signing, jwks: {} },
      { ...signing, jwks, jwksUri },
      { ...signing, jwks, secret: 'very secret' },
      { ...signing, jwksUri: 'http://app.example.com/jwks' },
      { ...signing, jwksUri },
    ]) {
      expect(problemsOf([broken])).toHaveLength(1);
      expect(problemsOf([broken])[0]).not.toContain('very secret');
    }
    expect(() => staticClients([{ ...signing, jwksUri }], { fetchesKeys: true })).not.toThrow();
    expect(problemsOf([good, good])).toEqual(['clients: two entries have the same id.']);
    expect(
      problemsOf([
        { id: '', redirectUris: [] },
        { ...good, redirectUris: ['x'] },
      ]),
    ).toHaveLength(3);
  });
});
