import type { Clock } from '../core/clock.ts';
import type { EventSink } from '../core/events.ts';
import type { Fetch } from '../core/fetch.ts';
import type { Random } from '../core/random.ts';
import type { TenantOptions } from './tenants.ts';

/** How this server shows its client secret at the token endpoint: RFC 6749 §2.3.1 (`basic`, `post`), or not at all (`none`). */
export type ClientAuthenticationMethod = 'basic' | 'post' | 'none';

/** Addresses of a provider. Each is an absolute `https` URL; `http` only for this machine or with `allowPlainHttp`. */
export interface ProviderEndpoints {
  /** Where the browser is sent. The address that *people* see, even if this server sees the provider under another. */
  readonly authorization?: string;
  /** Where codes and refresh tokens are exchanged. Gets the client secret. */
  readonly token?: string;
  readonly userinfo?: string;
  readonly revocation?: string;
  /** The key set (`jwks_uri`) that ID tokens are verified with. Who serves it decides who may sign in. */
  readonly keys?: string;
  /** Where the browser is sent to log out. `logoutReturnParameter` says how it is told where to come back to. */
  readonly endSession?: string;
}

export interface ProviderOptions {
  /**
   * Who vouches for people: the provider's issuer, as it writes it itself. For a plain OAuth 2 provider, which has none, its address. It is
   * one half of everybody's identity: changed, everybody becomes somebody else.
   */
  readonly issuer: string;
  /** The id this server is registered with at the provider. */
  readonly clientId: string;
  /** The secret that belongs to it. Default: none, and then the client is public. */
  readonly clientSecret?: string;
  /**
   * Default: `none` without a secret; with one `basic`, or `post` where the provider's metadata offers only that. Set wrongly, the provider
   * answers `invalid_client` and every sign-in is a 503.
   */
  readonly clientAuthentication?: ClientAuthenticationMethod;
  /**
   * What to ask for. With `openid` among them an ID token is required and verified; without it the person is read from `userinfo`. Many
   * providers give a refresh token only for `offline_access`, and some of these only with `authorizationParameters: { prompt: 'consent' }`.
   * Default: `openid`, `profile`, `email`.
   */
  readonly scopes?: readonly string[];
  /**
   * `true` (default): read the metadata below `issuer`. A URL: read it from there; it still has to name `issuer`. `false`: nothing is read,
   * and `endpoints` has to name `authorization` and `token`, with `openid` also `keys`, else also `userinfo`.
   */
  readonly discovery?: boolean | string;
  /** Used in place of what discovery found, one by one: for a provider seen under another address inside a cluster. Default: none. */
  readonly endpoints?: ProviderEndpoints;
  /**
   * RFC 9207: the callback must carry `iss`. One that is there must always be right. Default: what the metadata says; without discovery
   * `false`.
   */
  readonly responseIssuerRequired?: boolean;
  /**
   * Signature algorithms that ID tokens may have; only asymmetric ones are ever accepted. Default: what the metadata says; without it `RS256`.
   */
  readonly idTokenAlgorithms?: readonly string[];
  /**
   * For a provider with one issuer for each of its tenants: whose ID tokens are accepted. People are then known under the issuer of their
   * tenant, and `issuer` names the provider as a whole. Default: none, and ID tokens name `issuer`.
   */
  readonly tenants?: TenantOptions;
  /**
   * RFC 8707 §2: the resource that the provider's tokens are to be for, sent with the authorization request and every token request.
   * Default: none, since providers refuse resources they were not told of.
   */
  readonly resource?: string;
  /** Further parameters of the authorization request, such as `audience`. Those that the protocol itself sets are refused. Default: none. */
  readonly authorizationParameters?: Readonly<Record<string, string>>;
  /** Further parameters of every token request (code and refresh). Those that the protocol itself sets are refused. Default: none. */
  readonly tokenParameters?: Readonly<Record<string, string>>;
  /**
   * Ask `userinfo` at sign-in, besides the ID token. Default: `true` where the provider has it. Without `openid` it is always asked. Switched
   * off, claims that the provider shows only there are missing.
   */
  readonly userinfo?: boolean;
  /** Without `openid`: the member of the `userinfo` answer that names the person for ever, such as `id`. Never one that people can change. Default: `sub`. */
  readonly subjectClaim?: string;
  /** Send a PKCE challenge (S256). Off only for a provider that refuses the parameter: then `state` and `nonce` alone stop a stolen code. Default: `true`. */
  readonly pkce?: boolean;
  /** How tokens are revoked at a provider that has a way of its own. Default: RFC 7009, where there is an address for it. */
  readonly revocationRequest?: RevocationRequestOf;
  /**
   * The parameter by which the provider is told where the browser goes after it was logged out. Default: `post_logout_redirect_uri`
   * (OpenID Connect RP-Initiated Logout). Set wrongly, people end on a page of the provider. `false`: it wants an ID token too, and since none
   * is kept for a browser, nobody is sent there.
   */
  readonly logoutReturnParameter?: string | false;
  /** Seconds that an access token of the provider lives of which it does not say so (RFC 6749 §5.1). Default: nobody knows, and it is used until the provider refuses it. */
  readonly tokenLifetimeSeconds?: number;
  /** Accept `http` addresses of other machines, for a provider inside a cluster. Whoever can read that network can sign in as anybody. Default: `false`. */
  readonly allowPlainHttp?: boolean;
  /** Seconds that one request to the provider may take, body included. Must be shorter than the refresh lease (30). Default: 10. */
  readonly timeoutSeconds?: number;
  /** Seconds that clocks may differ when an ID token is checked, at most 300. Default: 30. */
  readonly clockToleranceSeconds?: number;
  /** Seconds after which the metadata is read again, in the background; a failure keeps the copy in use. Default: 86,400. */
  readonly metadataMaxAgeSeconds?: number;
  /** Seconds after which the key set is read again when it is needed: how long a key lives on that the provider took away. Default: 600. */
  readonly keysMaxAgeSeconds?: number;
  /** Seconds in which unknown key ids cause no second reading of the key set. A sign-in with one is a 503 until they are over. Default: 60. */
  readonly keysCooldownSeconds?: number;
  /** The setting that `issuer` was made from, where that is another: it is named when nothing is found there. Default: `issuer`. */
  readonly issuerSetting?: string;
  /** How the settings above are called for the operator: `<settingPrefix>.issuer`. Default: `upstream`. */
  readonly settingPrefix?: string;
}

/** One request that ends a token. */
export interface RevocationRequest {
  /** Where it goes. Gets the token and maybe the secret: https. */
  readonly url: string;
  /** Such as `DELETE`. */
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type RevocationRequestOf = (
  token: string,
  client: { readonly clientId: string; readonly clientSecret?: string },
) => RevocationRequest;

/** What was known of a provider when it last answered. Holds no secret. */
export interface ProviderCopy {
  /** The members of the metadata document that are used here, by their wire names. Absent without discovery. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The key set, as it came (RFC 7517 §5). */
  readonly keys?: Readonly<Record<string, unknown>>;
}

/** Where the last good copy lies, by the issuer of the provider. */
export interface ProviderCache {
  load(issuer: string): Promise<ProviderCopy | undefined>;
  save(issuer: string, copy: ProviderCopy): Promise<void>;
}

/** What a provider is called with. */
export interface ProviderParts {
  /** Must not follow redirects: a request may carry the client secret. */
  readonly fetch: Fetch;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Default: the system's. */
  readonly random?: Random;
  /** Default: none, and then a provider that is unreachable stops the start. */
  readonly cache?: ProviderCache;
  /** Told when a copy is used or can not be kept. Default: nobody. */
  readonly onEvent?: EventSink;
  /** Resolves later; for tests. Default: a timer. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}
