// RFC 7009 §2.1: the request to revoke a token. RFC 7662 §2.1 has the same shape.
import { refuseDuplicates, required, single } from './form.ts';

export interface TokenQuestion {
  readonly token: string;
  /** A hint, and no more: a token of another kind than hinted is still found. Unknown hints are left out. */
  readonly hint?: 'access_token' | 'refresh_token';
}

const MAX_TOKEN_LENGTH = 16_384;

/** Understands the form. Who the client is, is read by `presentedClient`. */
export function parseTokenQuestion(form: URLSearchParams): TokenQuestion {
  refuseDuplicates(form);
  const hint = single(form, 'token_type_hint');
  return {
    token: required(form, 'token', MAX_TOKEN_LENGTH),
    hint: hint === 'access_token' || hint === 'refresh_token' ? hint : undefined,
  };
}
