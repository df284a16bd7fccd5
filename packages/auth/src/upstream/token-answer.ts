// RFC 6749 §5.1: a successful answer of a token endpoint, as we keep it.
import type * as oauth from 'oauth4webapi';
import { nowSeconds } from '../core/clock.ts';
import { isObject, parseJson } from '../core/json-text.ts';
import type { Provider, ProviderTokens } from './provider.ts';
import { type ProviderAnswer, ProviderFault, type ProviderOperation } from './provider-fault.ts';

/** Ten years: what is longer is a mistake, and would not fit a date. */
const MAX_LIFETIME_SECONDS = 10 * 365 * 86_400;

/** The members of the answer. Throws `ProviderFault` `misconfigured` for anything but a JSON object, such as the page of a proxy. */
export function tokenAnswerBody(
  operation: ProviderOperation,
  answer: ProviderAnswer,
): Readonly<Record<string, unknown>> {
  const body = parseJson(answer.text);
  if (isObject(body)) return body;
  throw new ProviderFault('misconfigured', operation, {
    why: 'the answer is no JSON object',
    status: answer.status,
    contentType: answer.contentType.slice(0, 100),
  });
}

/** What is read of an answer. Whatever else came is not looked at, and can not be in the way. */
const MEMBERS = ['access_token', 'token_type', 'expires_in', 'refresh_token', 'scope', 'id_token'] as const;

/** For `oauth4webapi`, which reads a `Response`. */
export function jsonResponse(body: Readonly<Record<string, unknown>>): Response {
  const read = Object.fromEntries(MEMBERS.map((name) => [name, body[name]]));
  return new Response(JSON.stringify(read), { headers: { 'content-type': 'application/json' } });
}

export function providerTokens(
  result: oauth.TokenEndpointResponse,
  { clock, settings }: Pick<Provider, 'clock' | 'settings'>,
  before?: ProviderTokens,
): ProviderTokens {
  const lifetime = result.expires_in ?? settings.tokenLifetimeSeconds;
  const refreshToken = result.refresh_token ?? before?.refreshToken;
  const idToken = result.id_token ?? before?.idToken;
  const scope = result.scope ?? before?.scope;
  return {
    accessToken: result.access_token,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(idToken === undefined ? {} : { idToken }),
    ...(lifetime === undefined
      ? {}
      : { expiresAt: nowSeconds(clock) + Math.floor(Math.min(lifetime, MAX_LIFETIME_SECONDS)) }),
    ...(scope === undefined ? {} : { scope }),
  };
}
