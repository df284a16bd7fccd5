import { Refusal } from '../core/refusal.ts';
import { issuerOf } from './token-form.ts';
import type { VerifiedToken, Verifier } from './verifier.ts';

/**
 * Shows a token to the one verifier it is meant for; what that says is final, so that nobody's token is carried to somebody else. Only a
 * verifier that keeps tokens to itself may pass one on that it does not know.
 */
export async function verifyFirstMatch(
  verifiers: readonly Verifier[],
  token: string,
  resource: string,
): Promise<VerifiedToken> {
  let notMine: Refusal | undefined;
  for (const verifier of verifiers) {
    if (!verifier.recognizes(token)) continue;
    try {
      return await verifier.verify(token, resource);
    } catch (error) {
      if (!verifier.local || !(error instanceof Refusal) || error.reason !== 'token.unknown') throw error;
      notMine = error;
    }
  }
  throw (
    notMine ??
    new Refusal('token.unknown', {
      seen: describeForm(token),
      accepted: verifiers.map(({ name }) => name),
    })
  );
}

/** What a token looks like and whom it names, unproven, for the log; nothing of it that could be used. */
function describeForm(token: string): string {
  const issuer = issuerOf(token);
  if (typeof issuer === 'string') return `a JWT of ${issuer.slice(0, 200)}`;
  return issuer === undefined ? 'no JWT' : 'a JWT without an issuer';
}
