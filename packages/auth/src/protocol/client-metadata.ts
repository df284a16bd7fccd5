// RFC 7591 §2 and §3: what a client says of itself when it registers, and what we answer.
import { z } from 'zod';
import { Refusal } from '../core/refusal.ts';
import {
  type ClientKeys,
  HOLDS_SECRET,
  isKeysFault,
  MAX_REGISTERED_JWKS_LENGTH,
  readClientKeys,
  readKeySet,
} from './client-keys.ts';
import { displayName } from './display-name.ts';
import { checkRedirectUri, MAX_REDIRECT_URI_LENGTH } from './redirect-uri.ts';
import { formatScope, MAX_SCOPE_LENGTH, parseScope } from './scope.ts';

/** §2 `token_endpoint_auth_method`: how a client shows who it is. */
export type TokenEndpointAuthMethod =
  | 'none'
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'private_key_jwt';
export type ClientGrantType = 'authorization_code' | 'refresh_token';

/** A client, as far as we act on what it said. What it said beyond that is not kept. */
export interface ClientMetadata {
  /** Acceptable (`checkRedirectUri`), each once, at least one. */
  readonly redirectUris: readonly string[];
  /** Given by the client itself, and safe to show (`displayName`). Proves nothing. */
  readonly clientName?: string;
  readonly tokenEndpointAuthMethod: TokenEndpointAuthMethod;
  /** What a client verifies with that signs assertions: needed for `private_key_jwt`; beside `none`, it may sign and need not. */
  readonly keys?: ClientKeys;
  readonly grantTypes: readonly ClientGrantType[];
  /** OpenID Connect Registration §2; said back, not kept, and no rule here depends on it alone. */
  readonly applicationType?: 'native' | 'web';
  /** The scopes the client means to ask for; absent when it named none. */
  readonly scopes?: readonly string[];
}

export const MAX_REDIRECT_URIS = 32;
const MAX_LIST = 32;
export const TOKEN_ENDPOINT_AUTH_METHODS: readonly TokenEndpointAuthMethod[] = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
];

/** Does a client that authenticates so share a secret with us? */
export function usesSecret(method: TokenEndpointAuthMethod): boolean {
  return method === 'client_secret_basic' || method === 'client_secret_post';
}

const GRANT_TYPES: readonly ClientGrantType[] = ['authorization_code', 'refresh_token'];

const shortText = z.string().max(200);
const shortList = z.array(shortText).max(MAX_LIST);

/** Members that are not named here are ignored, as §2 asks. A `null` is read as left out: some clients send it for every empty field. */
const registration = z.object({
  redirect_uris: z.array(z.string().max(MAX_REDIRECT_URI_LENGTH)).min(1).max(MAX_REDIRECT_URIS),
  client_name: z.string().max(2000).nullish(),
  token_endpoint_auth_method: shortText.nullish(),
  grant_types: shortList.nullish(),
  response_types: shortList.nullish(),
  application_type: shortText.nullish(),
  scope: z.string().max(MAX_SCOPE_LENGTH).nullish(),
  jwks: z.unknown().optional(),
  jwks_uri: z.unknown().optional(),
  token_endpoint_auth_signing_alg: z.unknown().optional(),
});

/** Understands the JSON body of a registration, or refuses with the error code of §3.2.2 that fits. */
export function parseRegistration(body: unknown): ClientMetadata {
  const parsed = registration.safeParse(body);
  if (!parsed.success) {
    const member = parsed.error.issues[0]?.path[0];
    const reason = member === 'redirect_uris' ? 'registration.redirect-uri' : 'registration.metadata';
    throw new Refusal(reason, { member: member === undefined ? 'the body' : String(member) });
  }
  const given = parsed.data;
  const redirectUris = acceptableRedirectUris(given.redirect_uris);
  const applicationType = applicationTypeOf(given.application_type);
  const method = authMethod(given.token_endpoint_auth_method, redirectUris, applicationType);
  return {
    redirectUris,
    clientName: given.client_name ? displayName(given.client_name) : undefined,
    tokenEndpointAuthMethod: method,
    keys: registeredKeys(method, given),
    grantTypes: grantTypesOf(given.grant_types, given.response_types, () => {
      throw new Refusal('registration.metadata', { member: 'grant_types or response_types' });
    }),
    applicationType,
    scopes: scopesOf(given.scope),
  };
}

function acceptableRedirectUris(given: readonly string[]): readonly string[] {
  for (const uri of given) {
    const checked = checkRedirectUri(uri);
    if (typeof checked === 'string')
      throw new Refusal('registration.redirect-uri', { redirectUri: uri.slice(0, 200), fault: checked });
  }
  return [...new Set(given)];
}

/**
 * §2 makes an omitted method `client_secret_basic`. That holds for a client on a web server. An application on a person's machine can not
 * keep a secret (RFC 8252 §8.5), and those that omit the member are the ones that forget to send a secret: they become public, as §3.2.1
 * lets a server decide.
 */
function authMethod(
  given: string | null | undefined,
  redirectUris: readonly string[],
  applicationType: ClientMetadata['applicationType'],
): TokenEndpointAuthMethod {
  if (given === undefined || given === null) {
    const native =
      applicationType === 'native' || (applicationType !== 'web' && redirectUris.every(isNative));
    return native ? 'none' : 'client_secret_basic';
  }
  const known = TOKEN_ENDPOINT_AUTH_METHODS.find((method) => method === given);
  if (known === undefined)
    throw new Refusal('registration.metadata', { member: 'token_endpoint_auth_method', seen: given });
  return known;
}

/** Only a client that signs needs keys; of others they are ignored, unless they give a secret away. */
function registeredKeys(
  method: TokenEndpointAuthMethod,
  given: Pick<z.infer<typeof registration>, 'jwks' | 'jwks_uri' | 'token_endpoint_auth_signing_alg'>,
): ClientKeys | undefined {
  const { jwks, jwks_uri: jwksUri, token_endpoint_auth_signing_alg: algorithm } = given;
  if (method !== 'private_key_jwt') {
    if (readKeySet(jwks) === HOLDS_SECRET)
      throw new Refusal('registration.keys', { member: 'jwks', why: HOLDS_SECRET });
    return undefined;
  }
  const keys = readClientKeys({ jwks, jwksUri, algorithm });
  if (isKeysFault(keys)) throw new Refusal('registration.keys', { ...keys });
  if (keys.jwks && JSON.stringify(keys.jwks).length > MAX_REGISTERED_JWKS_LENGTH)
    throw new Refusal('registration.keys', { member: 'jwks', why: 'it is too long' });
  return keys;
}

function isNative(uri: string): boolean {
  const checked = checkRedirectUri(uri);
  return typeof checked !== 'string' && checked.kind !== 'https';
}

export function applicationTypeOf(given: string | null | undefined): ClientMetadata['applicationType'] {
  return given === 'native' || given === 'web' ? given : undefined;
}

/**
 * The grants we know among those declared; a declaration that leaves out the code flow is `unusable`. When nothing is declared the client
 * may refresh too: a client that never does loses nothing, and one that forgot to say so stays logged in.
 */
export function grantTypesOf(
  grantTypes: readonly string[] | null | undefined,
  responseTypes: readonly string[] | null | undefined,
  unusable: () => never,
): readonly ClientGrantType[] {
  if (responseTypes && !responseTypes.includes('code')) unusable();
  if (!grantTypes) return GRANT_TYPES;
  if (!grantTypes.includes('authorization_code')) unusable();
  return GRANT_TYPES.filter((grant) => grantTypes.includes(grant));
}

function scopesOf(given: string | null | undefined): readonly string[] | undefined {
  if (!given) return undefined;
  const scopes = parseScope(given);
  if (scopes === undefined) throw new Refusal('registration.metadata', { member: 'scope' });
  return scopes.length > 0 ? scopes : undefined;
}

export interface RegisteredClient {
  readonly clientId: string;
  /** Only for a client that authenticates with one. It does not expire. */
  readonly clientSecret?: string;
  readonly metadata: ClientMetadata;
}

/**
 * §3.2.1: the body of the 201 answer: what was understood, so that the client sees what was changed. Scope and application type are said
 * back, and not kept.
 */
export function registrationResponse(client: RegisteredClient): Record<string, unknown> {
  const { metadata } = client;
  const body: Record<string, unknown> = {
    client_id: client.clientId,
    redirect_uris: metadata.redirectUris,
    token_endpoint_auth_method: metadata.tokenEndpointAuthMethod,
    grant_types: metadata.grantTypes,
    response_types: ['code'],
  };
  if (client.clientSecret !== undefined) {
    body.client_secret = client.clientSecret;
    body.client_secret_expires_at = 0;
  }
  if (metadata.keys?.jwks) body.jwks = { keys: metadata.keys.jwks };
  if (metadata.keys?.jwksUri !== undefined) body.jwks_uri = metadata.keys.jwksUri;
  if (metadata.keys?.algorithm !== undefined) body.token_endpoint_auth_signing_alg = metadata.keys.algorithm;
  if (metadata.clientName !== undefined) body.client_name = metadata.clientName;
  if (metadata.applicationType !== undefined) body.application_type = metadata.applicationType;
  if (metadata.scopes !== undefined) body.scope = formatScope(metadata.scopes);
  return body;
}
