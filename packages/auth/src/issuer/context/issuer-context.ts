import type { Clock } from '../../core/clock.ts';
import type { EventSink } from '../../core/events.ts';
import type { Random } from '../../core/random.ts';
import type { BrowserCookies } from '../../http/browser-cookie.ts';
import type { HostCheck } from '../../http/host-check.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { ScopeHierarchy } from '../../protocol/scope.ts';
import type { Codes } from '../../sessions/codes.ts';
import type { Lifetimes } from '../../sessions/lifetimes.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { Transactions } from '../../sessions/transactions.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import type { AccessTokenVerifier } from '../../verify/own-token.ts';
import type { Client } from '../clients/client.ts';
import type { ClientAssertions } from '../clients/client-assertion.ts';
import type { ClientRegistry } from '../clients/client-registry.ts';
import type { RegisteredClients } from '../clients/registered-clients.ts';
import type { SelfDescribingIds } from '../clients/self-describing-id.ts';
import type { Approvals } from './approvals.ts';
import type { ConsentMode } from './consent-mode.ts';
import { PATHS } from './paths.ts';
import type { RememberedApprovals } from './remembered-approvals.ts';
import type { UpstreamSessions } from './upstream-sessions.ts';

/** A resource this issuer gives tokens for. */
export interface IssuedResource {
  /** The resource identifier, as it stands in tokens. */
  readonly resource: string;
  /** For pages. */
  readonly name: string;
}

/** A resource server that may ask `/introspect`, with its own credentials. */
export interface IntrospectionClient {
  readonly id: string;
  readonly secret: string;
}

/** What the endpoints and grants of one issuer share. Put together once, in `issuer.ts`. */
export interface IssuerContext {
  /** Byte for byte as in metadata, tokens and `iss`. */
  readonly issuer: string;
  /** What our endpoints are below. Mostly the same as `issuer`. */
  readonly publicUrl: string;
  /** Where providers send browsers back to, below the public URL. */
  readonly callbackPath: string;
  /** A page for developers of clients. */
  readonly documentation: string | undefined;
  readonly consent: ConsentMode;
  /** What this browser approved before. */
  readonly remembered: RememberedApprovals;
  readonly resources: readonly IssuedResource[];
  /** Every scope that can be granted, with what the consent page says of it. */
  readonly scopes: ReadonlyMap<string, string>;
  /** What a client gets that names no scope. */
  readonly baselineScopes: readonly string[];
  readonly scopeHierarchy: ScopeHierarchy;
  readonly registrationEnabled: boolean;
  readonly metadataDocumentsEnabled: boolean;
  readonly introspectionClients: readonly IntrospectionClient[];
  readonly signIns: readonly SignIn[];
  readonly lifetimes: Lifetimes;
  readonly clients: ClientRegistry;
  /** Proves clients that sign. */
  readonly assertions: ClientAssertions;
  readonly registered: RegisteredClients;
  readonly clientIds: SelfDescribingIds;
  /** A person approved the client: from now on it can be listed, and what is known of it is kept. */
  readonly noteApproval: (client: Client) => Promise<void>;
  readonly approvals: Approvals;
  readonly sessions: Sessions;
  readonly codes: Codes;
  readonly transactions: Transactions;
  readonly upstream: UpstreamSessions;
  readonly accessTokens: AccessTokenVerifier;
  readonly keyRing: KeyRing;
  readonly cookies: BrowserCookies;
  readonly hosts: HostCheck;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: EventSink;
}

/** The absolute URL of one of our endpoints. */
export function endpointUrl(context: Pick<IssuerContext, 'publicUrl'>, path: string): string {
  return context.publicUrl + path;
}

/**
 * RFC 9700 §4.4.2: where the provider of a sign-in sends browsers back to, each to its own address, so that the answer of one is never taken
 * for that of another. The first has the address alone, further ones their id behind it.
 */
export function callbackPathOf(
  { callbackPath, signIns }: Pick<IssuerContext, 'callbackPath' | 'signIns'>,
  signInId: string,
): string {
  const at = signIns.findIndex(({ id }) => id === signInId);
  const name = signIns[at]?.callbackName ?? (at === 0 ? '' : signInId);
  return name === '' ? callbackPath : `${callbackPath}/${name}`;
}

export function callbackUrl(
  context: Pick<IssuerContext, 'publicUrl' | 'callbackPath' | 'signIns'>,
  signInId: string,
): string {
  return endpointUrl(context, callbackPathOf(context, signInId));
}

/** The identifiers of our resources. */
export function resourceIds(context: Pick<IssuerContext, 'resources'>): readonly string[] {
  return context.resources.map(({ resource }) => resource);
}

/** RFC 7523 §3, point 3: our names at an endpoint: our issuer, the token endpoint, and the endpoint itself, each as our metadata write it. */
export function namesAt(
  context: Pick<IssuerContext, 'issuer' | 'publicUrl'>,
  path: string,
): readonly string[] {
  return [...new Set([context.issuer, endpointUrl(context, PATHS.token), endpointUrl(context, path)])];
}
