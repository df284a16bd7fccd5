import type { Auth } from '@portcullis/auth';
import { viewRequest } from '@portcullis/auth/core/request-view';
import { afterEach, describe, expect, it } from 'vitest';
import { openAuth } from './open-auth.ts';
import { openIdentity } from './open-identity.ts';
import { openState } from './open-state.ts';
import { settingsOf } from './settings.contract.ts';
import { wayOut } from './way-out.ts';
import { waysIn } from './ways-in.ts';

const opened: Auth[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

/** As the program opens it; `read` gets a document. */
async function open(given: Record<string, string>) {
  const settings = settingsOf(given);
  const state = waysIn(settings).signsIn ? await openState(settings) : undefined;
  const auth = await openAuth(settings, state, () => {});
  opened.push(auth);
  const read = async (url: string) => {
    const response = await auth.handle(
      new Request(url, { headers: { host: new URL(url).host } }),
      '127.0.0.1',
    );
    return (await response!.json()) as Readonly<Record<string, unknown>>;
  };
  return { auth, read };
}

const provider = { 'upstream.preset': 'github', 'upstream.clientId': 'c', 'upstream.clientSecret': 's' };
const jwt = { 'jwt.issuer': 'https://a.example', 'jwt.sharedSecret': 'thirty-two bytes of a shared secret' };

describe('what clients are told, as the settings have it', () => {
  it('of the resource and of the authorization server', async () => {
    const { auth, read } = await open({
      ...provider,
      publicUrl: 'https://mcp.example.com/team',
      issuerUrl: 'https://mcp.example.com',
      callbackPath: '/from/provider',
      documentation: 'https://docs.example.com/clients',
      'resource.url': 'https://mcp.example.com/data',
      'resource.name': 'Warehouse',
      'resource.documentation': 'https://docs.example.com/warehouse',
      'resource.scopes': 'mcp:read mcp:write',
      'scopes.supported': 'mcp:read mcp:write',
    });
    expect(await read('https://mcp.example.com/.well-known/oauth-protected-resource/data')).toMatchObject({
      resource: 'https://mcp.example.com/data',
      resource_name: 'Warehouse',
      resource_documentation: 'https://docs.example.com/warehouse',
      scopes_supported: ['mcp:read', 'mcp:write'],
      authorization_servers: ['https://mcp.example.com'],
    });
    expect(await read('https://mcp.example.com/.well-known/oauth-authorization-server')).toMatchObject({
      issuer: 'https://mcp.example.com',
      token_endpoint: 'https://mcp.example.com/team/token',
      service_documentation: 'https://docs.example.com/clients',
    });
    expect(auth.routes.find(({ id }) => id === 'callback')?.paths).toEqual(['/from/provider']);
  });

  it('of issuers elsewhere, and what calls need beside what clients ask for', async () => {
    const { auth, read } = await open({
      ...jwt,
      authorizationServers: 'https://a.example,https://b.example',
      'scopes.baseline': 'openid mcp:read',
      'scopes.required': 'mcp:read',
    });
    expect(await read('http://localhost:8000/.well-known/oauth-protected-resource/mcp')).toMatchObject({
      authorization_servers: ['https://a.example', 'https://b.example'],
    });
    const request = new Request('http://localhost:8000/mcp', { headers: { host: 'localhost:8000' } });
    const passage = await auth.gate().guard(viewRequest(request, '127.0.0.1'));
    expect(passage.allowed ? '' : passage.response.headers['www-authenticate']).toContain(
      'scope="openid mcp:read"',
    );
  });
});

describe('who lets people in', () => {
  const identity = (given: Record<string, string>) => {
    const settings = settingsOf(given);
    return openIdentity(settings, wayOut(settings), () => {});
  };

  it('are the ways of the settings, what is known here before what is asked elsewhere', () => {
    const { signIns, verifiers } = identity({
      ...provider,
      ...jwt,
      staticTokens: '{"a-token-of-alice": {"clientId": "c", "subject": "s"}}',
      'introspection.endpoint': 'https://c.example/i',
      'introspection.issuer': 'https://c.example',
      'introspection.clientId': 'c',
      'introspection.clientSecret': 's',
    });
    expect(signIns).toHaveLength(1);
    expect(verifiers.map(({ name }) => name)).toEqual([
      'static tokens',
      'JWT of https://a.example',
      'introspection at https://c.example',
    ]);
  });

  it('may be a provider that forwards its metadata, and the client that everybody is there', () => {
    const { forwardedMetadata, authorizationServers, signIns } = identity({
      'upstream.preset': 'okta',
      'upstream.mode': 'remote',
      'upstream.domain': 'x.okta.com',
      'upstream.authorizationServer': 'default',
      'upstream.clientId': 'spa',
      'scopes.baseline': 'openid',
    });
    expect(signIns).toEqual([]);
    expect(authorizationServers).toEqual(['https://x.okta.com/oauth2/default']);
    expect(forwardedMetadata).toMatchObject({
      publicClientId: 'spa',
      url: 'https://x.okta.com/oauth2/default/.well-known/oauth-authorization-server',
    });
  });
});
