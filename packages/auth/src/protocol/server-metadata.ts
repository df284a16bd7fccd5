// RFC 8414 §2 and §3 (and OpenID Connect Discovery §3, §4): the document that describes the authorization server, and where it answers.
import { CLIENT_ASSERTION_ALGORITHMS } from './client-keys.ts';
import { TOKEN_ENDPOINT_AUTH_METHODS } from './client-metadata.ts';
import { appendedWellKnown, insertedWellKnown } from './well-known.ts';

export interface ServerDescription {
  /** The issuer, byte for byte as it stands in tokens and in `iss`. */
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  /** Absent when clients can not register themselves. */
  readonly registrationEndpoint?: string;
  readonly revocationEndpoint?: string;
  readonly introspectionEndpoint?: string;
  /** All scopes a client may ask for. `offline_access` belongs here, and only here. */
  readonly scopesSupported?: readonly string[];
  /** A page for developers of clients. Default: none. */
  readonly serviceDocumentation?: string;
  /** Clients may be URLs of metadata documents. */
  readonly clientIdMetadataDocuments: boolean;
  /** JWS algorithms of the signing keys, such as `ES256`. */
  readonly signingAlgorithms: readonly string[];
}

/**
 * One document for all names. The members that OpenID Connect Discovery §3 requires are there too, since clients that look under the
 * OpenID name insist on them; ID tokens are not issued, and `openid` is not among the scopes.
 */
export function serverMetadata(server: ServerDescription): Record<string, unknown> {
  const clientMethods = [...TOKEN_ENDPOINT_AUTH_METHODS];
  const assertions = [...CLIENT_ASSERTION_ALGORITHMS];
  const document: Record<string, unknown> = {
    issuer: server.issuer,
    authorization_endpoint: server.authorizationEndpoint,
    token_endpoint: server.tokenEndpoint,
    jwks_uri: server.jwksUri,
    registration_endpoint: server.registrationEndpoint,
    revocation_endpoint: server.revocationEndpoint,
    introspection_endpoint: server.introspectionEndpoint,
    scopes_supported: server.scopesSupported,
    service_documentation: server.serviceDocumentation,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: clientMethods,
    token_endpoint_auth_signing_alg_values_supported: assertions,
    revocation_endpoint_auth_methods_supported: server.revocationEndpoint && clientMethods,
    revocation_endpoint_auth_signing_alg_values_supported: server.revocationEndpoint && assertions,
    introspection_endpoint_auth_methods_supported: server.introspectionEndpoint && clientMethods,
    introspection_endpoint_auth_signing_alg_values_supported: server.introspectionEndpoint && assertions,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: server.clientIdMetadataDocuments,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: server.signingAlgorithms,
  };
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}

const NAMES = ['oauth-authorization-server', 'openid-configuration'];

/**
 * Every path a client tries: the well-known name inserted before the issuer's path (§3), appended to it (OpenID Connect Discovery §4), and
 * at the root, where clients of the first MCP revision look and where requests arrive behind a proxy that strips the path.
 * `resourcePaths`: paths of resources, since some clients insert the name before the path of the MCP server.
 */
export function serverMetadataPaths(
  issuer: string,
  resourcePaths: readonly string[] = [],
): readonly string[] {
  const own = new URL(issuer).pathname;
  const paths = NAMES.flatMap((name) => [
    ...['', own, ...resourcePaths].map((path) => insertedWellKnown(name, path)),
    appendedWellKnown(name, own),
  ]);
  return [...new Set(paths)];
}
