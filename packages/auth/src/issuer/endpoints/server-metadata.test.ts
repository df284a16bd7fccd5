import { describe, expect, it } from 'vitest';
import { openHouse, PUBLIC_URL } from '../../auth.contract.ts';
import { developmentPeople } from '../../sign-in/development-people.ts';
import { documentsFromFile } from '../clients/document-clients.ts';

const read = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe('the authorization server about itself', () => {
  it('[AS-1][AS-2][AS-3] says what it does, and its issuer byte for byte', async () => {
    const { first } = await openHouse({ scopes: { 'mcp:read': 'Read', 'mcp:write': 'Write' } });
    const response = await first.call('/.well-known/oauth-authorization-server');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(await read(response)).toMatchObject({
      issuer: PUBLIC_URL,
      authorization_endpoint: `${PUBLIC_URL}/authorize`,
      token_endpoint: `${PUBLIC_URL}/token`,
      registration_endpoint: `${PUBLIC_URL}/register`,
      revocation_endpoint: `${PUBLIC_URL}/revoke`,
      introspection_endpoint: `${PUBLIC_URL}/introspect`,
      jwks_uri: `${PUBLIC_URL}/jwks`,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: false,
      scopes_supported: ['mcp:read', 'mcp:write', 'offline_access'],
    });
  });

  it('says that it takes metadata documents when it does', async () => {
    const signIns = [developmentPeople({ people: [{ username: 'alice' }] })];
    const { first } = await openHouse({ issuer: { signIns, metadataDocuments: documentsFromFile({}) } });
    const metadata = await read(await first.call('/.well-known/oauth-authorization-server'));
    expect(metadata.client_id_metadata_document_supported).toBe(true);
    expect(metadata.token_endpoint_auth_methods_supported).toContain('none');
  });

  it('[AS-1][C3] is the same document at every address that clients try, mount path or not, stripped or not', async () => {
    for (const publicUrl of [PUBLIC_URL, `${PUBLIC_URL}/team`]) {
      const { first } = await openHouse({ publicUrl });
      const mount = new URL(publicUrl).pathname.replace(/\/$/, '');
      const names = ['oauth-authorization-server', 'openid-configuration'];
      const paths = names.flatMap((name) => [
        `/.well-known/${name}${mount}`,
        `${mount}/.well-known/${name}`,
        `/.well-known/${name}`,
        `/.well-known/${name}${mount}/mcp`,
      ]);
      const texts = await Promise.all(
        paths.map(async (path) => (await first.call(PUBLIC_URL + path)).text()),
      );
      expect(new Set(texts).size).toBe(1);
      expect(JSON.parse(texts[0]!).issuer).toBe(publicUrl);
    }
  });

  it('works while the store is away', async () => {
    const { first, control } = await openHouse();
    control.outage = 'all';
    expect((await first.call('/.well-known/oauth-authorization-server')).status).toBe(200);
  });
});
