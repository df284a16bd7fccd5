import type { FaultFact, FaultFacts } from './faults.ts';
import type { Answer, Asked, Certificate, Route } from './http-server.ts';
import type { Claims, SigningKeys } from './signing-keys.ts';

/** An application that is registered at the provider. Without a secret it is public. */
export interface Client {
  readonly id: string;
  readonly secret?: string;
  /** The one way that its secret is taken. Default: any that the provider takes. */
  readonly authentication?: 'basic' | 'post';
  /** As entered in the console; tests add theirs. */
  readonly redirectUris: string[];
}

/** Somebody who can sign in, by what they type on the login page. */
export interface Person {
  readonly login: string;
  readonly sub: string;
}

/** What is only a value or a yes or no in the provider's documentation. */
export interface Facts {
  /** How tokens are signed. */
  readonly alg: string;
  /** Separate keys, when the provider uses several; the first is the default. */
  readonly keyUses?: readonly string[];
  readonly codeSeconds: number;
  readonly accessTokenSeconds: number;
  /** RFC 7636 §4.3: the transformations that are taken. */
  readonly challengeMethods: readonly string[];
  /** What a challenge without a method means; absent: it is refused. */
  readonly challengeMethodDefault?: string;
  readonly challengeRequired: 'always' | 'of public clients' | 'never';
  /** Parameters that a request can not do without, beside `client_id`, `redirect_uri` and `response_type`. */
  readonly requiredParameters: readonly string[];
  readonly redirectUriRequired: boolean;
  readonly clientAuthentication: readonly ('basic' | 'post')[];
  /** Is there a new refresh token with every refresh, and what becomes of the old one? */
  readonly rotation: 'none' | 'old one stays' | 'old one ends' | 'reuse ends all';
  /** RFC 7009: which tokens the revocation endpoint takes. */
  readonly revocable: readonly ('access' | 'refresh')[];
  /** RFC 9207. */
  readonly issuerInResponse: boolean;
  readonly faults: FaultFacts;
}

/** Real addresses, as the provider documents them; `{name}` stands for one segment. Several where it has several. */
export interface Endpoints {
  readonly authorize: readonly string[];
  readonly token: readonly string[];
  readonly userinfo?: readonly string[];
  readonly introspect?: readonly string[];
  readonly revoke?: readonly string[];
  readonly jwks?: readonly string[];
  readonly metadata?: readonly string[];
}

export interface AuthorizationRequest {
  readonly client: Client;
  readonly parameters: URLSearchParams;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly asked: Asked;
}

export interface Grant<P extends Person> {
  readonly request: AuthorizationRequest;
  readonly client: Client;
  readonly person: P;
  readonly authTimeSeconds: number;
  /** Has this person agreed to this client before? */
  readonly consentedBefore: boolean;
  ended: boolean;
}

/** A request for tokens whose code or refresh token is good. */
export interface Exchange<P extends Person> {
  readonly grant: Grant<P>;
  readonly client: Client;
  readonly person: P;
  readonly scopes: readonly string[];
  readonly form: URLSearchParams;
  readonly asked: Asked;
  readonly refreshing: boolean;
}

export interface Token<P extends Person> {
  readonly value: string;
  readonly kind: 'access' | 'refresh';
  readonly grant: Grant<P>;
  readonly scopes: readonly string[];
  readonly expiresAtSeconds: number;
  ended: boolean;
}

/** What rules may use of the stand-in they belong to. */
export interface Here<P extends Person> {
  /** A real address as it is called here. */
  place(realUrl: string): string;
  nowSeconds(): number;
  readonly keys: SigningKeys;
  /** A live access token, or a refusal. */
  bearer(asked: Asked): Token<P>;
  readonly tokens: ReadonlyMap<string, Token<P>>;
}

/** Everything a provider does in its own way. Members that are left out are as the specifications have them. */
export interface Rules<P extends Person> {
  /** Real origins that this stand-in answers for. */
  readonly hosts: readonly string[];
  readonly facts: Facts;
  readonly endpoints: Endpoints;
  readonly clients: readonly Client[];
  readonly people: readonly P[];
  /** Real issuer, for RFC 9207. */
  readonly issuer?: string;
  matchesRedirect?(registered: string, given: string): boolean;
  /** Throws a `Refusal`. */
  checkAuthorization?(request: AuthorizationRequest): void;
  /** After the login page; throws a `Refusal`. */
  checkPerson?(request: AuthorizationRequest, person: P): void;
  /** Throws a `Refusal`. */
  checkExchange?(exchange: Exchange<P>): void;
  grantedScopes?(request: AuthorizationRequest, person: P): readonly string[];
  /** Which scopes the tokens of one exchange are for; may refuse. Default: what was granted, or asked for of it. */
  exchangedScopes?(exchange: Exchange<P>): readonly string[];
  accessToken(exchange: Exchange<P>): Promise<string> | string | undefined;
  /** `undefined`: no ID token. */
  idToken?(exchange: Exchange<P>, accessToken?: string): Promise<string> | undefined;
  wantsRefreshToken(exchange: Exchange<P>): boolean;
  newToken?(kind: 'code' | 'refresh'): string;
  tokenAnswer?(body: Record<string, unknown>, exchange: Exchange<P>): Answer;
  userinfo?(token: Token<P>, asked: Asked): Claims;
  introspection?(token: Token<P>): Claims;
  /** What more there is to a revocation: of the client, or of what ends. Throws a `Refusal`. */
  checkRevocation?(asked: Asked, token: Token<P> | undefined): void;
  errorAnswer?(fact: FaultFact, asked: Asked): Answer;
  metadata?(asked: Asked): Claims;
  jwks?(asked: Asked): Claims;
  readonly routes?: readonly Route[];
}

export interface StandInOptions {
  /** Registered redirect addresses. Default: `http://127.0.0.1:4000/auth/callback`. */
  readonly redirectUris?: readonly string[];
  /** The time of the stand-in. Default: that of the machine. */
  readonly nowSeconds?: () => number;
  /**
   * `local`: every address that the stand-in utters, issuers included, has its own origin. `real`: it utters the real ones, for a caller that
   * routes the real hosts here with `reach`. Default `local`.
   */
  readonly addresses?: 'local' | 'real';
  /** Serves HTTPS. Default: plain HTTP. */
  readonly certificate?: Certificate;
}
