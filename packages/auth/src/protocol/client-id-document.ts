// draft-ietf-oauth-client-id-metadata-document §3 and §4: a client whose id is the URL of a document about it.
import { z } from 'zod';
import { Refusal } from '../core/refusal.ts';
import {
  applicationTypeOf,
  type ClientMetadata,
  grantTypesOf,
  MAX_REDIRECT_URIS,
} from './client-metadata.ts';
import { displayName } from './display-name.ts';
import { checkRedirectUri } from './redirect-uri.ts';
import { parseScope } from './scope.ts';
import { parseStrictUrl } from './strict-url.ts';

/** Longest URL that is taken for a client id. */
export const MAX_CLIENT_ID_URL_LENGTH = 1000;

/** Is this client id such a URL? Looks at the text alone: the same document under another spelling is another client. */
export function isClientIdUrl(text: string): boolean {
  if (!text.startsWith('https://')) return false;
  const url = parseStrictUrl(text, MAX_CLIENT_ID_URL_LENGTH);
  return typeof url !== 'string' && url.host !== undefined && url.path.length > 1;
}

/** The host of such a URL, for the consent page. */
export function clientIdHost(clientIdUrl: string): string {
  return new URL(clientIdUrl).host;
}

const looseList = z.array(z.unknown()).max(100);

const documentShape = z.object({
  client_id: z.string(),
  client_name: z.string().min(1).max(2000),
  redirect_uris: z.array(z.unknown()).min(1).max(100),
  token_endpoint_auth_method: z.string().max(200).nullish(),
  token_endpoint_auth_methods_supported: looseList.nullish(),
  grant_types: looseList.nullish(),
  response_types: looseList.nullish(),
  application_type: z.unknown().optional(),
  scope: z.unknown().optional(),
  client_secret: z.never().optional(),
  client_secret_expires_at: z.never().optional(),
  jwks: z.unknown().optional(),
});

/** RFC 7518 §6: members of a JWK that only its owner may have, and the key of a symmetric one. */
const PRIVATE_JWK_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * The client that a fetched document describes, or a refusal. `url` is the client id as it was sent. Redirect URIs that could not be used
 * are left out; grants that are not offered here are ignored; everything that hints at a shared secret is refused.
 */
export function parseClientIdDocument(url: string, body: unknown): ClientMetadata {
  const parsed = documentShape.safeParse(body);
  if (!parsed.success) throw invalid(url, `member ${String(parsed.error.issues[0]?.path[0] ?? '(body)')}`);
  const document = parsed.data;
  if (!isClientIdUrl(url) || document.client_id !== url) throw invalid(url, 'client_id differs from the URL');
  if (holdsPrivateKey(document.jwks)) throw invalid(url, 'jwks holds a private or symmetric key');
  if (!mayBePublic(document.token_endpoint_auth_method, document.token_endpoint_auth_methods_supported))
    throw invalid(url, 'token_endpoint_auth_method');
  const redirectUris = usableRedirectUris(document.redirect_uris);
  if (redirectUris.length === 0) throw invalid(url, 'no acceptable redirect_uris');
  const { application_type: type, scope } = document;
  return {
    redirectUris,
    clientName: displayName(document.client_name),
    tokenEndpointAuthMethod: 'none',
    grantTypes: grantTypesOf(strings(document.grant_types), strings(document.response_types), () => {
      throw invalid(url, 'grant_types or response_types');
    }),
    applicationType: typeof type === 'string' ? applicationTypeOf(type) : undefined,
    scopes: (typeof scope === 'string' && scope !== '' && parseScope(scope)) || undefined,
  };
}

function invalid(url: string, fault: string): Refusal {
  return new Refusal('client.metadata-invalid', { url: url.slice(0, MAX_CLIENT_ID_URL_LENGTH), fault });
}

function strings(list: readonly unknown[] | null | undefined): readonly string[] | undefined {
  return list?.filter((each) => typeof each === 'string');
}

function usableRedirectUris(given: readonly unknown[]): readonly string[] {
  const usable = given.filter(
    (uri): uri is string => typeof uri === 'string' && typeof checkRedirectUri(uri) !== 'string',
  );
  return [...new Set(usable)].slice(0, MAX_REDIRECT_URIS);
}

/**
 * Such a client has no secret (§4.1). Some documents name one method for servers that read a single one, and list `none` beside it for
 * those that read the list.
 */
function mayBePublic(
  method: string | null | undefined,
  list: readonly unknown[] | null | undefined,
): boolean {
  const methods = [...(method ? [method] : []), ...(list ?? [])];
  const symmetric = methods.some((each) => typeof each === 'string' && each.startsWith('client_secret_'));
  return !symmetric && (methods.length === 0 || methods.includes('none'));
}

function holdsPrivateKey(jwks: unknown): boolean {
  if (jwks === undefined || jwks === null) return false;
  if (typeof jwks !== 'object' || !('keys' in jwks) || !Array.isArray(jwks.keys)) return true;
  return jwks.keys.some(
    (key: unknown) =>
      typeof key !== 'object' || key === null || PRIVATE_JWK_MEMBERS.some((member) => member in key),
  );
}
