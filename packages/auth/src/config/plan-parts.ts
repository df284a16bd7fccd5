import type { Problem } from '../core/operator-error.ts';
import type { ScopeMap } from '../protocol/scope-map.ts';
import type { UpstreamProviderOptions } from '../sign-in/upstream-provider.ts';
import type { IntrospectionOptions } from '../verify/introspection.ts';
import type { JwtVerifierOptions } from '../verify/jwt-options.ts';
import type { AuthSettings } from './names.ts';

/** The settings of one provider. */
export type Upstream = AuthSettings['upstream'];

/** How a verifier is made: data alone, so that everything that is wrong with it can be said before anything is opened. */
export type VerifierPlan =
  | ({ readonly kind: 'jwt' } & JwtVerifierOptions)
  | ({ readonly kind: 'introspection' } & IntrospectionOptions);

/** One provider: it signs people in, or its tokens are checked, or both. */
export interface ProviderPlan {
  readonly proxy?: UpstreamProviderOptions;
  readonly verifier?: VerifierPlan;
  readonly authorizationServers?: readonly string[];
  readonly forwarded?: { readonly url: string; readonly publicClientId?: string };
  readonly scopeMap?: ScopeMap;
}

export interface Surroundings {
  readonly resource: string;
  readonly baseline: readonly string[];
  /** How the settings are called for the operator. */
  readonly prefix: string;
  readonly id: string;
}

/** A problem under the name that the operator knows a setting by. */
export function settingProblem(setting: string, message: string, remedy: string): Problem {
  return { setting, source: 'configuration', message, remedy };
}
