import { describe, expect, it } from 'vitest';
import { type AuthOptions, createAuth } from '../auth.ts';
import type { AuthEvent } from '../core/events.ts';
import { Refusal } from '../core/refusal.ts';
import { viewRequest } from '../core/request-view.ts';
import { DocumentFault } from '../net/document-fetch.ts';
import { prefixedScopes } from '../protocol/scope-map.ts';
import type { Verifier } from '../verify/verifier.ts';

const PUBLIC_URL = 'https://mcp.example.com';
const PROVIDER = 'https://login.example.com';
const WELL_KNOWN = `${PUBLIC_URL}/.well-known/oauth-authorization-server`;
const DOCUMENT = {
  issuer: PROVIDER,
  authorization_endpoint: `${PROVIDER}/authorize`,
  token_endpoint: `${PROVIDER}/token`,
  authorization_response_iss_parameter_supported: true,
  registration_endpoint: `${PROVIDER}/register`,
};

/** Knows one token, `good`, with the scope `read`. */
const verifier: Verifier = {
  name: 'test',
  recognizes: () => true,
  async verify(token, resource) {
    if (token !== 'good') throw new Refusal('token.unknown');
    const identity = { issuer: PROVIDER, subject: 'alice' };
    const caller = {
      identity,
      clientId: 'c',
      scopes: ['read'],
      resource,
      expiresAt: Number.MAX_SAFE_INTEGER,
    };
    return { expiresAt: caller.expiresAt, admit: () => caller };
  },
};

function deep(): unknown {
  let value: unknown = 1;
  for (let n = 0; n < 100_000; n += 1) value = [value];
  return value;
}

async function start(options: Partial<AuthOptions> = {}) {
  const auth = await createAuth({
    publicUrl: PUBLIC_URL,
    verifiers: [verifier],
    authorizationServers: [PROVIDER],
    forwardedMetadata: { url: `${PROVIDER}/metadata`, fetchDocument: async () => DOCUMENT },
    baselineScopes: ['read'],
    ...options,
  });
  const call = async (url: string, init?: RequestInit) => (await auth.handle(new Request(url, init)))!;
  return { auth, call };
}

const publicClient = {
  url: `${PROVIDER}/metadata`,
  fetchDocument: async () => DOCUMENT,
  publicClientId: 'the-one',
};

describe('metadata of somebody else’s authorization server', () => {
  it('goes out as it comes, for scripts of every origin', async () => {
    const { call } = await start();
    const response = await call(WELL_KNOWN);
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual(DOCUMENT);
    const described = await (await call(`${PUBLIC_URL}/.well-known/oauth-protected-resource/mcp`)).json();
    expect(described.authorization_servers).toEqual([PROVIDER]);
  });

  it.each([
    ['can not be had', async () => Promise.reject(new Error('secret address'))],
    ['is no document', async () => 'text'],
    ['names no issuer', async () => ({ token_endpoint: 'x' })],
    ['names an issuer that is no text', async () => ({ ...DOCUMENT, issuer: { toString: 1 } })],
    ['names an issuer elsewhere', async () => ({ ...DOCUMENT, issuer: 'https://secret.example' })],
    ['leads nowhere', async () => ({ ...DOCUMENT, token_endpoint: 'javascript:secret' })],
    ['leads to something that is no text', async () => ({ ...DOCUMENT, jwks_uri: ['secret'] })],
    ['is too deep to be written', async () => ({ ...DOCUMENT, deep: deep() })],
  ])('[S4] is a 503 while it %s, and says nothing of why', async (_, fetchDocument) => {
    const { call } = await start({ forwardedMetadata: { url: `${PROVIDER}/metadata`, fetchDocument } });
    const response = await call(WELL_KNOWN);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('10');
    const text = await response.text();
    expect(JSON.parse(text).error).toBe('temporarily_unavailable');
    expect(text).not.toContain('secret');
  });

  it('may be that of an authorization server which is named, at whatever address it is read', async () => {
    const { call } = await start({
      forwardedMetadata: { url: 'http://inside:8080/metadata', fetchDocument: async () => DOCUMENT },
    });
    expect((await call(WELL_KNOWN)).status).toBe(200);
  });

  it('[S4] tells the operator what was asked for, and what was wrong with it', async () => {
    const events: AuthEvent[] = [];
    const onEvent = (event: AuthEvent) => void events.push(event);
    const away = new DocumentFault('status', 'The answer has status 500.', 60, { status: 500 });
    for (const fetchDocument of [
      () => Promise.reject(away),
      async () => ({ ...DOCUMENT, issuer: 'https://evil.example\r\n\u202e' }),
    ]) {
      const { call } = await start({
        onEvent,
        forwardedMetadata: { url: `${PROVIDER}/metadata`, fetchDocument },
      });
      await call(WELL_KNOWN);
    }
    const common = { operation: 'forwarded-metadata', url: `${PROVIDER}/metadata` };
    expect(events).toMatchObject([
      { detail: { ...common, kind: 'status' }, cause: 'DocumentFault: The answer has status 500.' },
      {
        detail: {
          ...common,
          kind: 'invalid',
          why: 'the document names another issuer: https://evil.example???',
        },
      },
    ]);
  });

  it('names us as issuer and our registration, where everybody is one public client', async () => {
    const { call } = await start({ forwardedMetadata: publicClient, authorizationServers: [] });
    const described = await (await call(`${PUBLIC_URL}/.well-known/oauth-protected-resource/mcp`)).json();
    expect(described.authorization_servers).toEqual([PUBLIC_URL]);
    expect(await (await call(WELL_KNOWN)).json()).toMatchObject({
      issuer: PUBLIC_URL,
      token_endpoint: `${PROVIDER}/token`,
      registration_endpoint: `${PUBLIC_URL}/register`,
      authorization_response_iss_parameter_supported: false,
    });
  });

  it('registers everybody as that client, and nobody with an unsafe address', async () => {
    const { call } = await start({ forwardedMetadata: publicClient, authorizationServers: [] });
    const register = (body: string) =>
      call(`${PUBLIC_URL}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    const good = await register(JSON.stringify({ redirect_uris: ['http://localhost:1/cb'] }));
    expect(good.status).toBe(201);
    const body = await good.json();
    expect(body).toMatchObject({ client_id: 'the-one', token_endpoint_auth_method: 'none' });
    expect(body).not.toHaveProperty('client_secret');
    expect((await register(JSON.stringify({ redirect_uris: ['javascript:alert(1)'] }))).status).toBe(400);
    expect((await register('{')).status).toBe(400);
  });

  it('is not forwarded by what is an authorization server itself', async () => {
    const options = { publicUrl: PUBLIC_URL, verifiers: [verifier], forwardedMetadata: publicClient };
    const signIns = [
      {
        id: 'x',
        title: 'x',
        accepts: () => true,
        start: async () => ({}) as never,
        finish: async () => ({}) as never,
      },
    ];
    await expect(createAuth({ ...options, issuer: { signIns } })).rejects.toThrow(
      /authorization server itself/,
    );
  });
});

describe('scopes of somebody else’s tokens', () => {
  it('are asked for in the language of their issuer, and checked in ours', async () => {
    const { auth, call } = await start({
      scopeMap: prefixedScopes('api://app'),
      resources: [{ requiredScopes: ['write'], scopesSupported: ['read', 'write'] }],
    });
    const described = await (await call(`${PUBLIC_URL}/.well-known/oauth-protected-resource/mcp`)).json();
    expect(described.scopes_supported).toEqual(['api://app/read', 'api://app/write']);
    const headers = { authorization: 'Bearer good' };
    const passage = await auth.gate().guard(viewRequest(new Request(`${PUBLIC_URL}/mcp`, { headers })));
    expect(passage).toMatchObject({ allowed: false, response: { status: 403 } });
    if (passage.allowed) return;
    expect(passage.response.headers['www-authenticate']).toContain('scope="api://app/write"');
  });
});
