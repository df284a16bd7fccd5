import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDiscord } from '../../../../testing/providers/discord.ts';
import { discord } from './discord.ts';
import { callbackUrl, openPreset } from './stand-in-sign-in.contract.ts';

let standIn: Awaited<ReturnType<typeof startDiscord>>;
beforeAll(async () => {
  standIn = await startDiscord({ addresses: 'real', redirectUris: [callbackUrl] });
});
afterAll(() => standIn.close());

const open = () => openPreset(discord, standIn, standIn.consoleValues);

describe('Discord', () => {
  it('is asked for who somebody is, and no more', async () => {
    const url = await (await open()).authorization();
    expect(`${url.origin}${url.pathname}`).toBe('https://discord.com/oauth2/authorize');
    expect(url.searchParams.get('scope')).toBe('identify email');
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
  });

  it('signs in under the id, which never changes, and refreshes', async () => {
    const { door, signIn, asked } = await open();
    const { identity, upstream } = await signIn('alice');
    expect(identity).toEqual({
      issuer: 'https://discord.com',
      subject: '80351110224678912',
      name: 'Alice Adams',
      email: 'alice@acme.example',
      emailVerified: true,
    });
    expect(asked).toEqual(['https://discord.com/api/oauth2/token', 'https://discord.com/api/v10/users/@me']);
    const refreshed = await door.refresh!(upstream!);
    expect(refreshed.refreshToken).not.toBe(upstream!.refreshToken);
    await expect(door.refresh!(upstream!)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
  });

  it('shows who has no display name, no verified e-mail, or none at all', async () => {
    const { signIn } = await open();
    expect((await signIn('bob')).identity).toMatchObject({
      name: 'bob',
      email: 'bob@mail.example',
      emailVerified: false,
    });
    const { identity } = await signIn('carol');
    expect(identity).toMatchObject({ subject: '80351110224678914', name: 'Carol' });
    expect(identity).not.toHaveProperty('email');
  });

  it('ends the whole authorization with the session', async () => {
    const { door, signIn, asked, events } = await open();
    const { upstream } = await signIn('alice');
    await door.revoke!(upstream!);
    expect(asked.at(-1)).toBe('https://discord.com/api/oauth2/token/revoke');
    expect(standIn.tokens.get(upstream!.accessToken)!.grant.ended).toBe(true);
    expect(events).toEqual([]);
  });
});
