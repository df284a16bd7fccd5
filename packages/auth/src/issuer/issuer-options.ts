import type { MasterSecret, SecretOrigin } from '../keys/master-secret.ts';
import type { ScopeHierarchy } from '../protocol/scope.ts';
import type { Lifetimes } from '../sessions/lifetimes.ts';
import type { SignIn, SignInFactory } from '../sign-in/sign-in.ts';
import type { Store } from '../store/store.ts';
import type { ClientOptions } from './clients/client-options.ts';
import type { ConsentMode } from './context/consent-mode.ts';
import type { IntrospectionClient } from './context/issuer-context.ts';

/** What it takes to be an authorization server. */
export interface IssuerOptions extends ClientOptions {
  /** Ways to sign in, or what makes them, in the order of the chooser. At least one. */
  readonly signIns: readonly (SignIn | SignInFactory)[];
  /** Resource servers that may ask `/introspect` about any token. Default none. */
  readonly introspectionClients?: readonly IntrospectionClient[];
  /** When a person is asked before a client gets access. Default: `always`. */
  readonly consent?: ConsentMode;
  /**
   * Our issuer identifier (RFC 8414 §2), where it is not the public URL: such as the root of a host below which this server is mounted.
   * Endpoints stay below the public URL. Requests for its well-known addresses have to reach this server. Changed later, every session ends.
   * Default: the public URL.
   */
  readonly identifier?: string;
  /** Where providers send browsers back to, below the public URL. Default: `/auth/callback`. */
  readonly callbackPath?: string;
  /** RFC 8414 §2 `service_documentation`: a page for developers of clients. Default: none. */
  readonly documentation?: string;
}

/** Where state is kept, and what opens it. */
export interface StateOptions {
  /** Where state is kept. Default: memory, gone with the process. */
  readonly store?: Store;
  /** What keys are wrapped with. Required for a store that outlives the process; else made anew at every start. */
  readonly masterSecret?: MasterSecret;
  /** How the master secret is called in messages, and where it was read. Default: `masterSecret`, `options of createAuth`. */
  readonly masterSecretOrigin?: SecretOrigin;
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
