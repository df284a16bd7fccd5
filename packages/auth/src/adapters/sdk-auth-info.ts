import type { Caller } from '../core/identity.ts';

/** `AuthInfo` of the MCP SDK. The token itself is left out on purpose: what a tool does not have, it can not pass on. */
export interface SdkAuthInfo {
  readonly token: '';
  readonly clientId: string;
  readonly scopes: string[];
  /** Seconds since 1970. */
  readonly expiresAt: number;
  readonly resource: URL;
  readonly extra: { readonly caller: Caller };
}

export function authInfoOf(caller: Caller): SdkAuthInfo {
  const { clientId, scopes, expiresAt } = caller;
  return {
    token: '',
    clientId,
    scopes: [...scopes],
    expiresAt,
    resource: resourceOf(caller),
    extra: { caller },
  };
}

/** Reading a URL is dear for what a request costs otherwise: once for each caller, so that nobody shares it with somebody else. */
const resources = new WeakMap<Caller, URL>();

function resourceOf(caller: Caller): URL {
  let url = resources.get(caller);
  if (!url) {
    url = new URL(caller.resource);
    resources.set(caller, url);
  }
  return url;
}
