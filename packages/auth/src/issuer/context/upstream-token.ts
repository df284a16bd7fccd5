import { type Caller, personKey } from '../../core/identity.ts';
import { Refusal } from '../../core/refusal.ts';
import type { UpstreamToken } from '../../core/upstream-token.ts';
import type { ProviderTokens } from '../../upstream/provider.ts';
import type { IssuerContext } from './issuer-context.ts';

/**
 * The access token of the provider that a caller signed in at, good for a while yet. `undefined`: the caller came by a token of somebody
 * else, or nobody signed in at a provider.
 * @throws Refusal `token.session-ended` (401) when the session is over, or the provider said that it is; 503 when nobody can tell now
 */
export async function upstreamTokenOf(
  { sessions, upstream }: Pick<IssuerContext, 'sessions' | 'upstream'>,
  caller: Caller,
): Promise<UpstreamToken | undefined> {
  const { sessionId } = caller;
  if (sessionId === undefined) return undefined;
  const found = await sessions.hold(sessionId);
  if (typeof found === 'string') throw ended({ session: sessionId, why: found });
  const { session } = found;
  if (session.clientId !== caller.clientId || personKey(session.identity) !== personKey(caller.identity)) {
    throw new Refusal('token.claims', { session: sessionId, why: 'the session is somebody else’s' });
  }
  try {
    const tokens = await upstream.tokens(session);
    return tokens && withoutShowing(tokens);
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'grant.upstream-ended') throw error;
    throw ended({ ...error.detail, session: sessionId }, error);
  }
}

function ended(detail: Readonly<Record<string, unknown>>, cause?: unknown): Refusal {
  return new Refusal('token.session-ended', detail, { cause });
}

/** What is printed, written as JSON or copied has no token in it: only who asks for it by name gets it. */
function withoutShowing({ accessToken, expiresAt, scope }: ProviderTokens): UpstreamToken {
  return Object.defineProperty({ expiresAt, scope }, 'accessToken', { value: accessToken }) as UpstreamToken;
}
