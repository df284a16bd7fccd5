// RFC 6749 §2.3 and §3.2.1: how a client shows at an endpoint who it is, in one way only.
import { Refusal } from '../core/refusal.ts';
import { MAX_CLIENT_ID_LENGTH } from './authorization-request.ts';
import { parseBasicCredentials } from './basic-credentials.ts';
import type { TokenEndpointAuthMethod } from './client-metadata.ts';
import { single } from './form.ts';

/** What was presented; nothing is proven yet. */
export type PresentedClient =
  | { readonly method: 'none'; readonly clientId: string }
  | {
      readonly method: Exclude<TokenEndpointAuthMethod, 'none'>;
      readonly clientId: string;
      readonly clientSecret: string;
    };

/**
 * The client as it presents itself to the token, revocation or introspection endpoint; `undefined` when it does not. A `client_id` in the
 * form beside a Basic header is allowed when it says the same.
 */
export function presentedClient(
  authorizationHeader: string | null | undefined,
  form: URLSearchParams,
): PresentedClient | undefined {
  if (form.has('client_assertion') || form.has('client_assertion_type'))
    throw new Refusal('client.authentication-method', { seen: 'client_assertion' });
  const basic = parseBasicCredentials(authorizationHeader);
  if (!basic && authorizationHeader)
    throw new Refusal('client.authentication-method', { seen: 'another scheme' });
  const clientId = single(form, 'client_id', MAX_CLIENT_ID_LENGTH);
  const clientSecret = single(form, 'client_secret');
  if (basic) {
    if (clientSecret !== undefined || (clientId !== undefined && clientId !== basic.clientId))
      throw new Refusal('request.two-credentials', { seen: 'Basic header and form' });
    // Some libraries send an empty password for a client that has no secret.
    if (basic.clientSecret === '') return { method: 'none', clientId: basic.clientId };
    return { method: 'client_secret_basic', ...basic };
  }
  if (clientId === undefined) {
    if (clientSecret !== undefined)
      throw new Refusal('request.missing-parameter', { parameter: 'client_id' });
    return undefined;
  }
  return clientSecret === undefined
    ? { method: 'none', clientId }
    : { method: 'client_secret_post', clientId, clientSecret };
}
