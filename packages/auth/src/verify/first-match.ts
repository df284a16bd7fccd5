import { Refusal } from '../core/refusal.ts';
import type { VerifiedToken, Verifier } from './verifier.ts';

/** Shows a token to the one verifier it is meant for; what that says is final, so that nobody's token is carried to somebody else. */
export function verifyFirstMatch(
  verifiers: readonly Verifier[],
  token: string,
  resource: string,
): Promise<VerifiedToken> {
  const verifier = verifiers.find((candidate) => candidate.recognizes(token));
  if (!verifier)
    return Promise.reject(new Refusal('token.unknown', { verifiers: verifiers.map(({ name }) => name) }));
  return verifier.verify(token, resource);
}
