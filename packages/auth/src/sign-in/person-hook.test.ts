import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HandMadeProvider, startHandMadeProvider } from '../../../../e2e/servers/hand-made-provider.ts';
import { Refusal } from '../core/refusal.ts';
import { type PersonHook, upstreamProvider } from './upstream-provider.ts';

const callbackUrl = 'http://127.0.0.1:9/auth/callback';

let idp: HandMadeProvider;
beforeAll(async () => {
  idp = await startHandMadeProvider();
  idp.answers.set('/token', { body: { access_token: 'at', token_type: 'bearer', refresh_token: 'rt' } });
  idp.answers.set('/userinfo', { body: { sub: 'u-1', mail: 'a@acme.example' } });
  idp.answers.set('/revoke', { body: {} });
  idp.answers.set('/api/groups', { body: ['admin'] });
});
afterAll(() => idp.close());

async function open(person: PersonHook) {
  const door = await upstreamProvider(
    {
      issuer: idp.issuer,
      clientId: 'c',
      scopes: ['x'],
      endpoints: { revocation: `${idp.issuer}/revoke` },
      person,
    },
    { fetch: (url, init) => fetch(url, { ...init, redirect: 'manual' }) },
  );
  const finish = async () => {
    const { secrets } = await door.start({ state: 'st', callbackUrl });
    return door.finish(new URLSearchParams({ code: 'c-1', state: 'st' }), {
      callbackUrl,
      secrets,
      state: 'st',
    });
  };
  return { door, finish };
}

describe('completing what a provider says of a person', () => {
  it('happens at sign-in, and never with a refresh', async () => {
    const { door, finish } = await open(async ({ mail, ...claims }, ask) => ({
      ...claims,
      email: mail,
      groups: await ask(`${idp.issuer}/api/groups`),
    }));
    const { identity, upstream } = await finish();
    expect(identity).toEqual({
      issuer: idp.issuer,
      subject: 'u-1',
      email: 'a@acme.example',
      emailVerified: false,
      groups: ['admin'],
    });
    await door.refresh!(upstream!);
    expect(idp.asked.filter((path) => path === '/api/groups')).toHaveLength(1);
  });

  it('can not make somebody else of them', async () => {
    const { finish } = await open((claims) => ({ ...claims, sub: 'u-2', iss: 'https://other.example' }));
    expect((await finish()).identity).toMatchObject({ issuer: idp.issuer, subject: 'u-1' });
  });

  it('can turn somebody away, and then gives the tokens back', async () => {
    const { finish } = await open(() => {
      throw new Refusal('sign-in.unknown-person', { why: 'of no organisation' });
    });
    const revocations = () => idp.asked.filter((path) => path === '/revoke').length;
    const before = revocations();
    await expect(finish()).rejects.toMatchObject({ reason: 'sign-in.unknown-person' });
    expect(revocations()).toBe(before + 1);
  });

  it('is a failure of the provider when its API says something that the hook can not work with', async () => {
    idp.answers.set('/api/odd', { body: { groups: null } });
    const { finish } = await open(async (_claims, ask) => {
      const { groups } = (await ask(`${idp.issuer}/api/odd`)) as { readonly groups: string[] };
      return { groups: groups.map(String) };
    });
    await expect(finish()).rejects.toMatchObject({
      reason: 'sign-in.provider-misconfigured',
      detail: { operation: 'userinfo', why: 'the answer has not the shape that was expected' },
    });
  });

  it('is a failure of the provider when its API fails', async () => {
    idp.answers.set('/api/down', { status: 503, body: {} });
    const { finish } = await open(async (_claims, ask) => ({ groups: await ask(`${idp.issuer}/api/down`) }));
    const asked = idp.asked.length;
    // The tokens may stand for more than this login: nobody's sessions end because an API fails.
    await expect(finish()).rejects.toMatchObject({ reason: 'sign-in.provider-unavailable' });
    expect(idp.asked.slice(asked)).not.toContain('/revoke');
  });
});
