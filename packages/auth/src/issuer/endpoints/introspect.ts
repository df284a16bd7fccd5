// RFC 7662 §2: what is known of a token, for those who may ask: configured resource servers, or the client it was issued to.
import { equalText } from '../../core/encoding.ts';
import { Refusal } from '../../core/refusal.ts';
import type { Answer, Exchange } from '../../http/route.ts';
import { presentedClient } from '../../protocol/client-authentication.ts';
import { parseForm } from '../../protocol/form.ts';
import { INACTIVE, introspectionResponse } from '../../protocol/introspection.ts';
import { parseTokenQuestion } from '../../protocol/revocation.ts';
import { readForAny } from '../../verify/own-token.ts';
import { authenticateClient } from '../clients/client-authentication.ts';
import { type IssuerContext, namesAt, resourceIds } from '../context/issuer-context.ts';
import { PATHS } from '../context/paths.ts';

export async function answerIntrospection(context: IssuerContext, exchange: Exchange): Promise<Answer> {
  const form = parseForm(exchange.body);
  const { token } = parseTokenQuestion(form);
  const mayAskAbout = await asker(context, exchange, form);
  try {
    const claims = await readForAny(context.accessTokens, token, resourceIds(context));
    if (!mayAskAbout(claims.clientId)) return inactive();
    const caller = await context.accessTokens.admit(claims);
    return {
      kind: 'json',
      status: 200,
      body: introspectionResponse({ ...claims, username: caller.identity.username }),
    };
  } catch (error) {
    if (error instanceof Refusal && error.reason.startsWith('token.')) return inactive();
    throw error;
  }
}

function inactive(): Answer {
  return { kind: 'json', status: 200, body: INACTIVE };
}

/** About the tokens of which client this asker may ask. */
async function asker(
  context: IssuerContext,
  exchange: Exchange,
  form: URLSearchParams,
): Promise<(clientId: string) => boolean> {
  const presented = presentedClient(exchange.headers.get('authorization'), form);
  if (!presented) throw new Refusal('client.authentication-failed', { why: 'no credentials' });
  const server = context.introspectionClients.find(({ id }) => id === presented.clientId);
  if (!server) {
    const client = await authenticateClient(context, {
      headers: exchange.headers,
      form,
      ours: namesAt(context, PATHS.introspect),
      address: exchange.address,
    });
    return (clientId) => clientId === client.id;
  }
  const secret = 'clientSecret' in presented ? presented.clientSecret : undefined;
  if (secret === undefined || !equalText(secret, server.secret)) {
    throw new Refusal('client.authentication-failed', { clientId: presented.clientId });
  }
  return () => true;
}
