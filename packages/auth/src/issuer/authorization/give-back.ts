// RFC 7009 §2.1: tokens that nobody needs.
import type { SignedIn, SignIn } from '../../sign-in/sign-in.ts';
import type { IssuerContext } from '../context/issuer-context.ts';

/**
 * Nobody needs the tokens of a sign-in that leads to no session. Providers may take a revocation for all that the person allowed this server (RFC 7009 §2.1): where
 * that would log clients out, the tokens are left to end by themselves. A provider that does not take them back makes the sign-in no worse.
 */
export async function giveBack(
  context: IssuerContext,
  signIn: SignIn,
  { identity, upstream }: SignedIn,
): Promise<void> {
  if (!upstream) return;
  try {
    if (await context.sessions.hasLive(identity, signIn.id)) return;
    await signIn.revoke?.(upstream);
  } catch (error) {
    const detail = { signIn: signIn.id, error: error instanceof Error ? error.name : 'unknown' };
    context.onEvent({
      type: 'notice',
      message: 'The tokens of a sign-in without a session could not be revoked.',
      detail,
    });
  }
}
