import { Refusal } from '../core/refusal.ts';
import { issuerOf } from './token-form.ts';
import type { VerifiedToken, Verifier } from './verifier.ts';

/** Shows a token to the one verifier it is meant for; what that says is final, so that nobody's token is carried to somebody else. */
export function verifyFirstMatch(
  verifiers: readonly Verifier[],
  token: string,
  resource: string,
): Promise<VerifiedToken> {
  const verifier = verifiers.find((candidate) => candidate.recognizes(token));
  if (!verifier)
    return Promise.reject(
      new Refusal('token.unknown', {
        seen: describeForm(token),
        accepted: verifiers.map(({ name }) => name),
      }),
    );
  return verifier.verify(token, resource);
}

/** What a token looks like and whom it names, unproven, for the log; nothing of it that could be used. */
function describeForm(token: string): string {
  const issuer = issuerOf(token);
  if (typeof issuer === 'string') return `a JWT of ${issuer.slice(0, 200)}`;
  return issuer === undefined ? 'no JWT' : 'a JWT without an issuer';
}
