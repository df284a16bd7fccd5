import { type Clock, nowSeconds, systemClock } from '../core/clock.ts';
import { sha256Text } from '../core/encoding.ts';
import type { Caller, Identity } from '../core/identity.ts';
import { OperatorError, type Problem } from '../core/operator-error.ts';
import { Refusal } from '../core/refusal.ts';
import { isLoopbackHost, parseUrl } from '../core/url.ts';
import { isScopeToken } from '../protocol/scope.ts';
import { problemList } from './jwt-options.ts';
import type { Verifier } from './verifier.ts';

export const STATIC_TOKENS_ISSUER = 'urn:portcullis:static-tokens';

/** The person and client that one token stands for. */
export interface StaticToken extends Omit<Identity, 'issuer'> {
  readonly clientId: string;
  /** Default: none. */
  readonly scopes?: readonly string[];
  /** Seconds since 1970. Default: never. */
  readonly expiresAt?: number;
}

export interface StaticTokenOptions {
  /** Token → whom it stands for. Written down somewhere, these tokens are passwords without an owner: for development alone. */
  readonly tokens: Readonly<Record<string, StaticToken>>;
  /** The URL people reach this server at. It has to be on this machine. */
  readonly publicUrl: string;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** How the settings above are called for the operator: `<settingPrefix>.tokens`. Default: `verifier`. */
  readonly settingPrefix?: string;
}

/** Where a token without end ends: no cache keeps it longer, and nobody needs it longer. */
const MAX_LIFETIME_SECONDS = 86_400;
const MAX_TOKENS = 1000;

/**
 * Tokens that are written into the settings, for development on one's own machine. They are kept and compared as hashes.
 * @throws OperatorError for a server that others can reach, and for tokens that no client could send
 */
export function staticTokenVerifier(options: StaticTokenOptions): Verifier {
  const problems = staticTokenProblems(options);
  if (problems.length > 0) throw new OperatorError(problems);
  const { clock = systemClock } = options;
  const known = new Map(Object.entries(options.tokens).map(([token, who]) => [sha256Text(token), who]));
  return {
    name: 'static tokens',
    local: true,
    recognizes: (token) => known.has(sha256Text(token)),
    async verify(token, resource) {
      const who = known.get(sha256Text(token));
      if (!who) throw new Refusal('token.unknown', { why: 'it is none of the static tokens' });
      const now = nowSeconds(clock);
      const expiresAt = who.expiresAt ?? now + MAX_LIFETIME_SECONDS;
      if (expiresAt <= now) throw new Refusal('token.expired', { expiresAt, now });
      const caller = callerOf(who, resource, expiresAt);
      return { expiresAt, admit: () => caller };
    },
  };
}

function callerOf(who: StaticToken, resource: string, expiresAt: number): Caller {
  const { clientId, scopes = [], expiresAt: _end, ...person } = who;
  return { identity: { ...person, issuer: STATIC_TOKENS_ISSUER }, clientId, scopes, resource, expiresAt };
}

/** Why static tokens can not be used so; nothing of a token is in it. */
export function staticTokenProblems(
  options: Pick<StaticTokenOptions, 'tokens' | 'publicUrl' | 'settingPrefix'>,
): readonly Problem[] {
  const problems: Problem[] = [];
  const add = problemList(options.settingPrefix, problems);
  const url = parseUrl(options.publicUrl);
  if (!url || !isLoopbackHost(url.hostname))
    add(
      'tokens',
      'Static tokens are for development, and others can reach this server.',
      'Use an identity provider, or a public URL on this machine, such as http://localhost:8000.',
    );
  const entries = Object.entries(options.tokens);
  if (entries.length === 0)
    add('tokens', 'There is none: nobody could come in.', 'Add one, or remove the setting.');
  if (entries.length > MAX_TOKENS)
    add('tokens', `There are more than ${MAX_TOKENS}.`, 'Use an identity provider.');
  entries.forEach(([token, who], at) => {
    const name = `tokens.${at + 1}`;
    if (token.length > 1000 || !/^[A-Za-z0-9\-._~+/]+=*$/.test(token))
      add(name, 'It can not be sent in a header.', 'Use letters, digits and - . _ ~ + / only.');
    if (who.subject === '' || who.clientId === '')
      add(name, 'It names no subject or no client.', 'Set subject and clientId.');
    if (who.scopes?.some((scope) => !isScopeToken(scope)))
      add(name, 'A scope has a character that none may have.', 'Give a list, one scope an entry.');
  });
  return problems;
}
