import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import { openKeyRing } from '../../keys/ring.ts';
import { memoryStore } from '../../store/memory.ts';
import { ringStorage } from '../../store/ring-storage.ts';
import { MAX_CLIENT_ID_LENGTH, type Registration, selfDescribingIds } from './self-describing-id.ts';

const ISSUER = 'https://mcp.example.com';

async function ringOf(
  masterSecret = { bytes: systemRandom.bytes(32) },
  previousMasterSecret?: { bytes: Uint8Array },
  store = memoryStore(),
) {
  return openKeyRing({
    storage: ringStorage(store),
    masterSecret,
    previousMasterSecret,
    deployment: 'test',
    clock: manualClock(),
    random: systemRandom,
    onEvent() {},
  });
}

const registrations: fc.Arbitrary<Registration> = fc.record(
  {
    redirectUris: fc.array(fc.webUrl({ size: 'small' }), { minLength: 1, maxLength: 3 }),
    authenticationMethod: fc.constantFrom(
      'none' as const,
      'client_secret_basic' as const,
      'client_secret_post' as const,
      'private_key_jwt' as const,
    ),
    grantTypes: fc.constantFrom(['authorization_code'], ['authorization_code', 'refresh_token']),
    name: fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }),
    keys: fc.oneof(
      fc.record({ jwksUri: fc.webUrl({ size: 'small' }) }),
      fc.record({ jwks: fc.constant([{ kty: 'OKP' as const, crv: 'Ed25519', x: 'A'.repeat(43) }]) }),
    ),
  },
  { requiredKeys: ['redirectUris', 'authenticationMethod', 'grantTypes'] },
);

describe('a client id that describes its client', async () => {
  const ring = await ringOf();
  const ids = selfDescribingIds(ring, ISSUER);

  it('[S7] says back what was registered, the same way every time, in at most 512 characters', () => {
    fc.assert(
      fc.property(registrations, (registration) => {
        const id = ids.encode(registration);
        expect(ids.encode({ ...registration, grantTypes: [...registration.grantTypes].reverse() })).toBe(id);
        if (id === undefined) return;
        expect(id.length).toBeLessThanOrEqual(MAX_CLIENT_ID_LENGTH);
        expect(id).toMatch(/^pc1\.[\w-]+\.[\w-]{43}$/);
        expect(ids.decode(id)).toEqual({ name: undefined, ...registration });
      }),
      { numRuns: 1000 },
    );
  });

  it('[AS-15] is never accepted with one character changed, added or left out', () => {
    fc.assert(
      fc.property(
        registrations,
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        fc.constantFrom('change', 'add', 'drop'),
        (registration, n, character, how) => {
          const id = ids.encode(registration);
          fc.pre(id !== undefined);
          const at = n % id.length;
          const changed =
            id.slice(0, at) + (how === 'drop' ? '' : character) + id.slice(how === 'add' ? at : at + 1);
          fc.pre(changed !== id);
          expect(ids.decode(changed)).toBeUndefined();
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('has one spelling: no padding, no other alphabet, no spare bits', () => {
    const id = ids.encode({
      redirectUris: ['http://127.0.0.1/cb'],
      authenticationMethod: 'none',
      grantTypes: [],
    })!;
    const [, payload, mac] = id.split('.') as [string, string, string];
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(mac.at(-1)!);
    const siblings = [...alphabet]
      .filter((_, i) => i >> 2 === last >> 2 && i !== last)
      .map((letter) => mac.slice(0, -1) + letter);
    expect(siblings.length).toBe(3);
    for (const spelling of siblings) expect(ids.decode(`pc1.${payload}.${spelling}`)).toBeUndefined();
    for (const text of [
      `pc1.${payload}=.${mac}`,
      `pc1.${payload}.${mac}=`,
      `PC1.${payload}.${mac}`,
      ` ${id}`,
      `${id} `,
      `pc1.${payload}\n.${mac}`,
      `pc1..${mac}`,
    ])
      expect(ids.decode(text)).toBeUndefined();
  });

  it('is nothing but noise for another issuer or another master secret, and parses nothing that is not proven', async () => {
    const id = ids.encode({
      redirectUris: ['http://127.0.0.1/cb'],
      authenticationMethod: 'none',
      grantTypes: [],
    })!;
    expect(selfDescribingIds(ring, 'https://other.example').decode(id)).toBeUndefined();
    expect(selfDescribingIds(await ringOf(), ISSUER).decode(id)).toBeUndefined();
    const bomb = Buffer.from('{"a":').toString('base64url');
    expect(ids.decode(`pc1.${bomb}.${'A'.repeat(43)}`)).toBeUndefined();
  });

  it('[S6][S7] outlives a wiped store and a change of the master secret', async () => {
    const masterSecret = { bytes: systemRandom.bytes(32) };
    const registration: Registration = {
      redirectUris: ['http://127.0.0.1/cb'],
      authenticationMethod: 'client_secret_post',
      grantTypes: ['authorization_code'],
    };
    const before = selfDescribingIds(await ringOf(masterSecret), ISSUER);
    const id = before.encode(registration)!;
    const wiped = selfDescribingIds(await ringOf(masterSecret), ISSUER);
    expect(wiped.decode(id)).toEqual(before.decode(id));
    const rotated = selfDescribingIds(await ringOf({ bytes: systemRandom.bytes(32) }, masterSecret), ISSUER);
    expect(rotated.decode(id)).toEqual(before.decode(id));
    expect(rotated.isSecretOf(id, before.secretOf(id))).toBe(true);
  });

  it('has a secret that opens this client and no other', () => {
    fc.assert(
      fc.property(registrations, registrations, (one, two) => {
        const [a, b] = [ids.encode(one), ids.encode(two)];
        fc.pre(a !== undefined && b !== undefined && a !== b);
        expect(ids.isSecretOf(a, ids.secretOf(a))).toBe(true);
        expect(ids.isSecretOf(a, ids.secretOf(b))).toBe(false);
        expect(ids.isSecretOf(a, a.slice(-43))).toBe(false);
        expect(ids.isSecretOf(a, '')).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives way when the registration is too long', () => {
    const redirectUris = Array.from({ length: 20 }, (_, i) => `https://app.example.com/callback/${i}`);
    expect(ids.encode({ redirectUris, authenticationMethod: 'none', grantTypes: [] })).toBeUndefined();
    expect(ids.decode(`pc1.${'A'.repeat(600)}.${'A'.repeat(43)}`)).toBeUndefined();
  });
});
