// RFC 6749 §2.3 and §3.2.1, RFC 7521 §4.2, RFC 7523 §2.2: how a client shows at an endpoint who it is, in one way only.
import { Refusal } from '../core/refusal.ts';
import { MAX_CLIENT_ID_LENGTH } from './authorization-request.ts';
import { parseBasicCredentials } from './basic-credentials.ts';
import {
  CLIENT_ASSERTION_TYPE,
  type ClientAssertion,
  MAX_CLIENT_ASSERTION_LENGTH,
  readClientAssertion,
} from './client-assertion.ts';
import { required, single } from './form.ts';

/** What was presented; nothing is proven yet. */
export type PresentedClient =
  | { readonly method: 'none'; readonly clientId: string }
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post';
      readonly clientId: string;
      readonly clientSecret: string;
    }
  | {
      readonly method: 'private_key_jwt';
      readonly clientId: string;
      readonly assertion: ClientAssertion;
    };

/**
 * The client as it presents itself to the token, revocation or introspection endpoint; `undefined` when it does not. A `client_id` in the
 * form beside a Basic header is allowed when it says the same.
 */
export function presentedClient(
  authorizationHeader: string | null | undefined,
  form: URLSearchParams,
): PresentedClient | undefined {
  // RFC 6749 §3.1: a parameter without a value counts as left out.
  if (form.get('client_assertion') || form.get('client_assertion_type'))
    return presentedAssertion(authorizationHeader, form);
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

/** RFC 7521 §4.2: a `client_id` beside an assertion is unnecessary, and has to name the same client. */
function presentedAssertion(
  authorizationHeader: string | null | undefined,
  form: URLSearchParams,
): PresentedClient {
  if (authorizationHeader || form.get('client_secret'))
    throw new Refusal('request.two-credentials', { seen: 'client_assertion and something else' });
  const type = single(form, 'client_assertion_type');
  if (type !== CLIENT_ASSERTION_TYPE)
    throw new Refusal('client.authentication-method', {
      seen: 'client_assertion',
      type: type === undefined ? 'absent' : 'another',
    });
  const token = required(form, 'client_assertion', MAX_CLIENT_ASSERTION_LENGTH);
  const clientId = single(form, 'client_id', MAX_CLIENT_ID_LENGTH);
  const assertion = readClientAssertion(token);
  if (clientId !== undefined && clientId !== assertion.clientId)
    throw new Refusal('client.assertion', {
      why: 'client_id names another client',
      clientId,
      sub: assertion.clientId,
    });
  return { method: 'private_key_jwt', clientId: assertion.clientId, assertion };
}
