// RFC 9728 §5, RFC 6750 §3, MCP authorization: every request to a resource is decided here.
import { type Clock, nowSeconds } from '../core/clock.ts';
import type { EventSink } from '../core/events.ts';
import type { Caller } from '../core/identity.ts';
import type { Gate, Passage, PlainResponse } from '../core/passage.ts';
import type { Random } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';
import type { RequestView } from '../core/request-view.ts';
import { prefersPage } from '../http/accept.ts';
import { FORWARDING_HEADERS } from '../http/client-address.ts';
import { corsHeaders, preflight } from '../http/cors.ts';
import type { HostCheck } from '../http/host-check.ts';
import { reportRefusal } from '../http/report-refusal.ts';
import type { Page } from '../pages/page.ts';
import { visitorPage } from '../pages/visitor-page.ts';
import { parseAuthorizationHeader } from '../protocol/bearer-challenge.ts';
import { coversScopes, type ScopeHierarchy } from '../protocol/scope.ts';
import type { ScopeMap } from '../protocol/scope-map.ts';
import { verifyFirstMatch } from '../verify/first-match.ts';
import type { tokenCache } from '../verify/token-cache.ts';
import type { VerifiedToken, Verifier } from '../verify/verifier.ts';
import { refusalAtGate } from './refusal-at-gate.ts';

export interface GateOptions {
  /** The resource identifier: exactly the URL that people type into their client. */
  readonly resource: string;
  /** What it is called, for people. */
  readonly resourceName: string;
  /** Where people who open the resource in a browser can check their login. Default: nowhere. */
  readonly loginCheckUrl?: string;
  /** Do clients find out by themselves where people sign in? Default: `true`. */
  readonly clientsSignIn?: boolean;
  /** Absolute URL of the resource's metadata document, for the challenge. */
  readonly resourceMetadataUrl: string;
  /** Scopes a challenge asks for when no token came. */
  readonly baselineScopes: readonly string[];
  /** Scopes that every request needs. Default none beyond a good token. */
  readonly requiredScopes: readonly string[];
  /** Broader scope → the narrower ones it implies. */
  readonly scopeHierarchy: ScopeHierarchy;
  /** How the issuer of the tokens spells scopes, for challenges. */
  readonly scopeMap: ScopeMap;
  /** Asked in order; a token is shown to the first that recognizes it. */
  readonly verifiers: readonly Verifier[];
  /** Tokens that were verified before, for this gate alone. */
  readonly cache: ReturnType<typeof tokenCache>;
  /** The names and origins this server answers for. */
  readonly hosts: HostCheck;
  /** May requests say that they were forwarded? Not with development sign-ins. */
  readonly forwardedAllowed: boolean;
  /** Who everybody is, where nobody needs a token. Default: tokens are needed. */
  readonly anyone?: Caller;
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Where randomness comes from. */
  readonly random: Random;
  /** Told of every decision; must not throw. */
  readonly onEvent: EventSink;
}

export function openGate(options: GateOptions): Gate {
  const gate = new ResourceGate(options);
  return {
    resource: options.resource,
    guard: (request) => gate.guard(request),
    insufficientScope: (caller, needed) => gate.insufficientScope(caller, needed),
    refuse: (error, request) => gate.refuse(error, request),
  };
}

class ResourceGate {
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  guard(request: RequestView): Passage | Promise<Passage> {
    const { hosts, forwardedAllowed, anyone, cache, verifiers, resource } = this.#options;
    try {
      hosts.host(request.header('host'));
      hosts.origin(request.header('origin'));
      if (request.method === 'OPTIONS') return { allowed: false, response: preflightAnswer(request) };
      if (!forwardedAllowed) refuseForwarded(request);
      if (anyone) return this.#allow(anyone, () => anyone, request);
      const header = authorizationOf(request);
      // What was read and verified before needs no second reading.
      const known = cache.get(header);
      if (!known) {
        return this.#passLater(verifyFirstMatch(verifiers, bearerToken(header), resource), header, request);
      }
      const caller = known.admit();
      // Whoever starts to look also waits for the outcome: a refusal that nobody awaits would end the process.
      if (caller instanceof Promise) return this.#passLooked(known, caller, request);
      return this.#pass(known, caller, request);
    } catch (error) {
      return this.#refuse(error, request);
    }
  }

  insufficientScope(caller: Caller, needed: readonly string[]): PlainResponse {
    return this.#refuse(new Refusal('token.scope', { granted: caller.scopes, needed }), undefined, needed)
      .response;
  }

  refuse(error: unknown, request: RequestView | undefined): PlainResponse {
    return this.#refuse(error, request, undefined, 'handler').response;
  }

  async #passLater(pending: Promise<VerifiedToken>, header: string, request: RequestView): Promise<Passage> {
    try {
      const verified = await pending;
      const caller = await verified.admit();
      this.#options.cache.set(header, verified);
      return this.#pass(verified, caller, request);
    } catch (error) {
      return this.#refuse(error, request);
    }
  }

  async #passLooked(known: VerifiedToken, looking: Promise<Caller>, request: RequestView): Promise<Passage> {
    try {
      return this.#pass(known, await looking, request);
    } catch (error) {
      return this.#refuse(error, request);
    }
  }

  #pass(verified: VerifiedToken, caller: Caller, request: RequestView): Passage {
    const { requiredScopes, scopeHierarchy, clock } = this.#options;
    if (requiredScopes.length > 0 && !coversScopes(requiredScopes, caller.scopes, scopeHierarchy)) {
      const refusal = new Refusal('token.scope', { granted: caller.scopes, needed: requiredScopes });
      return this.#refuse(refusal, request, requiredScopes);
    }
    return this.#allow(caller, () => admitOpenStream(verified, clock), request);
  }

  #allow(caller: Caller, admit: () => Caller | Promise<Caller>, request: RequestView): Passage {
    const { resource, onEvent } = this.#options;
    onEvent({
      type: 'request.allowed',
      resource,
      subject: caller.identity.subject,
      clientId: caller.clientId,
    });
    return { allowed: true, caller, headers: readableBy(request), admit };
  }

  #refuse(error: unknown, request: RequestView | undefined, scopes?: readonly string[], at = 'gate') {
    const { baselineScopes, scopeMap, resourceMetadataUrl } = this.#options;
    const { refusal, incident } = reportRefusal(error, at, this.#options);
    const origin = request?.header('origin') ?? undefined;
    const asked = (scopes ?? baselineScopes).map(scopeMap.toProvider);
    const page = request && this.#pageFor(request);
    const response = refusalAtGate(refusal, incident, { resourceMetadataUrl, scopes: asked, origin, page });
    return { allowed: false, response } as const;
  }

  /** A person who opened the address in a browser reads a page; programs get what they expect. */
  #pageFor(request: RequestView): ((incident: string | undefined) => Page) | undefined {
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (!reading || !prefersPage(request.header('accept'))) return undefined;
    const { resource: url, resourceName, loginCheckUrl, clientsSignIn } = this.#options;
    return (incident) => visitorPage({ resourceName, url, loginCheckUrl, clientsSignIn, incident });
  }
}

const NO_HEADERS = {};

/** A browser's page (its origin was checked) may read what the resource answers; programs need no permission. */
function readableBy(request: RequestView): Readonly<Record<string, string>> {
  const origin = request.header('origin');
  return origin === null ? NO_HEADERS : corsHeaders(origin);
}

/** A preflight request carries no credentials, and so comes before them. */
function preflightAnswer(request: RequestView): PlainResponse {
  return preflight(['GET', 'POST', 'DELETE'], request.header('origin') ?? undefined);
}

function admitOpenStream(verified: VerifiedToken, clock: Clock): Caller | Promise<Caller> {
  if (verified.expiresAt <= nowSeconds(clock))
    throw new Refusal('token.expired', { expiresAt: verified.expiresAt });
  return verified.admit();
}

/** Tokens come in the header alone (RFC 6750 §2.1; MCP forbids the query): elsewhere they count as absent. */
function authorizationOf(request: RequestView): string {
  if (request.headerCount('authorization') > 1)
    throw new Refusal('request.two-credentials', { seen: 'two Authorization headers' });
  const header = request.header('authorization');
  if (header === null) throw new Refusal('token.absent');
  return header;
}

function bearerToken(authorization: string): string {
  const header = parseAuthorizationHeader(authorization);
  if (header.kind === 'bearer') return header.token;
  if (header.kind === 'malformed') throw new Refusal('authorization-header.malformed');
  throw new Refusal('token.absent', header.kind === 'other' ? { scheme: header.scheme.slice(0, 20) } : {});
}

/** Development sign-ins let anybody be anybody: they answer the own machine, and nobody who comes through a proxy. */
export function refuseForwarded(request: Pick<RequestView, 'header'>): void {
  for (const header of FORWARDING_HEADERS) {
    if (request.header(header) !== null) throw new Refusal('request.forwarded', { header });
  }
}
