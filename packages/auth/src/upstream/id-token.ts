// OpenID Connect Core §3.1.3.7: the signature of an ID token, and that nobody can read two things in it. Its claims: `code-exchange.ts`.
import { compactVerify, errors } from 'jose';
import { fromBase64Url, fromUtf8 } from '../core/encoding.ts';
import { hasDuplicateMembers, isObject, parseJson } from '../core/json-text.ts';
import { ASYMMETRIC_ALGORITHMS } from '../protocol/signature-algorithms.ts';
import type { Claims } from './claims.ts';
import type { KeySet } from './key-set.ts';
import { ProviderFault, type ProviderOperation } from './provider-fault.ts';

/** What a token of a provider may be signed with. */
export const ID_TOKEN_ALGORITHMS: ReadonlySet<string> = new Set(ASYMMETRIC_ALGORITHMS);

const MAX_TOKEN_LENGTH = 100_000;

/**
 * The claims of a signed token that came straight from an endpoint of the provider, when the signature is good and no member is there twice.
 * Throws `ProviderFault`: `invalid` for a bad token, `unavailable` while nobody can tell whether the provider has the key, or what the key set
 * throws when it can not be read.
 */
export async function verifiedClaims(
  operation: ProviderOperation,
  token: string,
  keys: KeySet,
  algorithms: readonly string[] | undefined,
): Promise<Claims> {
  const invalid = (why: string, cause?: unknown) =>
    new ProviderFault('invalid', operation, { why }, { cause });
  const accepted = (algorithms ?? ['RS256']).filter((name) => ID_TOKEN_ALGORITHMS.has(name));
  if (token.length > MAX_TOKEN_LENGTH) throw invalid('the token is too long');
  const texts = token.split('.').slice(0, 2).map(decoded);
  for (const text of texts) {
    if (text === undefined || !isObject(parseJson(text))) throw invalid('the token can not be read');
    if (hasDuplicateMembers(text)) throw invalid('the token has a member twice');
  }
  try {
    await compactVerify(token, keys.key, { algorithms: accepted });
  } catch (error) {
    if (error instanceof ProviderFault) throw isUndecided(error) ? undecided(error) : error;
    if (error instanceof errors.JOSEError) throw invalid(`the token was not accepted: ${error.code}`);
    throw invalid('the token was not accepted');
  }
  return parseJson(texts[1]!) as Claims;
}

/** No key fits, in a set that was read for another new key a moment ago. */
const isUndecided = ({ kind, operation, retryAfterSeconds }: ProviderFault) =>
  kind === 'invalid' && operation === 'keys' && retryAfterSeconds !== undefined;

/** No stranger can have made this token: more likely the provider signs with a key that it got since. Nobody is turned away for that. */
function undecided(cause: ProviderFault): ProviderFault {
  const { operation, detail, retryAfterSeconds } = cause;
  const why = 'no key fits, and the key set was read for another one a moment ago';
  return new ProviderFault('unavailable', operation, { ...detail, why }, { cause, retryAfterSeconds });
}

/** The claims of a token that nobody verified: for comparing alone. */
export function unverifiedClaims(token: string): Claims | undefined {
  const text = decoded(token.split('.')[1] ?? '');
  const claims = text === undefined ? undefined : parseJson(text);
  return isObject(claims) ? claims : undefined;
}

function decoded(part: string): string | undefined {
  const bytes = fromBase64Url(part);
  try {
    return bytes && fromUtf8(bytes);
  } catch {
    return undefined;
  }
}
