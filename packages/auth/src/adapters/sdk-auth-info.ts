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
  const { clientId, scopes, expiresAt, resource } = caller;
  return {
    token: '',
    clientId,
    scopes: [...scopes],
    expiresAt,
    resource: new URL(resource),
    extra: { caller },
  };
}
