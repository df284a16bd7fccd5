// RFC 6749 §2.3.1 and §3.2.1, OAuth 2.1 §2.4: the client of a request to the token, revocation or introspection endpoint, proven.
import { Refusal } from '../../core/refusal.ts';
import type { HeaderReader } from '../../core/web-request.ts';
import { presentedClient } from '../../protocol/client-authentication.ts';
import type { Client } from './client.ts';
import type { ClientRegistry } from './client-registry.ts';

/**
 * Both ways of sending a secret are taken from a confidential client, whichever it registered: clients mix them up, and the secret is the
 * same. A public client that sends one needlessly proves nothing by it, and loses nothing. @throws Refusal `client.*`
 */
export async function authenticateClient(
  registry: ClientRegistry,
  headers: HeaderReader,
  form: URLSearchParams,
): Promise<Client> {
  const presented = presentedClient(headers.get('authorization'), form);
  if (!presented) throw new Refusal('request.missing-parameter', { parameter: 'client_id' });
  const client = await registry.find(presented.clientId);
  if (client.authenticationMethod === 'none') return client;
  const secret = presented.method === 'none' ? undefined : presented.clientSecret;
  if (secret === undefined || !client.hasSecret(secret)) {
    throw new Refusal('client.authentication-failed', {
      clientId: client.id,
      secret: secret === undefined ? 'absent' : 'wrong',
    });
  }
  return client;
}
