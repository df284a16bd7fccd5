// RFC 7009 §2.1: the request to revoke a token. RFC 7662 §2.1 has the same shape.
import { refuseDuplicates, required } from './form.ts';

export interface TokenQuestion {
  readonly token: string;
}

const MAX_TOKEN_LENGTH = 16_384;

/**
 * Understands the form. Who the client is, is read by `presentedClient`. A `token_type_hint` is not needed: a token says itself of which
 * kind it is, and one of another kind than hinted has to be found too.
 */
export function parseTokenQuestion(form: URLSearchParams): TokenQuestion {
  refuseDuplicates(form);
  return { token: required(form, 'token', MAX_TOKEN_LENGTH) };
}
