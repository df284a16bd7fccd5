// RFC 8414 §3: the authorization server describes itself, under every name and path that clients try.
import type { Answer } from '../../http/route.ts';
import { OFFLINE_ACCESS } from '../../protocol/scope.ts';
import { serverMetadata } from '../../protocol/server-metadata.ts';
import { endpointUrl, type IssuerContext } from '../context/issuer-context.ts';
import { PATHS } from '../context/paths.ts';

export function answerServerMetadata(context: IssuerContext): Answer {
  const url = (path: string) => endpointUrl(context, path);
  const body = serverMetadata({
    issuer: context.issuer,
    authorizationEndpoint: url(PATHS.authorize),
    tokenEndpoint: url(PATHS.token),
    jwksUri: url(PATHS.jwks),
    registrationEndpoint: context.registrationEnabled ? url(PATHS.register) : undefined,
    revocationEndpoint: url(PATHS.revoke),
    introspectionEndpoint: url(PATHS.introspect),
    scopesSupported: [...context.scopes.keys(), OFFLINE_ACCESS],
    serviceDocumentation: context.documentation,
    clientIdMetadataDocuments: context.metadataDocumentsEnabled,
    signingAlgorithms: [...new Set(context.keyRing.publicKeys().map((key) => key.alg))],
  });
  return { kind: 'json', status: 200, body, headers: { 'cache-control': 'public, max-age=300' } };
}
