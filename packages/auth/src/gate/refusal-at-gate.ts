// RFC 6750 §3, RFC 9728 §5.1: how a resource says no.
import type { PlainResponse } from '../core/passage.ts';
import type { Refusal } from '../core/refusal.ts';
import { REFUSALS } from '../core/refusal-reasons.ts';
import { corsHeaders } from '../http/cors.ts';
import type { Page } from '../pages/page.ts';
import { pageHeaders } from '../pages/page-headers.ts';
import { bearerChallenge } from '../protocol/bearer-challenge.ts';

export interface ChallengeContext {
  readonly resourceMetadataUrl: string;
  /** What the refused operation needs, or what to ask for at first, as the issuer of the tokens spells it. */
  readonly scopes: readonly string[];
  /** Origin of the page that asks; it may read the answer. */
  readonly origin?: string;
  /** What a person at a browser sees in place of JSON, with the incident where a token was refused. Default: JSON for everybody. */
  readonly page?: (incident: string | undefined) => Page;
}

export function refusalAtGate(refusal: Refusal, incident: string, context: ChallengeContext): PlainResponse {
  const { status, error, description } = REFUSALS[refusal.reason];
  const text = `${description} (incident ${incident})`;
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-incident-id': incident,
    // A page whose origin was refused may read nothing.
    ...(refusal.reason === 'request.origin' ? {} : corsHeaders(context.origin)),
  };
  if (status === 401 || error === 'insufficient_scope') {
    const credentialsCame = refusal.reason !== 'token.absent';
    headers['www-authenticate'] = bearerChallenge({
      error: credentialsCame ? error : undefined,
      description: credentialsCame ? text : undefined,
      scope: context.scopes,
      resourceMetadata: context.resourceMetadataUrl,
    });
  }
  if (status === 503 || status === 429) headers['retry-after'] = String(refusal.retryAfterSeconds ?? 5);
  if (status === 401 && context.page)
    return asPage(headers, context.page(refusal.reason === 'token.absent' ? undefined : incident));
  return { status, headers, body: JSON.stringify({ error, error_description: text }) };
}

/** The same status and challenge, which is all that programs read; only the body is for people. */
function asPage(headers: Readonly<Record<string, string>>, page: Page): PlainResponse {
  const vary = ['Accept', headers.vary].filter((name) => name !== undefined).join(', ');
  return { status: page.status, headers: { ...headers, ...pageHeaders(page), vary }, body: page.html };
}
