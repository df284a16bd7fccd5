// draft-ietf-oauth-client-id-metadata-document §3, §4 and §8.2: a client whose id is the URL of a document about it.
import { z } from 'zod';
import { Refusal } from '../core/refusal.ts';
import {
  type ClientKeys,
  HOLDS_SECRET,
  isKeysFault,
  NO_KEY_SET,
  readClientKeys,
  readKeySet,
} from './client-keys.ts';
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
  jwks_uri: z.unknown().optional(),
  token_endpoint_auth_signing_alg: z.unknown().optional(),
});

/**
 * The client that a fetched document describes, or a refusal. `url` is the client id as it was sent. Redirect URIs that could not be used
 * are left out; grants that are not offered here are ignored; everything that hints at a shared secret is refused.
 */
export function parseClientIdDocument(url: string, body: unknown): ClientMetadata {
  const parsed = documentShape.safeParse(body);
  if (!parsed.success) throw invalid(url, `member ${String(parsed.error.issues[0]?.path[0] ?? '(body)')}`);
  const document = parsed.data;
  if (!isClientIdUrl(url) || document.client_id !== url) throw invalid(url, 'client_id differs from the URL');
  const authentication = authenticationOf(url, document);
  const redirectUris = usableRedirectUris(document.redirect_uris);
  if (redirectUris.length === 0) throw invalid(url, 'no acceptable redirect_uris');
  const { application_type: type, scope } = document;
  return {
    redirectUris,
    clientName: displayName(document.client_name),
    ...authentication,
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
 * Such a client has no secret (§4.1): it is public, or it signs (§8.2). A document that allows both, by naming one method for servers that
 * read a single one and listing more for those that read the list, leaves the choice to the client, request by request.
 */
function authenticationOf(
  url: string,
  document: z.infer<typeof documentShape>,
): Pick<ClientMetadata, 'tokenEndpointAuthMethod' | 'keys'> {
  const { token_endpoint_auth_method: method, token_endpoint_auth_methods_supported: list } = document;
  const methods: readonly unknown[] = [...(method ? [method] : []), ...(list ?? [])];
  if (methods.some((each) => typeof each === 'string' && each.startsWith('client_secret_')))
    throw invalid(url, 'token_endpoint_auth_method names a shared secret');
  const isPublic = methods.length === 0 || methods.includes('none');
  const keys = methods.includes('private_key_jwt') ? signingKeys(url, document, isPublic) : undefined;
  refuseSecretKeys(url, document.jwks);
  if (isPublic) return { tokenEndpointAuthMethod: 'none', keys };
  if (keys) return { tokenEndpointAuthMethod: 'private_key_jwt', keys };
  throw invalid(url, 'token_endpoint_auth_method');
}

/** The keys of a client that signs. One that need not does without where they can not be used. */
function signingKeys(
  url: string,
  document: z.infer<typeof documentShape>,
  isPublic: boolean,
): ClientKeys | undefined {
  const { jwks, jwks_uri: jwksUri, token_endpoint_auth_signing_alg: algorithm } = document;
  const keys = readClientKeys({ jwks, jwksUri, algorithm });
  if (!isKeysFault(keys)) return keys;
  if (isPublic) return undefined;
  throw invalid(url, `${keys.member}: ${keys.why}`);
}

/** §4.1, whether the keys are used here or not. */
function refuseSecretKeys(url: string, jwks: unknown): void {
  const read = jwks === undefined || jwks === null ? undefined : readKeySet(jwks);
  if (read === HOLDS_SECRET || read === NO_KEY_SET) throw invalid(url, `jwks: ${read}`);
}
