import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A client that runs on the machine of a person: it names loopback addresses without a port, and listens on any. */
export const NATIVE_DOCUMENT = 'https://client.example/oauth/native.json';
/** A client on a web site. */
export const HOSTED_DOCUMENT = 'https://hosted.example/oauth/client.json';
export const HOSTED_REDIRECT = 'https://hosted.example/api/mcp/callback';

/** Documents as real clients publish them: without `application_type`, and with members that this server does not know. */
export const CLIENT_DOCUMENTS: Readonly<Record<string, Record<string, unknown>>> = {
  [NATIVE_DOCUMENT]: {
    client_id: NATIVE_DOCUMENT,
    client_name: 'Native client',
    client_uri: 'https://client.example',
    redirect_uris: [
      'http://localhost/callback',
      'http://127.0.0.1/callback',
      'http://localhost/oauth/callback',
      'http://127.0.0.1/oauth/callback',
    ],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  },
  [HOSTED_DOCUMENT]: {
    client_id: HOSTED_DOCUMENT,
    client_name: 'Hosted client',
    redirect_uris: [HOSTED_REDIRECT],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'web',
    logo_uri: 'https://hosted.example/logo.png',
  },
};

/** Writes the documents to a file for the setting `cimd`, and returns its path. */
export function writeDocuments(
  folder: string,
  documents: Record<string, unknown> = CLIENT_DOCUMENTS,
): string {
  const path = join(folder, 'client-documents.json');
  writeFileSync(path, JSON.stringify(documents));
  return path;
}
