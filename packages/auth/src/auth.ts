import type { AuthOptions, ResourceOptions } from './auth-options.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { type EventSink, ignoreEvents } from './core/events.ts';
import type { Caller } from './core/identity.ts';
import { OperatorError } from './core/operator-error.ts';
import type { Door, Gate, PlainResponse } from './core/passage.ts';
import { toResponse } from './core/plain-response.ts';
import { type Random, systemRandom } from './core/random.ts';
import { Refusal } from './core/refusal.ts';
import type { UpstreamToken } from './core/upstream-token.ts';
import { isLoopbackHost, parseUrl } from './core/url.ts';
import type { WebRequest } from './core/web-request.ts';
import { forwardedMetadataRoutes } from './gate/forwarded-metadata.ts';
import { openGate, refuseForwarded } from './gate/gate.ts';
import { gateOver } from './gate/gate-over.ts';
import { resourceMetadataRoute } from './gate/resource-metadata-route.ts';
import { respond } from './http/answer.ts';
import { DEFAULT_BODY_LIMITS } from './http/body.ts';
import { trustProxies } from './http/client-address.ts';
import { preflight } from './http/cors.ts';
import { dispatch, refuse } from './http/dispatch.ts';
import { checkHosts, type HostCheck } from './http/host-check.ts';
import { indexRoutes, type Route } from './http/route.ts';
import { PATHS } from './issuer/context/paths.ts';
import { type Issuer, openIssuer } from './issuer/issuer.ts';
import { checkOwnUrl } from './issuer/own-url.ts';
import { resourceMetadataUrl } from './protocol/resource-metadata.ts';
import { BASELINE_SCOPE } from './protocol/scope.ts';
import { SAME_SCOPES } from './protocol/scope-map.ts';
import { tokenCache } from './verify/token-cache.ts';
import { verifierConflicts } from './verify/verifier-conflicts.ts';

export type { AuthOptions, ResourceOptions } from './auth-options.ts';
export type { Caller, Identity } from './core/identity.ts';
export type { UpstreamToken } from './core/upstream-token.ts';
export type { GrantOptions, IssuerOptions, StateOptions } from './issuer/issuer-options.ts';

/** An authorization server, the gates of its resources, or both: whatever the options asked for. */
export interface Auth extends Door {
  /** Our issuer identifier; `undefined` when tokens come from elsewhere. */
  readonly issuer: string | undefined;
  /** The gate of the resource at a path. @throws TypeError when there is none */
  gate(path?: string): Gate;
  /** The table of endpoints that `handle` answers. */
  readonly routes: readonly Route[];
  /**
   * The access token of the provider that a caller signed in at, refreshed before it ends, for code behind the gate that calls something in
   * the name of the person. It is for that code alone: never hand it to the client. `undefined` for callers that did not come through our
   * issuer, or signed in without a provider: the token that a caller came with is not given to anybody either.
   * @throws Refusal `token.session-ended` when the session is over, or one that is 503 when nobody can tell now; `gate.refuse` answers both
   */
  upstreamToken(caller: Caller): Promise<UpstreamToken | undefined>;
  /** Reads the keys of verifiers, so that the first token does not wait, and so that `onEvent` hears at once when they can not be read. Never rejects. */
  warm(): Promise<void>;
  /** Rejects when the state can not be read. */
  ready(): Promise<void>;
  /** Removes some expired records; call it now and then. The number removed. */
  sweep(limit?: number): Promise<number>;
  close(): Promise<void>;
}

/** Half a year. */
const HSTS_SECONDS = 180 * 86_400;

/** The parts that everything shares, with defaults filled in. */
interface Common {
  readonly publicUrl: string;
  readonly mount: string;
  readonly resources: readonly (Required<Pick<ResourceOptions, 'path' | 'name' | 'requiredScopes'>> & {
    readonly resource: string;
  } & Pick<ResourceOptions, 'documentation' | 'scopesSupported'>)[];
  readonly baselineScopes: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: EventSink;
}

/**
 * Builds an `Auth` from options.
 * @throws OperatorError when the options can not work; nothing is served then.
 */
export async function createAuth(options: AuthOptions): Promise<Auth> {
  const common = complete(options);
  const { publicUrl, onEvent, random } = common;
  const hosts = openHosts(options, common);
  const issuer = options.issuer && (await openIssuer({ ...options, issuer: options.issuer }, common, hosts));
  const forwardedAllowed = options.allowForwarded ?? !(issuer?.developmentPeople || options.anyone);
  const gates = openGates(options, common, { issuer, hosts, forwardedAllowed });
  const { routes, routeAt } = openRoutes(options, common, issuer);
  const originate = trustProxies(options.trustedProxies ?? []);
  const dispatchOptions = { limits: options.bodyLimits ?? DEFAULT_BODY_LIMITS, random, onEvent };

  const secure = publicUrl.startsWith('https:');

  async function decide(request: WebRequest, peerAddress?: string): Promise<PlainResponse | undefined> {
    const path = new URL(request.url).pathname;
    const route = routeAt(path);
    if (!route && !isWellKnown(path)) return undefined;
    try {
      hosts.host(request.headers.get('host') ?? new URL(request.url).host);
      if (!forwardedAllowed) refuseForwarded({ header: (name) => request.headers.get(name) });
      // Scripts ask first; they must learn of the 404, not of a wall.
      if (!route && request.method === 'OPTIONS') return preflight(['GET']);
      if (!route) throw new Refusal('request.not-found');
    } catch (error) {
      const { audience, id } = route ?? { audience: 'program', id: 'well-known' };
      return respond(refuse(error, audience, id, dispatchOptions), route === undefined);
    }
    const { address } = originate(peerAddress, (name) => request.headers.get(name));
    return dispatch(route, request, path, address, dispatchOptions);
  }

  async function answer(request: WebRequest, peerAddress?: string): Promise<PlainResponse | undefined> {
    const plain = await decide(request, peerAddress);
    if (!plain || !secure) return plain;
    // RFC 6797 §7.1: whoever came by https once comes by https again. For this host alone: others below it are not ours to speak for.
    return {
      ...plain,
      headers: { ...plain.headers, 'strict-transport-security': `max-age=${HSTS_SECONDS}` },
    };
  }

  return {
    issuer: issuer?.issuer,
    routes,
    gateAt: (path) => gates.get(path),
    gateOver: gateOver(gates),
    gate(path = '/mcp') {
      const gate = gates.get(path);
      if (!gate) throw new TypeError(`no resource at ${path}; there are ${[...gates.keys()].join(', ')}`);
      return gate;
    },
    answer,
    async handle(request, peerAddress) {
      const plain = await answer(request, peerAddress);
      return plain && toResponse(plain);
    },
    refuse: (error, at) => respond(refuse(error, 'program', at, dispatchOptions), false),
    upstreamToken: async (caller) => issuer?.upstreamToken(caller),
    warm: async () =>
      void (await Promise.all((options.verifiers ?? []).map((verifier) => verifier.warm?.()))),
    ready: async () => issuer?.ready(),
    sweep: async (limit = 1000) => (issuer ? issuer.sweep(limit) : 0),
    close: async () => issuer?.close(),
  };
}

/** The table of endpoints, and the way from a path to its row. @throws OperatorError for a resource at the path of one of them */
function openRoutes(options: AuthOptions, common: Common, issuer: Issuer | undefined) {
  const routes = [
    ...metadataRoutes(options, common, issuer),
    ...(issuer?.routes ?? []),
    ...forwardedRoutes(options, common),
    ...(issuer || options.anyone ? [] : [noLoginCheck]),
  ];
  const routeAt = lookUp(indexRoutes(routes), common.mount);
  for (const { path } of common.resources) {
    const taken = routeAt(path) ?? routeAt(common.mount + path);
    if (taken)
      throw configurationError(
        'resources',
        `The path "${path}" is that of our endpoint ${taken.id}.`,
        'Choose another path for the resource.',
      );
  }
  return { routes, routeAt };
}

function complete(options: AuthOptions): Common {
  const publicUrl = checkOwnUrl(options.publicUrl, 'publicUrl');
  if (options.anyone && (options.issuer || options.verifiers?.length)) {
    throw configurationError(
      'anyone',
      'Everybody is let in, and yet there is a way to sign in.',
      'Remove one of the two.',
    );
  }
  if (!options.anyone && !options.issuer && !options.verifiers?.length) {
    throw configurationError(
      'issuer',
      'Neither an issuer nor a verifier is configured: nobody could ever get in.',
      'Configure `issuer` with a sign-in, or `verifiers`.',
    );
  }
  const mount = new URL(publicUrl).pathname.replace(/\/$/, '');
  const given: readonly ResourceOptions[] = options.resources ?? [{}];
  const resources = given.map(
    ({ path = '/mcp', name = 'MCP server', requiredScopes = [], identifier, ...rest }) => ({
      resource: identifier === undefined ? publicUrl + path : checkOwnUrl(identifier, 'resources'),
      path,
      name,
      requiredScopes,
      ...rest,
    }),
  );
  checkResourcePaths(resources.map(({ path }) => path));
  return {
    publicUrl,
    mount,
    resources,
    baselineScopes: options.baselineScopes ?? [BASELINE_SCOPE],
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    onEvent: options.onEvent ?? ignoreEvents,
  };
}

/** The path goes into the identifier of the resource and into addresses of metadata: what is odd there would guard another address. */
function checkResourcePaths(paths: readonly string[]): void {
  const problem = (message: string) =>
    configurationError('resources', message, 'Give each resource its own path, such as /mcp.');
  if (paths.length === 0) throw problem('The list is empty: nothing would be guarded.');
  for (const path of paths) {
    if (
      path.includes('/.well-known') ||
      !/^\/(?:[\w.~-]+(?:\/[\w.~-]+)*)?$/.test(path) ||
      /(?:^|\/)\.{1,2}(?:\/|$)/.test(path)
    )
      throw problem(`The path "${path}" is not usable.`);
  }
  if (new Set(paths).size < paths.length) throw problem('Two resources have the same path.');
}

function configurationError(setting: string, message: string, remedy: string): OperatorError {
  return new OperatorError([{ setting, source: 'options of createAuth', message, remedy }]);
}

/** The names under which requests may come: the one people type, those that clients are told, and those the operator adds. */
function openHosts(options: AuthOptions, { publicUrl, resources }: Common): HostCheck {
  const loopbackBind = options.loopbackBind ?? isLoopbackHost(new URL(publicUrl).hostname);
  const { allowedHosts = [], allowedOrigins = [], issuer } = options;
  const told = [issuer?.identifier, ...resources.map(({ resource }) => resource)];
  const ownHosts = told.flatMap((name) => (name === undefined ? [] : (parseUrl(name)?.host ?? [])));
  return checkHosts({
    publicUrl,
    loopbackBind,
    allowedHosts: [...allowedHosts, ...ownHosts],
    allowedOrigins,
  });
}

function openGates(
  options: AuthOptions,
  common: Common,
  parts: { readonly issuer?: Issuer; readonly hosts: HostCheck; readonly forwardedAllowed: boolean },
): ReadonlyMap<string, Gate> {
  const { publicUrl, mount, baselineScopes, clock, random, onEvent } = common;
  const { issuer, hosts, forwardedAllowed } = parts;
  const verifiers = [...(issuer ? [issuer.verifier] : []), ...(options.verifiers ?? [])];
  const conflicts = verifierConflicts(verifiers);
  if (conflicts.length > 0) throw new OperatorError(conflicts);
  const gates = new Map<string, Gate>();
  const { scopeMap = SAME_SCOPES } = options;
  for (const { path, name, resource, requiredScopes } of common.resources) {
    const cache = tokenCache({ clock });
    issuer?.onKeysChanged(cache.clear);
    const gate = openGate({
      resource,
      resourceName: name,
      loginCheckUrl: issuer && publicUrl + PATHS.loginCheck,
      clientsSignIn: authorizationServersOf(options, common, issuer).length > 0,
      resourceMetadataUrl: resourceMetadataUrl(resource),
      baselineScopes,
      requiredScopes,
      scopeHierarchy: options.scopeHierarchy ?? {},
      scopeMap,
      verifiers,
      cache,
      hosts,
      forwardedAllowed,
      anyone: options.anyone ? anyoneAt(resource) : undefined,
      clock,
      random,
      onEvent,
    });
    for (const spelling of [path, mount + path, `${path}/`, `${mount + path}/`]) gates.set(spelling, gate);
  }
  return gates;
}

/** Nobody in particular: has no name in any database, and no rights but those of everybody. */
function anyoneAt(resource: string): Caller {
  const identity = { issuer: 'urn:portcullis:anyone', subject: 'anyone' };
  return { identity, clientId: 'anyone', scopes: [], resource, expiresAt: Number.MAX_SAFE_INTEGER };
}

/** Whom clients are sent to for tokens, the preferred one first. */
function authorizationServersOf(
  options: AuthOptions,
  common: Common,
  issuer: Issuer | undefined,
): readonly string[] {
  // With one client for everybody, clients have to find it with us: we are the issuer they look for.
  const atOurs = options.forwardedMetadata?.publicClientId === undefined ? [] : [common.publicUrl];
  return [...(issuer ? [issuer.issuer] : []), ...atOurs, ...(options.authorizationServers ?? [])];
}

function metadataRoutes(options: AuthOptions, common: Common, issuer: Issuer | undefined): Route[] {
  const authorizationServers = authorizationServersOf(options, common, issuer);
  // Without tokens there is nothing to describe, and clients that find no description do not try to log in.
  if (options.anyone) return [];
  return common.resources.map(({ path, resource, name, documentation, scopesSupported }) => {
    const description = {
      resource,
      authorizationServers,
      scopesSupported: (scopesSupported ?? common.baselineScopes).map(
        (options.scopeMap ?? SAME_SCOPES).toProvider,
      ),
      resourceName: name,
      resourceDocumentation: documentation,
    };
    return resourceMetadataRoute(description, path, common.resources.length === 1);
  });
}

function forwardedRoutes(
  { forwardedMetadata, issuer, authorizationServers = [] }: AuthOptions,
  common: Common,
): readonly Route[] {
  if (!forwardedMetadata) return [];
  if (issuer)
    throw configurationError(
      'forwardedMetadata',
      'This is an authorization server itself: its own metadata is at that address.',
      'Remove one of the two.',
    );
  return forwardedMetadataRoutes(
    { ...forwardedMetadata, issuers: [...(forwardedMetadata.issuers ?? []), ...authorizationServers] },
    common.publicUrl,
    common.resources.map(({ path }) => path),
  );
}

/** People who sign in elsewhere may still follow a link to the check of their login: they read that there is none. */
const noLoginCheck: Route = {
  id: 'login-check',
  paths: [PATHS.loginCheck],
  methods: ['GET'],
  body: 'none',
  audience: 'person',
  cors: false,
  handle() {
    throw new Refusal('request.sign-in-elsewhere');
  },
};

/** Requests arrive with the mount path, or without it behind a proxy that strips it. */
function lookUp(index: ReadonlyMap<string, Route>, mount: string): (path: string) => Route | undefined {
  return (path) =>
    index.get(path) ??
    (mount && path.startsWith(`${mount}/`) ? index.get(path.slice(mount.length)) : undefined);
}

/** Names that clients of ours try. Others below `/.well-known/` belong to whoever serves the rest of this host. */
function isWellKnown(path: string): boolean {
  return /\/\.well-known\/(?:oauth-|openid-|jwks)/.test(path);
}
