import type { Fetch } from '../../core/fetch.ts';
import type { ClientPolicyOptions } from './client-policy.ts';
import type { DocumentClientsOptions } from './document-clients.ts';
import type { StaticClient } from './static-clients.ts';

/** Which clients an authorization server knows. */
export interface ClientOptions {
  /**
   * May clients register themselves (RFC 7591)? Default `true`. Switched off, only static clients and metadata documents are
   * known, and those that registered before are unknown from then on: their logins can not refresh. Switched on again, they are known again.
   */
  readonly registration?: boolean;
  /**
   * Metadata documents of clients whose id is a URL. `fetch`: the way out, which must be guarded, since strangers choose the URL:
   * `guardedFetch({ trust: 'stranger' })` on Node. `fetchDocument`: documents that are at hand. Key sets at the `jwks_uri` of clients come the
   * same way, also of clients that registered; with `off`, only clients that give their keys as `jwks` can sign. Default `off`.
   */
  readonly metadataDocuments?: 'off' | { readonly fetch: Fetch } | DocumentClientsOptions;
  /** Clients registered by hand. Default none. */
  readonly clients?: readonly StaticClient[];
  /** Which clients and redirect URIs are let in. Default: whatever registered. */
  readonly policy?: ClientPolicyOptions;
}
