import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGoogle } from '../../../../testing/providers/google.ts';
import { google } from './google.ts';
import { callbackUrl, openPreset } from './stand-in-sign-in.contract.ts';

let standIn: Awaited<ReturnType<typeof startGoogle>>;
beforeAll(async () => {
  standIn = await startGoogle({ addresses: 'real', redirectUris: [callbackUrl] });
});
afterAll(() => standIn.close());
const open = (hostedDomains?: readonly string[]) =>
  openPreset(google, standIn, { ...standIn.consoleValues, options: { hostedDomains } });

describe('Google', () => {
  it('is asked for a refresh token in its own way', async () => {
    const url = await (await open(['acme.example'])).authorization();
    expect(`${url.origin}${url.pathname}`).toBe('https://accounts.google.com/o/oauth2/v2/auth');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      scope: 'openid profile email',
      access_type: 'offline',
      prompt: 'consent',
      hd: 'acme.example',
    });
    expect((await (await open()).authorization()).searchParams.has('hd')).toBe(false);
    expect((await (await open(['a.example', 'b.example'])).authorization()).searchParams.has('hd')).toBe(
      false,
    );
  });

  it('signs in, refreshes and revokes, every time anew', async () => {
    const { door, signIn, events } = await open();
    await signIn('alice@acme.example');
    const { identity, upstream } = await signIn('alice@acme.example');
    expect(identity).toEqual({
      issuer: 'https://accounts.google.com',
      subject: '110169484474386276334',
      name: 'Alice Adams',
      email: 'alice@acme.example',
      emailVerified: true,
    });
    const refreshed = await door.refresh!(upstream!);
    expect(refreshed.accessToken).not.toBe(upstream!.accessToken);
    expect(refreshed.refreshToken).toBe(upstream!.refreshToken);
    await door.revoke!(refreshed);
    await expect(door.refresh!(refreshed)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
    expect(events.filter(({ type }) => type !== 'upstream.failed')).toEqual([]);
  });

  it('lets in only people of the hosted domains, whatever their e-mail is', async () => {
    const { signIn } = await open(['acme.example']);
    expect((await signIn('alice@acme.example')).identity.email).toBe('alice@acme.example');
    for (const login of ['carol@acme.example', 'bob@gmail.example'])
      await expect(signIn(login)).rejects.toMatchObject({ reason: 'sign-in.unknown-person' });
    expect((await (await open()).signIn('carol@acme.example')).identity.emailVerified).toBe(false);
  });
});
