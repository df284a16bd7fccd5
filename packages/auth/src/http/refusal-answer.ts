// RFC 6749 §5.2: what a refusal looks like on the wire.

import type { Refusal } from '../core/refusal.ts';
import { REFUSALS, type RefusalReason } from '../core/refusal-reasons.ts';
import { errorPage } from '../pages/error-page.ts';
import { whatToDo } from './remedies.ts';
import type { Answer } from './route.ts';

/** JSON for a program: the standard code, a text, and the incident id that the log has too. */
export function refusalAsJson(refusal: Refusal, incident: string): Answer {
  const { status, error, description } = REFUSALS[refusal.reason];
  const body = { error, error_description: `${description} (incident ${incident})` };
  return { kind: 'json', status, body, headers: { 'x-incident-id': incident, ...extraHeaders(refusal) } };
}

/** A page for a person: what happened, and what to do next. */
export function refusalAsPage(
  refusal: Refusal,
  incident: string,
): Extract<Answer, { readonly kind: 'page' }> {
  const { description } = REFUSALS[refusal.reason];
  // 401 asks for credentials, which a browser would ask the person for. Here nobody can give any.
  const status = REFUSALS[refusal.reason].status === 401 ? 400 : REFUSALS[refusal.reason].status;
  const title = titleOf(refusal.reason, status);
  const { 'www-authenticate': _, ...headers } = extraHeaders(refusal);
  return {
    kind: 'page',
    page: errorPage({ status, title, message: description, whatToDo: whatToDo(refusal), incident }),
    headers: { 'x-incident-id': incident, ...headers },
  };
}

/** `Retry-After` (RFC 9110 §10.2.3) where trying again helps, `WWW-Authenticate` where a client has to authenticate (RFC 6749 §5.2). */
function extraHeaders(refusal: Refusal): Record<string, string> {
  const { status } = REFUSALS[refusal.reason];
  const headers: Record<string, string> = {};
  if (status === 503 || status === 429) headers['retry-after'] = String(refusal.retryAfterSeconds ?? 5);
  if (status === 401) headers['www-authenticate'] = 'Basic realm="portcullis", charset="UTF-8"';
  if (status === 405 && typeof refusal.detail.allow === 'string') headers.allow = refusal.detail.allow;
  return headers;
}

function titleOf(reason: RefusalReason, status: number): string {
  if (status === 503) return 'Not available now';
  if (reason.startsWith('client.')) return 'This application is not known here';
  if (reason.startsWith('sign-in.')) return 'Signing in did not work';
  if (reason === 'authorization.expired') return 'This page has expired';
  if (status === 404) return 'Nothing here';
  return 'This request can not go on';
}
