import type { Fetch } from '../core/fetch.ts';
import type { MasterSecret } from '../keys/master-secret.ts';
import type { ScopeHierarchy } from '../protocol/scope.ts';
import type { Lifetimes } from '../sessions/lifetimes.ts';
import type { SignIn, SignInFactory } from '../sign-in/sign-in.ts';
import type { Store } from '../store/store.ts';
import type { ClientPolicyOptions } from './clients/client-policy.ts';
import type { DocumentClientsOptions } from './clients/document-clients.ts';
import type { StaticClient } from './clients/static-clients.ts';
import type { IntrospectionClient } from './issuer-context.ts';

/** What it takes to be an authorization server. */
export interface IssuerOptions {
  /** Ways to sign in, or what makes them, in the order of the chooser. At least one. */
  readonly signIns: readonly (SignIn | SignInFactory)[];
  /** May clients register themselves (RFC 7591)? Default `true`. Switched off, only static clients and metadata documents are known. */
  readonly registration?: boolean;
  /**
   * Metadata documents of clients whose id is a URL. `fetch`: the way out, which must be guarded, since strangers choose the URL:
   * `guardedFetch({ trust: 'stranger' })` on Node. `fetchDocument`: documents that are at hand. Default `off`.
   */
  readonly metadataDocuments?: 'off' | { readonly fetch: Fetch } | DocumentClientsOptions;
  /** Clients registered by hand. Default none. */
  readonly clients?: readonly StaticClient[];
  /** Which clients and redirect URIs are let in. Default: whatever registered. */
  readonly policy?: ClientPolicyOptions;
  /** Resource servers that may ask `/introspect` about any token. Default none. */
  readonly introspectionClients?: readonly IntrospectionClient[];
}

/** Where state is kept, and what opens it. */
export interface StateOptions {
  /** Where state is kept. Default: memory, gone with the process. */
  readonly store?: Store;
  /** What keys are wrapped with. Required for a store that outlives the process; else made anew at every start. */
  readonly masterSecret?: MasterSecret;
  /** The master secret before the current one, while a change is under way. Default none. */
  readonly previousMasterSecret?: MasterSecret;
  /** Name of this installation in its store. Default `portcullis`. Two installations on one store need two names. */
  readonly deployment?: string;
}

/** What can be granted, and for how long. */
export interface GrantOptions {
  /** Grantable scopes with what the consent page says of each. Default `mcp:read`. */
  readonly scopes?: Readonly<Record<string, string>>;
  /** What a client gets that names no scope, and what challenges ask for. Default `mcp:read`. */
  readonly baselineScopes?: readonly string[];
  /** Broader scope → the narrower ones it implies. Default none. */
  readonly scopeHierarchy?: ScopeHierarchy;
  /** Lifetimes that differ from the defaults, in seconds. */
  readonly lifetimes?: Partial<Lifetimes>;
}
