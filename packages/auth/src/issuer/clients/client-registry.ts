import { Refusal } from '../../core/refusal.ts';
import { acceptedRedirectUri, matchRedirectUri, type RedirectUri } from '../../protocol/redirect-uri.ts';
import type { Client, ClientSource } from './client.ts';
import type { ClientPolicy } from './client-policy.ts';

const MAX_CLIENT_ID_LENGTH = 1000;

/** Every way to know a client, asked in order, and what the operator allows on top. */
export function clientRegistry(sources: readonly ClientSource[], policy: ClientPolicy) {
  return {
    /** @throws Refusal `client.unknown`, or what the source says. */
    async find(clientId: string): Promise<Client> {
      if (clientId.length <= MAX_CLIENT_ID_LENGTH) {
        for (const source of sources) {
          const client = await source.find(clientId);
          if (client) return client;
        }
      }
      throw new Refusal('client.unknown', { clientId: clientId.slice(0, 200) });
    },

    /** RFC 9700 §4.1.3: what an address is that the client registered and the operator allows. @throws Refusal `client.redirect-uri`, `client.denied` */
    checkRedirectUri(client: Client, redirectUri: string): RedirectUri {
      if (!matchRedirectUri(redirectUri, client.redirectUris)) {
        throw new Refusal('client.redirect-uri', {
          seen: redirectUri.slice(0, 500),
          registered: client.redirectUris,
        });
      }
      const objection = policy.objection(client.id, redirectUri);
      if (objection) throw objection;
      return acceptedRedirectUri(redirectUri);
    },

    /** May a session of this client live on? Looked at whenever a session is. */
    isAllowed: (clientId: string, redirectUri: string) =>
      policy.objection(clientId, redirectUri) === undefined,
  };
}

export type ClientRegistry = ReturnType<typeof clientRegistry>;
