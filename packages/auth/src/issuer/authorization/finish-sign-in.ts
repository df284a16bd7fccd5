// OAuth 2.1 §4.1.2, RFC 9207 §2: the person is known; the client gets a code, at the address that was approved.
import { randomToken } from '../../core/random.ts';
import { Refusal } from '../../core/refusal.ts';
import { authorizationSuccessUrl } from '../../protocol/authorization-response.ts';
import type { AuthorizationTransaction } from '../../sessions/transactions.ts';
import { callbackUrl, type IssuerContext } from '../context/issuer-context.ts';
import { personHash } from '../context/remembered-approvals.ts';
import { checkAnswering } from './check-answering.ts';
import { errorRedirect } from './error-redirect.ts';
import { giveBack } from './give-back.ts';

/** What came back from a provider, or from our own page. */
export interface ProviderReturn {
  /** Whose callback address was called. Default: none, the person answered on our own page. */
  readonly answering?: string;
  readonly answer: URLSearchParams;
}

/** What comes next: the browser goes to the client; or the person is asked, since the approval was somebody else's. */
export type Finished =
  | {
      readonly url: string;
      /** Who approved, where that is to be remembered: a hash. */
      readonly remember?: string;
    }
  | 'ask-again';

/** To the client, with a code, or with the provider's refusal; unless another person came than the one who approved. */
export async function finishSignIn(
  context: IssuerContext,
  state: string,
  transaction: AuthorizationTransaction,
  { answering, answer }: ProviderReturn,
): Promise<Finished> {
  const { request, signInId, secrets } = transaction;
  const signIn = context.signIns.find(({ id }) => id === signInId);
  if (!signIn)
    throw new Refusal('authorization.expired', { why: `the sign-in ${signInId} is no longer configured` });
  checkAnswering(signInId, answering ?? signInId);
  // The registration and the rules are looked at again: they may have changed while the person signed in.
  const client = await context.clients.find(request.clientId);
  context.clients.checkRedirectUri(client, request.redirectUri);
  const target = { redirectUri: request.redirectUri, state: request.state, issuer: context.issuer };
  try {
    const { identity, upstream } = await signIn.finish(answer, {
      callbackUrl: callbackUrl(context, signIn.id),
      secrets,
      state,
    });
    const person = personHash(identity);
    if (transaction.approvedBy !== undefined && transaction.approvedBy !== person) {
      await giveBack(context, signIn, { identity, upstream });
      return 'ask-again';
    }
    const { issuer, subject, username, usernameRule } = identity;
    context.onEvent({
      type: 'sign-in.completed',
      signIn: signIn.id,
      issuer,
      subject,
      username,
      usernameRule,
    });
    // Not before: until somebody signed in, "approved" is a stranger's word, and strangers could fill the store with it.
    await context.noteApproval(client);
    const checkable =
      upstream === undefined || (upstream.refreshToken !== undefined && signIn.refresh !== undefined);
    const { clientId, clientName, redirectUri, resource, scopes } = request;
    const id = randomToken(context.random, 128);
    const session = {
      id,
      identity,
      clientId,
      clientName,
      redirectUri,
      resource,
      scopes,
      signInId,
      checkable,
    };
    // Kept also where nothing can be asked with them later: for code behind the gate, and to be given back when the session ends.
    const code = await context.codes.issue({ session, challenge: request.challenge, upstream });
    const url = authorizationSuccessUrl({ ...target, code });
    return transaction.remember ? { url, remember: person } : { url };
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'sign-in.refused-by-provider') throw error;
    return { url: errorRedirect(context, error, 'callback', target) };
  }
}
