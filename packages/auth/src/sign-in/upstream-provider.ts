import type { AuthEvent, EventSink } from '../core/events.ts';
import type { Fetch } from '../core/fetch.ts';
import { Refusal } from '../core/refusal.ts';
import type { RefusalReason } from '../core/refusal-reasons.ts';
import { authorizationUrl } from '../upstream/authorization-url.ts';
import type { Claims } from '../upstream/claims.ts';
import { exchangeCode } from '../upstream/code-exchange.ts';
import { type IdentityClaimOptions, identityFromClaims, mergedClaims } from '../upstream/identity-claims.ts';
import { logoutUrl } from '../upstream/logout-url.ts';
import { openProvider } from '../upstream/open-provider.ts';
import type { Provider, ProviderTokens } from '../upstream/provider.ts';
import { type FaultKind, ProviderFault } from '../upstream/provider-fault.ts';
import { sameIssuer } from '../upstream/provider-metadata.ts';
import type { ProviderOptions, ProviderParts } from '../upstream/provider-options.ts';
import { type AskProvider, providerQuestion } from '../upstream/provider-question.ts';
import { refreshTokens } from '../upstream/refresh.ts';
import { revokeTokens } from '../upstream/revoke.ts';
import { tenantIssuers } from '../upstream/tenants.ts';
import { userinfoClaims, userinfoPerson } from '../upstream/userinfo.ts';
import type { SignedIn, SignIn, SignInFactory } from './sign-in.ts';
import type { UsernameResolver } from './username.ts';

export interface UpstreamProviderOptions extends ProviderOptions, IdentityClaimOptions {
  /** Sessions remember it, and end when no sign-in of this id is configured any more. Default: `upstream`. */
  readonly id?: string;
  /** On the chooser page: `Sign in with <title>`. Default: the host of `issuer`. */
  readonly title?: string;
  /** See `SignIn.callbackName`. Changed later, the provider refuses every sign-in until its registration is changed too. */
  readonly callbackName?: string;
  /**
   * Completes what the provider said of a person, at sign-in and never later: puts claims that it writes in its own way under their usual
   * names, or asks its API. Throws a `Refusal` to turn somebody away. Default: claims as they come.
   */
  readonly person?: PersonHook;
  /** Who a person is in the database (`usernameResolver`). Default: nobody has a database name. */
  readonly username?: UsernameResolver;
}

/** `ask` reads a JSON document of the provider with the access token of the person. */
export type PersonHook = (claims: Claims, ask: AskProvider) => Claims | Promise<Claims>;

/**
 * Signing in at an identity provider by OAuth 2 or OpenID Connect.
 * @throws OperatorError when the settings are wrong, or the provider is away and there is no copy of what it said before.
 */
export async function upstreamProvider(
  options: UpstreamProviderOptions,
  parts: ProviderParts,
): Promise<SignIn> {
  const id = options.id ?? 'upstream';
  const provider = await openProvider(options, parts);
  const issuers = options.tenants ? tenantIssuers(options.tenants) : [options.issuer];
  const report = (event: AuthEvent) => parts.onEvent?.(event);
  const failed = (fault: ProviderFault) =>
    report({
      type: 'upstream.failed',
      signIn: id,
      operation: fault.operation,
      kind: fault.kind,
      detail: fault.detail,
    });

  /** Runs a step; a fault is told to the operator and becomes the refusal that `reasons` names for its kind. */
  async function step<T>(
    reasons: Readonly<Record<FaultKind, RefusalReason>>,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ProviderFault)) throw error;
      failed(error);
      throw refusalOf(error, reasons[error.kind], id);
    }
  }

  async function revoke(tokens: ProviderTokens): Promise<void> {
    try {
      await revokeTokens(provider, tokens);
    } catch (error) {
      if (!(error instanceof ProviderFault)) throw error;
      failed(error);
    }
  }

  return {
    id,
    title: options.title ?? new URL(options.issuer).host,
    ...(options.callbackName === undefined ? {} : { callbackName: options.callbackName }),
    // An identity has the issuer as the provider writes it itself, which may end with a slash that the setting lacks.
    accepts: ({ issuer }) => issuers.some((own) => sameIssuer(issuer, own)),
    start: (request) =>
      step(SIGNING_IN, async () => ({ kind: 'redirect', ...(await authorizationUrl(provider, request)) })),
    finish: (answer, context) =>
      step(SIGNING_IN, async () => {
        const exchange = await exchangeCode(provider, answer, context);
        try {
          return await signedIn(options, provider, exchange, report);
        } catch (error) {
          // Who is turned away leaves nothing behind. A fault of the provider is another thing: its tokens end by themselves, and a
          // revocation might end sessions with them.
          if (error instanceof Refusal) await revoke(exchange.tokens);
          throw error;
        }
      }),
    refresh: (tokens) => step(REFRESHING, () => refreshTokens(provider, tokens)),
    revoke,
    logoutUrl: (request) => logoutUrl(provider, request),
  };
}

/**
 * The same, for an issuer that lends its state: the copy of what the provider says is kept there, sealed.
 * @param fetch the way out; must not follow redirects. On Node: `guardedFetch({ trust: 'operator' })`.
 */
export function upstreamSignIn(options: UpstreamProviderOptions, fetch: Fetch): SignInFactory {
  return ({ clock, random, onEvent, providerCache }) =>
    upstreamProvider(options, { fetch, clock, random, onEvent, cache: providerCache });
}

const SIGNING_IN: Readonly<Record<FaultKind, RefusalReason>> = {
  unavailable: 'sign-in.provider-unavailable',
  misconfigured: 'sign-in.provider-misconfigured',
  ended: 'sign-in.refused-by-provider',
  invalid: 'sign-in.provider-answer',
};

/** Only the provider's own word ends a session. An answer that breaks the rules is for the operator, and everybody stays logged in. */
const REFRESHING: Readonly<Record<FaultKind, RefusalReason>> = {
  unavailable: 'sign-in.provider-unavailable',
  misconfigured: 'sign-in.provider-misconfigured',
  ended: 'grant.upstream-ended',
  invalid: 'sign-in.provider-misconfigured',
};

const RETRY_AFTER_SECONDS = { unavailable: 5, misconfigured: 60 } as const;

function refusalOf(fault: ProviderFault, reason: RefusalReason, signIn: string): Refusal {
  const waiting =
    reason === 'sign-in.provider-unavailable'
      ? (fault.retryAfterSeconds ?? RETRY_AFTER_SECONDS.unavailable)
      : reason === 'sign-in.provider-misconfigured'
        ? RETRY_AFTER_SECONDS.misconfigured
        : undefined;
  return new Refusal(
    reason,
    { signIn, operation: fault.operation, kind: fault.kind, ...fault.detail },
    { retryAfterSeconds: waiting },
  );
}

async function signedIn(
  options: UpstreamProviderOptions,
  provider: Provider,
  exchange: { readonly tokens: ProviderTokens; readonly idTokenClaims?: Claims },
  report: EventSink,
): Promise<SignedIn> {
  const { issuer, subject, claims: said } = await person(provider, exchange);
  const ask = providerQuestion(provider, exchange.tokens.accessToken);
  const claims = options.person ? await completed(options.person, said, ask) : said;
  const identity = identityFromClaims(issuer, subject, claims, options);
  const tried: string[] = [];
  const resolved = options.username?.({ identity, claims }, (why) => tried.push(why));
  if (options.username && !resolved) {
    const detail = { issuer, subject, tried };
    report({ type: 'notice', message: 'Somebody signed in who has no name in the database.', detail });
  }
  return {
    identity: resolved ? { ...identity, username: resolved.username, usernameRule: resolved.rule } : identity,
    upstream: exchange.tokens,
  };
}

/** What a hook can not work with is a fault of the answer it was given. */
async function completed(hook: PersonHook, said: Claims, ask: AskProvider): Promise<Claims> {
  try {
    return await hook(said, ask);
  } catch (cause) {
    if (cause instanceof Refusal || cause instanceof ProviderFault) throw cause;
    const why = 'the answer has not the shape that was expected';
    throw new ProviderFault('misconfigured', 'userinfo', { why }, { cause });
  }
}

async function person(
  provider: Provider,
  { tokens, idTokenClaims }: { readonly tokens: ProviderTokens; readonly idTokenClaims?: Claims },
): Promise<{ readonly issuer: string; readonly subject: string; readonly claims: Claims }> {
  const { issuer } = provider.metadata();
  if (!idTokenClaims) return { issuer, ...(await userinfoPerson(provider, tokens.accessToken)) };
  const subject = String(idTokenClaims.sub);
  const userinfo = await userinfoClaims(provider, tokens.accessToken, subject);
  return {
    // Verified to be the issuer of an allowed tenant.
    issuer: provider.settings.tenants ? String(idTokenClaims.iss) : issuer,
    subject,
    claims: mergedClaims(idTokenClaims, userinfo),
  };
}
