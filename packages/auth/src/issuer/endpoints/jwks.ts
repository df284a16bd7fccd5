// RFC 7517 §5: the public keys that our access tokens are verified with.
import type { Answer } from '../../http/route.ts';
import type { IssuerContext } from '../context/issuer-context.ts';

export function answerJwks(context: IssuerContext): Answer {
  const body = { keys: context.keyRing.publicKeys() };
  return { kind: 'json', status: 200, body, headers: { 'cache-control': 'public, max-age=300' } };
}
