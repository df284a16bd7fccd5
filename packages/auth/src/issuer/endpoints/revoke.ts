// RFC 7009 §2: a client gives back a token. A refresh token ends its session; an access token ends alone.
import { Refusal } from '../../core/refusal.ts';
import type { Answer, Exchange } from '../../http/route.ts';
import { parseForm } from '../../protocol/form.ts';
import { parseTokenQuestion } from '../../protocol/revocation.ts';
import { isRefreshTokenOf, parseRefreshToken } from '../../sessions/refresh-token.ts';
import { readForAny } from '../../verify/own-token.ts';
import { authenticateClient } from '../clients/client-authentication.ts';
import { type IssuerContext, namesAt, resourceIds } from '../context/issuer-context.ts';
import { PATHS } from '../context/paths.ts';

/** §2.2: the answer is 200 also for a token that is unknown, ended, or another client's: it says nothing about it. */
export async function answerRevocation(context: IssuerContext, exchange: Exchange): Promise<Answer> {
  const form = parseForm(exchange.body);
  const { token } = parseTokenQuestion(form);
  const client = await authenticateClient(context, {
    headers: exchange.headers,
    form,
    ours: namesAt(context, PATHS.revoke),
    address: exchange.address,
  });
  const parts = parseRefreshToken(token);
  if (parts) {
    const found = await context.sessions.hold(parts.sessionId);
    if (typeof found !== 'string' && found.session.clientId === client.id) {
      const { id, secret } = found.session;
      if (isRefreshTokenOf({ sessionId: id, secret, issuer: context.issuer }, parts)) {
        await context.sessions.end(id, 'revoked');
      }
    }
    return { kind: 'empty', status: 200 };
  }
  const claims = await readForAny(context.accessTokens, token, resourceIds(context)).catch(ignoreBadToken);
  if (claims && claims.clientId === client.id) {
    await context.sessions.revokeAccessToken(claims.sessionId, claims.tokenId, claims.expiresAt);
  }
  return { kind: 'empty', status: 200 };
}

function ignoreBadToken(error: unknown): undefined {
  if (error instanceof Refusal && error.reason.startsWith('token.')) return undefined;
  throw error;
}
