import { describe, expect, it } from 'vitest';
import { resourceMetadata, resourceMetadataPaths, resourceMetadataUrl } from './resource-metadata.ts';

describe('resourceMetadata', () => {
  it('says where tokens come from, byte for byte', () => {
    const document = resourceMetadata({
      resource: 'https://h/mcp',
      authorizationServers: ['https://h'],
      scopesSupported: ['mcp:read', 'offline_access'],
      resourceName: 'Sales',
    });
    expect(document).toEqual({
      resource: 'https://h/mcp',
      authorization_servers: ['https://h'],
      scopes_supported: ['mcp:read'],
      bearer_methods_supported: ['header'],
      resource_name: 'Sales',
    });
  });

  it('leaves out an empty list of issuers', () => {
    expect(resourceMetadata({ resource: 'https://h/mcp', authorizationServers: [] })).toEqual({
      resource: 'https://h/mcp',
      bearer_methods_supported: ['header'],
    });
  });

  it('leaves out an empty list of scopes', () => {
    const description = { resource: 'https://h/mcp', authorizationServers: ['https://h'] };
    expect(resourceMetadata({ ...description, scopesSupported: ['offline_access'] })).not.toHaveProperty(
      'scopes_supported',
    );
  });
});

describe('where it answers', () => {
  it.each([
    ['https://h/mcp', 'https://h/.well-known/oauth-protected-resource/mcp'],
    ['https://h', 'https://h/.well-known/oauth-protected-resource'],
    ['https://h/', 'https://h/.well-known/oauth-protected-resource'],
    ['http://localhost:8000/a/b?t=1', 'http://localhost:8000/.well-known/oauth-protected-resource/a/b?t=1'],
  ])('%s', (resource, url) => expect(resourceMetadataUrl(resource)).toBe(url));

  it('inserted, appended and, alone on its host, at the root', () => {
    const inserted = '/.well-known/oauth-protected-resource/mcp';
    const appended = '/mcp/.well-known/oauth-protected-resource';
    expect(resourceMetadataPaths('https://h/mcp', false)).toEqual([inserted, appended]);
    expect(resourceMetadataPaths('https://h/mcp', true)).toEqual([
      inserted,
      appended,
      '/.well-known/oauth-protected-resource',
    ]);
    expect(resourceMetadataPaths('https://h', true)).toEqual(['/.well-known/oauth-protected-resource']);
  });
});
