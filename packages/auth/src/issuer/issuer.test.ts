import { describe, expect, it } from 'vitest';
import { openHouse, scriptedSignIn } from '../auth.contract.ts';
import { createAuth } from '../auth.ts';
import { OperatorError } from '../core/operator-error.ts';
import type { SignInParts } from '../sign-in/sign-in.ts';
import { memoryStore } from '../store/memory.ts';

const publicUrl = 'https://mcp.example.com';
const durable = () => {
  const store = memoryStore();
  return {
    ...store,
    durability: async () => ({
      description: 'A disk.',
      survivesRestart: true,
      survivesPowerCut: true,
      shared: false,
    }),
  };
};

describe('an authorization server at its start', () => {
  it('[G1] stops without a way to sign in, and when two ways have one id', async () => {
    await expect(createAuth({ publicUrl, issuer: { signIns: [] } })).rejects.toThrow(/signIns/);
    const { signIn } = scriptedSignIn();
    await expect(createAuth({ publicUrl, issuer: { signIns: [signIn, { ...signIn }] } })).rejects.toThrow(
      OperatorError,
    );
  });

  it('[G1] stops when the state would outlive what opens it', async () => {
    const { signIn } = scriptedSignIn();
    await expect(createAuth({ publicUrl, issuer: { signIns: [signIn] }, store: durable() })).rejects.toThrow(
      /masterSecret/,
    );
    const masterSecret = { bytes: crypto.getRandomValues(new Uint8Array(32)) };
    await expect(
      createAuth({ publicUrl, issuer: { signIns: [signIn] }, store: durable(), masterSecret }),
    ).resolves.toBeDefined();
  });

  it('[S6] stops when the master secret is another than the one of the state', async () => {
    const { open } = await openHouse();
    await expect(open({ masterSecret: { bytes: new Uint8Array(32).fill(9) } })).rejects.toThrow(
      OperatorError,
    );
  });

  it('hands a sign-in that is made here what it needs, copies of provider metadata included', async () => {
    let given: SignInParts | undefined;
    const { first, store } = await openHouse({
      issuer: {
        signIns: [
          async (parts) => {
            given = parts;
            return scriptedSignIn().signIn;
          },
        ],
      },
    });
    expect(await given!.providerCache.load('https://idp.example')).toBeUndefined();
    await given!.providerCache.save('https://idp.example', { metadata: { secretive: 'x' } } as never);
    expect(await given!.providerCache.load('https://idp.example')).toEqual({ metadata: { secretive: 'x' } });
    const { bytes } = (await store.get('provider-metadata', 'https://idp.example'))!;
    expect(Buffer.from(bytes).toString('latin1')).not.toContain('secretive');
    expect(first.auth.issuer).toBe(publicUrl);
  });

  it('[S4] is not ready while the store is away, and ready when it is back', async () => {
    const { first, control } = await openHouse();
    await expect(first.auth.ready()).resolves.toBeUndefined();
    control.outage = 'all';
    await expect(first.auth.ready()).rejects.toMatchObject({ reason: 'store.unavailable' });
  });

  it('sweeps what has expired, and closes its store', async () => {
    const { first, store, clock } = await openHouse();
    await store.put('counter', 'a', new Uint8Array(1), 10);
    expect(await first.auth.sweep()).toBe(0);
    clock.advance(10);
    expect(await first.auth.sweep()).toBe(1);
    await first.auth.close();
    expect((await store.list('ring')).keys).toEqual([]);
  });
});
