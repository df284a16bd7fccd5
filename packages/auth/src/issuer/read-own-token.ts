import { Refusal } from '../core/refusal.ts';
import type { AccessTokenClaims } from '../protocol/access-token-claims.ts';
import type { IssuerContext } from './issuer-context.ts';

/** The claims of an access token of ours for whichever of our resources. @throws Refusal `token.*` when it is none */
export async function readOwnToken(context: IssuerContext, token: string): Promise<AccessTokenClaims> {
  let refusal: unknown = new Refusal('token.audience');
  for (const { resource } of context.resources) {
    try {
      return await context.accessTokens.read(token, resource);
    } catch (error) {
      refusal = error;
      if (!(error instanceof Refusal) || error.reason !== 'token.audience') break;
    }
  }
  throw refusal;
}
