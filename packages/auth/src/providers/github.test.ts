import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGitHub } from '../../../../testing/providers/github.ts';
import { github } from './github.ts';
import { callbackUrl, openPreset } from './stand-in-sign-in.contract.ts';

let standIn: Awaited<ReturnType<typeof startGitHub>>;
beforeAll(async () => {
  standIn = await startGitHub({
    addresses: 'real',
    redirectUris: [callbackUrl],
    restrictedOrgs: ['open-source'],
  });
});
afterAll(() => standIn.close());

const open = (organizations?: readonly string[]) =>
  openPreset(github, standIn, { ...standIn.consoleValues, options: { organizations } });

describe('GitHub', () => {
  it('is asked for what the person hook needs', async () => {
    const url = await (await open()).authorization();
    expect(`${url.origin}${url.pathname}`).toBe('https://github.com/login/oauth/authorize');
    expect(url.searchParams.get('scope')).toBe('read:user user:email read:org');
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
  });

  it('signs in with the verified e-mail, organisations and all teams, and asks nothing later', async () => {
    const { signIn, asked } = await open();
    const { identity, upstream } = await signIn('alice');
    expect(identity).toMatchObject({
      issuer: 'https://github.com',
      subject: '1001',
      name: 'Alice Adams',
      email: 'alice@acme.example',
      emailVerified: true,
    });
    expect(identity.groups).toHaveLength(36);
    expect(identity.groups!.slice(0, 3)).toEqual(['acme', 'acme/engineering', 'acme/team-1']);
    expect(asked).toEqual([
      'https://github.com/login/oauth/access_token',
      'https://api.github.com/user',
      'https://api.github.com/user/emails?per_page=100&page=1',
      'https://api.github.com/user/orgs?per_page=100&page=1',
      'https://api.github.com/user/teams?per_page=100&page=1',
    ]);
    expect(upstream!.refreshToken).toBeUndefined();
    expect(upstream!.expiresAt).toBeUndefined();
  });

  it('ends the token with the session, in the way that GitHub has', async () => {
    const { door, signIn, asked, events } = await open();
    const { upstream } = await signIn('alice');
    await door.revoke!(upstream!);
    expect(asked.at(-1)).toBe('https://api.github.com/applications/Ov23liStandInOfGitHub/token');
    expect(standIn.tokens.get(upstream!.accessToken)!.ended).toBe(true);
    expect(events).toEqual([]);
    // Once more: there is no such token now.
    await door.revoke!(upstream!);
    expect(events).toMatchObject([{ type: 'upstream.failed', operation: 'revoke' }]);
    expect(JSON.stringify(events)).not.toContain(upstream!.accessToken);
  });

  it('does not believe the e-mail that a person shows', async () => {
    const { identity } = await (await open()).signIn('bob');
    expect(identity).toEqual({
      issuer: 'https://github.com',
      subject: '1002',
      name: 'bob',
      email: 'bob@mail.example',
      emailVerified: true,
      groups: [],
    });
  });

  it('lets in only members of the organisations, in whatever case these are written', async () => {
    const { signIn } = await open(['ACME']);
    expect((await signIn('alice')).identity.subject).toBe('1001');
    await expect(signIn('bob')).rejects.toMatchObject({ reason: 'sign-in.unknown-person' });
  });
});
