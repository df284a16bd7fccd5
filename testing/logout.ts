// Where a provider logs a browser out: strict about where it sends the browser afterwards.
import type { Answer, Route } from './http-server.ts';

export interface Logout {
  /** Real address of the endpoint. */
  readonly endpoint: string;
  /** The parameter that says where the browser goes afterwards. */
  readonly returnParameter: string;
  readonly clientId: string;
  /** The addresses that are registered, compared to the letter. */
  readonly allowed: readonly string[];
}

export function logoutRoute({ endpoint, returnParameter, clientId, allowed }: Logout): Route {
  return {
    method: 'GET',
    path: new URL(endpoint).pathname,
    handle({ query }): Answer {
      const returnTo = query.get(returnParameter);
      if (query.get('client_id') !== clientId || returnTo === null || !allowed.includes(returnTo))
        return { status: 400, headers: { 'content-type': 'text/html' }, body: '<h1>Not allowed</h1>' };
      return { status: 302, headers: { location: returnTo } };
    },
  };
}
