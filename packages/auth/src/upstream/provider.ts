import type * as oauth from 'oauth4webapi';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { KeySet } from './key-set.ts';
import type { ProviderCall } from './provider-call.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import type { ProviderSettings } from './provider-settings.ts';

/** A provider that is known and can be called: what every operation in this room starts from. */
export interface Provider {
  readonly settings: ProviderSettings;
  readonly call: ProviderCall;
  readonly clock: Clock;
  readonly random: Random;
  /** Absent when the provider has no key set, which only one without `openid` may. */
  readonly keys?: KeySet;
  readonly client: oauth.Client;
  /** What is known now; too old, it is read again behind the scenes. */
  metadata(): ProviderMetadata;
  authentication(): oauth.ClientAuth;
}

/** Tokens of a provider, as an exchange or a refresh gives them. */
export interface ProviderTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly idToken?: string;
  /** Seconds since 1970; absent when the provider did not say. */
  readonly expiresAt?: number;
  readonly scope?: string;
}
