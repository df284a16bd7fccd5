// A provider that enforces what its documentation says, on a port of this machine.
import { randomBytes } from 'node:crypto';
import { authorizationEndpoint } from './authorization.ts';
import { bearerError, errorBody, Refusal } from './faults.ts';
import {
  type Answer,
  type Asked,
  type Handler,
  type LocalServer,
  type Route,
  startServer,
} from './http-server.ts';
import type { Endpoints, Exchange, Grant, Here, Person, Rules, StandInOptions, Token } from './rules.ts';
import { type Claims, makeSigningKeys, type SigningKeys } from './signing-keys.ts';
import { authenticatedClient, type Code, tokenEndpoint } from './token-endpoint.ts';

export const DEFAULT_REDIRECT_URI = 'http://127.0.0.1:4000/auth/callback';

export interface StandIn<P extends Person> extends LocalServer {
  readonly people: readonly P[];
  /** Where applications of the console may be sent back to; tests add theirs. */
  readonly redirectUris: string[];
  readonly keys: SigningKeys;
  readonly tokens: ReadonlyMap<string, Token<P>>;
  /** A real address as it is called here. */
  place(realUrl: string): string;
  /** Where a request for a real address goes; other addresses are left as they are. */
  reach(url: string): string;
  /** Ends everything a person has, as an administrator would. */
  endSessions(login: string): void;
}

/** Rules are made for the stand-in they belong to, because claims and metadata name its addresses. */
export async function startStandIn<P extends Person>(
  rulesFor: (here: Here<P>, redirectUris: string[]) => Rules<P>,
  signing: { readonly alg: string; readonly keyUses?: readonly string[] },
  options: StandInOptions = {},
): Promise<StandIn<P>> {
  const nowSeconds = options.nowSeconds ?? (() => Math.floor(Date.now() / 1000));
  const keys = await makeSigningKeys(signing.alg, signing.keyUses);
  const redirectUris = [...(options.redirectUris ?? [DEFAULT_REDIRECT_URI])];
  const codes = new Map<string, Code<P>>();
  const tokens = new Map<string, Token<P>>();
  let origin = '';
  const moved = (url: string) => {
    const host = rules.hosts.find(
      (one) => url === one || url.startsWith(`${one}/`) || url.startsWith(`${one}?`),
    );
    return host === undefined ? url : `${origin}${url.slice(host.length)}`;
  };
  const place = options.addresses === 'real' ? (url: string) => url : moved;
  const bearer = (asked: Asked) => bearerOf(asked, tokens, nowSeconds());
  const rules = rulesFor({ place, nowSeconds, keys, tokens, bearer }, redirectUris);
  const newValue = (kind: 'code' | 'refresh') =>
    rules.newToken?.(kind) ?? randomBytes(32).toString('base64url');

  const issuer = {
    nowSeconds,
    codes,
    tokens,
    newRefreshToken: () => newValue('refresh'),
    keep(kind: 'access' | 'refresh', value: string, { grant, scopes }: Exchange<P>) {
      const seconds = kind === 'access' ? rules.facts.accessTokenSeconds : Number.POSITIVE_INFINITY;
      tokens.set(value, {
        value,
        kind,
        grant,
        scopes,
        expiresAtSeconds: nowSeconds() + seconds,
        ended: false,
      });
    },
  };
  const ledger = {
    place,
    nowSeconds,
    consents: new Set<string>(),
    newCode(grant: Grant<P>) {
      const code = newValue('code');
      codes.set(code, { grant, expiresAtSeconds: nowSeconds() + rules.facts.codeSeconds, used: false });
      return code;
    },
  };
  const handlers = {
    authorize: authorizationEndpoint(rules, ledger),
    token: tokenEndpoint(rules, issuer),
    userinfo: (asked: Asked) => ({ body: rules.userinfo!(bearer(asked), asked) }),
    introspect: (asked: Asked) => introspection(rules, tokens, asked, nowSeconds()),
    revoke: (asked: Asked) => revocation(rules, tokens, asked),
    jwks: (asked: Asked) => ({ body: rules.jwks?.(asked) ?? keys.jwks }),
    metadata: (asked: Asked) => ({ body: placed(rules.metadata!(asked), place) }),
  };
  const server = await startServer(
    [...endpointRoutes(rules.endpoints, handlers), ...(rules.routes ?? [])],
    (error, asked) => {
      if (!(error instanceof Refusal)) throw error;
      const fact = error.fact(rules.facts.faults);
      if (rules.errorAnswer) return rules.errorAnswer(fact, asked);
      if (fact.where === 'page')
        return page(`${fact.error}: ${fact.description ?? error.detail}`, fact.status);
      return /^token/.test(String(error.fault)) ? bearerError(fact) : errorBody(fact);
    },
    options.certificate,
  );
  origin = server.origin;
  return {
    ...server,
    people: rules.people,
    redirectUris,
    keys,
    tokens,
    place,
    reach: moved,
    async close() {
      await server.close();
      keys.release();
    },
    endSessions(login) {
      for (const { grant } of tokens.values()) if (grant.person.login === login) grant.ended = true;
    },
  };
}

/** Text of a request stands on the pages of some providers; it must not become markup. */
export function page(text: string, status: number): Answer {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return { status, body: `<!doctype html><title>Error</title><p>${safe}</p>` };
}

const METHODS: Readonly<Record<keyof Endpoints, readonly string[]>> = {
  authorize: ['GET', 'POST'],
  token: ['POST'],
  userinfo: ['GET', 'POST'],
  introspect: ['POST'],
  revoke: ['POST'],
  jwks: ['GET'],
  metadata: ['GET'],
};

function endpointRoutes(endpoints: Endpoints, handlers: Readonly<Record<keyof Endpoints, Handler>>): Route[] {
  return (Object.keys(METHODS) as (keyof Endpoints)[]).flatMap((name) =>
    (endpoints[name] ?? []).flatMap((url) =>
      METHODS[name].map((method) => ({ method, path: pathOf(url), handle: handlers[name] })),
    ),
  );
}

/** `URL` would encode the braces of a template. */
function pathOf(url: string): string {
  return url.replace(/^https:\/\/[^/]+/, '') || '/';
}

/** RFC 6750 §2.1. */
function bearerOf<P extends Person>(
  asked: Asked,
  tokens: ReadonlyMap<string, Token<P>>,
  now: number,
): Token<P> {
  const value = /^Bearer (.+)$/i.exec(asked.headers.authorization ?? '')?.[1];
  if (value === undefined) throw new Refusal('token-missing');
  const token = tokens.get(value);
  if (token?.kind !== 'access' || !isLive(token, now)) throw new Refusal('token');
  return token;
}

export function isLive<P extends Person>(token: Token<P>, now: number): boolean {
  return !token.ended && !token.grant.ended && now < token.expiresAtSeconds;
}

/** RFC 7662 §2: a client of the provider asks; what is not live is only that. */
function introspection<P extends Person>(
  rules: Rules<P>,
  tokens: ReadonlyMap<string, Token<P>>,
  asked: Asked,
  now: number,
): Answer {
  authenticatedClient(rules, asked);
  const token = tokens.get(asked.form.get('token') ?? '');
  if (!token || !isLive(token, now)) return { body: { active: false } };
  return { body: { active: true, ...rules.introspection!(token) } };
}

/** RFC 7009 §2.2: a token that is not there is no error. With a refresh token, everything issued on its grant ends. */
function revocation<P extends Person>(
  rules: Rules<P>,
  tokens: ReadonlyMap<string, Token<P>>,
  asked: Asked,
): Answer {
  const client = authenticatedClient(rules, asked);
  const value = asked.form.get('token');
  if (!value) throw new Refusal({ status: 400, error: 'invalid_request' });
  const known = tokens.get(value);
  const token = known?.grant.client === client ? known : undefined;
  rules.checkRevocation?.(asked, token);
  if (token) {
    if (!rules.facts.revocable.includes(token.kind)) {
      throw new Refusal({ status: 400, error: 'unsupported_token_type' });
    }
    token.ended = true;
    if (token.kind === 'refresh') token.grant.ended = true;
  }
  return { status: 200, body: '' };
}

function placed(value: unknown, place: (url: string) => string): Claims {
  const inside = (one: unknown): unknown => {
    if (typeof one === 'string') return place(one);
    if (Array.isArray(one)) return one.map(inside);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, part]) => [name, inside(part)]));
  };
  return inside(value) as Claims;
}
