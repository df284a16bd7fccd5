import { describe, expect, it } from 'vitest';
import { endToken, githubPerson } from './preset-github.ts';

describe('ending a token of GitHub', () => {
  it('is asked by the application, with the token in the body and not in the address', () => {
    const { url, method, headers, body } = endToken('gho_1', { clientId: 'a/b', clientSecret: 's' });
    expect([method, url]).toEqual(['DELETE', 'https://api.github.com/applications/a%2Fb/token']);
    expect(headers).toMatchObject({ authorization: `Basic ${btoa('a/b:s')}`, 'user-agent': 'portcullis' });
    expect(JSON.parse(body)).toEqual({ access_token: 'gho_1' });
  });
});

describe('what GitHub says of a person', () => {
  it('reads further pages, and no more than ten', async () => {
    const pages: string[] = [];
    const claims = await githubPerson({ login: 'x' }, async (url) => {
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
