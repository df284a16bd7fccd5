import type { Clock } from '../core/clock.ts';
import type { EventSink } from '../core/events.ts';
import type { Identity } from '../core/identity.ts';
import type { Random } from '../core/random.ts';
import type { ProviderTokens } from '../upstream/provider.ts';
import type { ProviderCache } from '../upstream/provider-options.ts';

/** A person who can be chosen on a sign-in page of our own. */
export interface PersonChoice {
  /** The value of the form field `person`. */
  readonly value: string;
  readonly name: string;
  /** One line under the name, such as the groups. */
  readonly note?: string;
}

export interface SignInRequest {
  /** The `state` for the provider: the transaction's id. */
  readonly state: string;
  /** Where the provider sends the browser back to: `<issuer>/auth/callback`. */
  readonly callbackUrl: string;
  /** OpenID Connect Core §3.1.2.1, as the client asked: `login`, `consent`, `select_account`. */
  readonly prompt?: string;
  readonly loginHint?: string;
}

export interface LogoutRequest {
  /** Where the provider sends the browser back to. It has to be registered there, as the callback is. */
  readonly returnTo: string;
}

/** What happens in the browser next. `secrets` stay in the transaction and come back to `finish`. */
export type SignInStep =
  | { readonly kind: 'redirect'; readonly url: string; readonly secrets: Readonly<Record<string, string>> }
  | {
      readonly kind: 'page';
      readonly people: readonly PersonChoice[];
      readonly secrets: Readonly<Record<string, string>>;
    };

/** Who signed in. */
export interface SignedIn {
  readonly identity: Identity;
  /** Kept sealed with the session, and shown to nobody. */
  readonly upstream?: ProviderTokens;
}

/**
 * One way to find out who is at the browser. A refusal for the person is thrown as `Refusal` (`sign-in.*`): unavailable and misconfigured
 * providers are 503, never "denied".
 */
export interface SignIn {
  /** Stable: sessions remember it, and end when it is no longer configured. */
  readonly id: string;
  /** On the chooser page: `Sign in with <title>`. */
  readonly title: string;
  /**
   * What stands behind the callback path of the server at this provider (RFC 9700 §4.4.2: an address for each). Empty: nothing. Default:
   * nothing for the first sign-in, the id for further ones.
   */
  readonly callbackName?: string;
  /** Could this sign-in, as it is configured now, have vouched for that person? Sessions of others do not live on. */
  accepts(identity: Pick<Identity, 'issuer' | 'subject'>): boolean;
  start(request: SignInRequest): Promise<SignInStep>;
  /** `answer`: the query of the callback, or the fields of our own form. */
  finish(
    answer: URLSearchParams,
    context: {
      readonly callbackUrl: string;
      readonly secrets: Readonly<Record<string, string>>;
      readonly state: string;
    },
  ): Promise<SignedIn>;
  /** New tokens for a session that lives on. Throws `Refusal('grant.upstream-ended')` only when the provider said so. */
  refresh?(tokens: ProviderTokens): Promise<ProviderTokens>;
  /** Best effort, at the end of a session. */
  revoke?(tokens: ProviderTokens): Promise<void>;
  /** Where the browser is logged out of the provider. `undefined`: it has no such place. Absent: there is nothing to be logged out of. */
  logoutUrl?(request: LogoutRequest): string | undefined;
}

/** What a sign-in is made with, where it needs the state and the keys of the server. */
export interface SignInParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: EventSink;
  /** Where the last good copy of what a provider says of itself is kept, sealed. */
  readonly providerCache: ProviderCache;
}

/** Makes a sign-in when the state is open. @throws OperatorError when its settings can not work */
export type SignInFactory = (parts: SignInParts) => Promise<SignIn>;
