// RFC 6749 §2.3.1 and §3.2.1, RFC 7521 §4.2, OAuth 2.1 §2.4: the client of a request to the token, revocation or introspection endpoint, proven.
import { Refusal } from '../../core/refusal.ts';
import type { HeaderReader } from '../../core/web-request.ts';
import { type PresentedClient, presentedClient } from '../../protocol/client-authentication.ts';
import type { Client } from './client.ts';
import type { ClientAssertions } from './client-assertion.ts';
import type { ClientRegistry } from './client-registry.ts';

/** What it takes to know who asks. */
export interface AuthenticationContext {
  readonly clients: ClientRegistry;
  readonly assertions: ClientAssertions;
}

export interface ClientRequest {
  readonly headers: HeaderReader;
  readonly form: URLSearchParams;
  /** Our names at the endpoint that was asked: an assertion has to be made for one of them. */
  readonly ours: readonly string[];
  /** Address of the client, as far as trusted proxies tell. */
  readonly address: string | undefined;
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
    const { ours, address } = request;
    await context.assertions.verify(presented.assertion, client.keys, { ours, kind: client.kind, address });
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
