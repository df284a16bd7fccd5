import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { login, openHouse, PUBLIC_URL } from '../../auth.contract.ts';

describe('the public keys', () => {
  it('[AS-19] verify what we issue, by the library that everybody uses', async () => {
    const { first, second, clock } = await openHouse();
    const { tokens } = await login(first);
    for (const path of ['/jwks', '/.well-known/jwks.json']) {
      const response = await second.call(path);
      expect(response.headers.get('cache-control')).toBe('public, max-age=300');
      const keys = (await response.json()) as JSONWebKeySet;
      const verified = await jwtVerify(tokens.access_token, createLocalJWKSet(keys), {
        issuer: PUBLIC_URL,
        audience: `${PUBLIC_URL}/mcp`,
        typ: 'at+jwt',
        currentDate: new Date(clock.now()),
      });
      expect(verified.protectedHeader).toMatchObject({ alg: 'ES256' });
    }
  });

  it('[G12] are public: no private part, no symmetric key', async () => {
    const { first } = await openHouse();
    const { keys } = (await (await first.call('/jwks')).json()) as JSONWebKeySet;
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', use: 'sig' });
    }
  });
});
