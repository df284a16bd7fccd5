import { isObject } from '../core/json-text.ts';
import { Refusal } from '../core/refusal.ts';
import type { Claims } from '../upstream/claims.ts';
import { ProviderFault } from '../upstream/provider-fault.ts';
import type { RevocationRequest } from '../upstream/provider-options.ts';
import { type AskProvider, USER_AGENT } from '../upstream/provider-question.ts';

export const API = 'https://api.github.com';
const PAGE_SIZE = 100;
const MAX_PAGES = 10;

/** E-mail addresses, organisations and teams of a person: three questions or a few more, at sign-in alone. */
export async function githubPerson(claims: Claims, ask: AskProvider, organizations?: readonly string[]) {
  const all = async (path: string) => {
    const found: Claims[] = [];
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const list = await ask(`${API}${path}?per_page=${PAGE_SIZE}&page=${page}`);
      if (!Array.isArray(list))
        throw new ProviderFault('misconfigured', 'userinfo', { why: `${path} is no list` });
      found.push(...list.filter((entry) => typeof entry === 'object' && entry !== null));
      if (list.length < PAGE_SIZE) break;
    }
    return found;
  };
  const mail = (await all('/user/emails')).find(
    ({ primary, verified }) => primary === true && verified === true,
  );
  const orgs = (await all('/user/orgs'))
    .map(({ login }) => login)
    .filter((login) => typeof login === 'string');
  if (organizations && !orgs.some((org) => organizations.includes(org.toLowerCase())))
    throw new Refusal('sign-in.unknown-person', { why: 'member of none of the organisations' });
  const teams = (await all('/user/teams')).flatMap(({ slug, organization }) =>
    isObject(organization) && typeof organization.login === 'string' && typeof slug === 'string'
      ? [`${organization.login}/${slug}`]
      : [],
  );
  // The e-mail of the profile is one that its owner chose to show.
  return { ...claims, email: mail?.email, email_verified: mail !== undefined, groups: [...orgs, ...teams] };
}

/** «Delete an app token»: the application shows its id and secret, and the token is in the body. */
export function endToken(
  token: string,
  { clientId, clientSecret = '' }: { readonly clientId: string; readonly clientSecret?: string },
): RevocationRequest {
  return {
    url: `${API}/applications/${encodeURIComponent(clientId)}/token`,
    method: 'DELETE',
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
    },
    body: JSON.stringify({ access_token: token }),
  };
}
