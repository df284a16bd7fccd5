// RFC 6749 §2.3.1 and §3.2.1, RFC 7521 §4.2, OAuth 2.1 §2.4: the client of a request to the token, revocation or introspection endpoint, proven.
import { Refusal } from '../../core/refusal.ts';
import type { HeaderReader } from '../../core/web-request.ts';
import { type PresentedClient, presentedClient } from '../../protocol/client-authentication.ts';
import { endpointUrl, type IssuerContext } from '../context/issuer-context.ts';
import { PATHS } from '../context/paths.ts';
import type { Client } from './client.ts';

/** What it takes to know who asks. */
export type AuthenticationContext = Pick<IssuerContext, 'issuer' | 'clients' | 'assertions'>;

export interface ClientRequest {
  readonly headers: HeaderReader;
  readonly form: URLSearchParams;
  /** The endpoint that was asked, as a path of `PATHS`: one of the names that an assertion may be made for. */
  readonly endpoint: string;
}

/**
 * Both ways of sending a secret are taken from a client that has one, whichever it registered: clients mix them up, and the secret is the
 * same. A public client that sends one needlessly proves nothing by it, and loses nothing. A client that registered keys signs, always.
 * @throws Refusal `client.*`
 */
export async function authenticateClient(
  context: AuthenticationContext,
  request: ClientRequest,
): Promise<Client> {
  const presented = presentedClient(request.headers.get('authorization'), request.form);
  if (!presented) throw new Refusal('request.missing-parameter', { parameter: 'client_id' });
  const client = await context.clients.find(presented.clientId);
  if (presented.method === 'private_key_jwt') {
    if (!client.keys)
      throw new Refusal('client.authentication-method', { clientId: client.id, seen: 'client_assertion' });
    await context.assertions.verify(presented.assertion, client.keys, ourNames(context, request.endpoint));
    return client;
  }
  if (client.authenticationMethod === 'none') return client;
  if (client.authenticationMethod === 'private_key_jwt')
    throw new Refusal('client.authentication-failed', { clientId: client.id, assertion: 'absent' });
  checkSecret(client, presented);
  return client;
}

function checkSecret(
  client: Client,
  presented: Exclude<PresentedClient, { method: 'private_key_jwt' }>,
): void {
  const secret = presented.method === 'none' ? undefined : presented.clientSecret;
  if (secret === undefined || !client.hasSecret(secret)) {
    throw new Refusal('client.authentication-failed', {
      clientId: client.id,
      secret: secret === undefined ? 'absent' : 'wrong',
    });
  }
}

/** RFC 7523 §3, point 3: our issuer, the token endpoint, and the endpoint that was asked, each as our metadata write it. */
function ourNames(context: AuthenticationContext, endpoint: string): readonly string[] {
  return [...new Set([context.issuer, endpointUrl(context, PATHS.token), endpointUrl(context, endpoint)])];
}
