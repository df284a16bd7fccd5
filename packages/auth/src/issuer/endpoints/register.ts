// RFC 7591 §3: a client registers itself. Nothing is stored: the id that is answered carries the registration.
import { parseJson } from '../../core/json-text.ts';
import { Refusal } from '../../core/refusal.ts';
import type { Answer, Exchange } from '../../http/route.ts';
import { parseRegistration, registrationResponse, usesSecret } from '../../protocol/client-metadata.ts';
import type { IssuerContext } from '../context/issuer-context.ts';

export async function answerRegistration(context: IssuerContext, exchange: Exchange): Promise<Answer> {
  if (!context.registrationEnabled) throw new Refusal('registration.disabled');
  const metadata = parseRegistration(parseJson(exchange.body));
  const { redirectUris, tokenEndpointAuthMethod, grantTypes, clientName, keys } = metadata;
  if (keys?.jwksUri !== undefined && !context.assertions.fetchesKeys)
    throw new Refusal('registration.keys', { member: 'jwks_uri', why: 'nothing is fetched here' });
  const registration = {
    redirectUris,
    authenticationMethod: tokenEndpointAuthMethod,
    grantTypes,
    name: clientName,
    keys,
  };
  const clientId = await context.registered.register(registration);
  const clientSecret = usesSecret(tokenEndpointAuthMethod) ? context.clientIds.secretOf(clientId) : undefined;
  context.onEvent({ type: 'client.registered', clientId, name: clientName });
  return { kind: 'json', status: 201, body: registrationResponse({ clientId, clientSecret, metadata }) };
}
