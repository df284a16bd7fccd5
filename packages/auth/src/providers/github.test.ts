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
    const { door, signIn, asked } = await open();
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
    await door.revoke!(upstream!);
    expect(asked).toHaveLength(5);
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

  it('reads further pages, and no more than ten', async () => {
    const { person } = github.proxy!({
      clientId: 'c',
      resource: 'r',
      requiredScopes: [],
      options: {},
      lists: {},
    });
    const pages: string[] = [];
    const claims = await person!({ login: 'x' }, async (url) => {
      pages.push(url);
      if (!url.includes('/user/orgs')) return [];
      return Array.from({ length: 100 }, (_, index) => ({
        login: `${new URL(url).searchParams.get('page')}-${index}`,
      }));
    });
    expect(pages.filter((url) => url.includes('/user/orgs'))).toHaveLength(10);
    expect(claims.groups).toHaveLength(1000);
    expect(claims).toMatchObject({ email: undefined, email_verified: false });
  });
});
