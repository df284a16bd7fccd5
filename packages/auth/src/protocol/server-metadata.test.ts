import { describe, expect, it } from 'vitest';
import { serverMetadata, serverMetadataPaths } from './server-metadata.ts';

const server = {
  issuer: 'https://mcp.example.com/t1',
  authorizationEndpoint: 'https://mcp.example.com/t1/authorize',
  tokenEndpoint: 'https://mcp.example.com/t1/token',
  jwksUri: 'https://mcp.example.com/t1/jwks',
  clientIdMetadataDocuments: true,
  signingAlgorithms: ['ES256'],
};

describe('serverMetadata', () => {
  it('says what clients look for', () => {
    expect(serverMetadata({ ...server, scopesSupported: ['mcp:read', 'offline_access'] })).toMatchObject({
      issuer: server.issuer,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: [
        'none',
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
      ],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
      scopes_supported: ['mcp:read', 'offline_access'],
    });
  });

  it('has what OpenID Connect Discovery §3 requires', () => {
    const document = serverMetadata(server);
    for (const name of [
      'issuer',
      'authorization_endpoint',
      'token_endpoint',
      'jwks_uri',
      'response_types_supported',
    ])
      expect(document).toHaveProperty(name);
    expect(document).toMatchObject({
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
  });

  it('is silent about endpoints that are not there', () => {
    const text = JSON.stringify(serverMetadata(server));
    for (const name of ['registration', 'revocation', 'introspection']) expect(text).not.toContain(name);
    expect(text).not.toContain('null');
  });

  it('names the algorithms of assertions where assertions are taken, and none with a shared secret', () => {
    const { revocationEndpoint, introspectionEndpoint } = {
      revocationEndpoint: 'https://mcp.example.com/revoke',
      introspectionEndpoint: 'https://mcp.example.com/introspect',
    };
    const document = serverMetadata({ ...server, revocationEndpoint, introspectionEndpoint });
    for (const endpoint of ['token', 'revocation', 'introspection']) {
      expect(document[`${endpoint}_endpoint_auth_methods_supported`]).toContain('private_key_jwt');
      const algorithms = document[`${endpoint}_endpoint_auth_signing_alg_values_supported`] as string[];
      expect(algorithms).toEqual(expect.arrayContaining(['RS256', 'PS256', 'ES256', 'EdDSA']));
      expect(algorithms.filter((each) => each.startsWith('HS') || each === 'none')).toEqual([]);
    }
  });

  it('names an endpoint and how clients authenticate to it', () => {
    const document = serverMetadata({ ...server, revocationEndpoint: 'https://mcp.example.com/t1/revoke' });
    expect(document).toMatchObject({
      revocation_endpoint: 'https://mcp.example.com/t1/revoke',
      revocation_endpoint_auth_methods_supported: [
        'none',
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
      ],
    });
  });
});

describe('serverMetadataPaths', () => {
  it('of an issuer without path', () => {
    const paths = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];
    expect(serverMetadataPaths('https://h')).toEqual(paths);
    expect(serverMetadataPaths('https://h/')).toEqual(paths);
  });

  it('of an issuer with path: root, inserted, appended', () => {
    expect(serverMetadataPaths('https://h/t1')).toEqual([
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-authorization-server/t1',
      '/t1/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
      '/.well-known/openid-configuration/t1',
      '/t1/.well-known/openid-configuration',
    ]);
  });

  it('for clients that insert the name before the path of the MCP server', () => {
    expect(serverMetadataPaths('https://h', ['/mcp'])).toContain(
      '/.well-known/oauth-authorization-server/mcp',
    );
  });
});
