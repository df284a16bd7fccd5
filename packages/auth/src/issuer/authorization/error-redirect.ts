// RFC 6749 §4.1.2.1, RFC 9207 §2: once client and redirect URI are proven, errors go there.
import { Refusal } from '../../core/refusal.ts';
import { REFUSALS } from '../../core/refusal-reasons.ts';
import { reportRefusal } from '../../http/report-refusal.ts';
import { authorizationErrorUrl } from '../../protocol/authorization-response.ts';
import type { IssuerContext } from '../context/issuer-context.ts';

/**
 * The client's address with the error of a refusal. Anything that is not the client's or the person's doing (a store that is away, a
 * fault of ours) is thrown on and becomes a page: the client could only start the login again.
 */
export function errorRedirect(
  context: IssuerContext,
  error: unknown,
  at: string,
  target: { readonly redirectUri: string; readonly state?: string },
): string {
  if (!(error instanceof Refusal) || REFUSALS[error.reason].status === 503) throw error;
  const { incident } = reportRefusal(error, at, context);
  const { error: code, description } = REFUSALS[error.reason];
  const { redirectUri, state } = target;
  return authorizationErrorUrl({
    redirectUri,
    state,
    issuer: context.issuer,
    error: code,
    description: `${description} (incident ${incident})`,
  });
}
