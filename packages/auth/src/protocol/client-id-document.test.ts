import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { clientIdHost, isClientIdUrl, parseClientIdDocument } from './client-id-document.ts';
import { checkRedirectUri } from './redirect-uri.ts';

const url = 'https://app.example/oauth/client.json';
const KEY = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) };
const plain = { client_id: url, client_name: 'App', redirect_uris: ['https://app.example/cb'] };

function outcome(body: unknown, at = url) {
  try {
    return parseClientIdDocument(at, body);
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

describe('isClientIdUrl', () => {
  it.each([
    [url, true],
    ['https://app.example:8443/c', true],
    ['https://app.example/c?v=1', true],
    ['http://app.example/c', false],
    ['HTTPS://app.example/c', false],
    ['https://app.example', false],
    ['https://app.example/', false],
    ['https://app.example?x', false],
    ['https://user@app.example/c', false],
    ['https://app.example/c#f', false],
    ['https://app.example/../c', false],
    ['https://app.example/a/./c', false],
    ['https://app.example/%2e%2e/c', false],
    ['https://app.example/%2E/c', false],
    ['https://app.example\\c', false],
    ['https:app.example/c', false],
    ['https://0x7f.1/c', false],
    [`https://app.example/${'c'.repeat(1000)}`, false],
    ['a-registered-client', false],
    ['', false],
  ])('%j: %s', (text, expected) => expect(isClientIdUrl(text)).toBe(expected));

  it('never throws, and takes nothing a browser reads differently', () => {
    const piece = fc.constantFrom(
      'https://',
      'h.example',
      '/',
      '..',
      '%2e',
      '@',
      '#',
      '?',
      '\\',
      ':1',
      'c',
      '\n',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece).map((p) => p.join('')),
          fc.webUrl(),
          fc.string(),
        ),
        (text) => {
          if (!isClientIdUrl(text)) return;
          expect(new URL(text).href).toContain(new URL(text).pathname);
          expect(text.slice(text.indexOf('/', 8)).startsWith(new URL(text).pathname)).toBe(true);
          expect(clientIdHost(text)).toBe(new URL(text).host);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('documents of real shapes', () => {
  it('a command-line client: loopback without port, further grants', () => {
    const document = {
      client_id: url,
      client_name: 'Command line',
      client_uri: 'https://app.example',
      redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
    expect(parseClientIdDocument(url, document)).toEqual({
      clientName: 'Command line',
      redirectUris: document.redirect_uris,
      grantTypes: ['authorization_code', 'refresh_token'],
      tokenEndpointAuthMethod: 'none',
    });
  });

  it.each([
    ['one method, and a list with both', 'private_key_jwt', ['none', 'private_key_jwt']],
    ['one method, and a list with another', 'private_key_jwt', ['none']],
    ['the other way round', 'none', ['private_key_jwt']],
    ['a list alone', undefined, ['private_key_jwt', 'none', 'tls_client_auth']],
  ])('a client that may sign and need not: %s', (_, method, list) => {
    const document = {
      ...plain,
      token_endpoint_auth_method: method,
      token_endpoint_auth_methods_supported: list,
      jwks_uri: 'https://app.example/jwks.json',
    };
    expect(parseClientIdDocument(url, document)).toMatchObject({
      tokenEndpointAuthMethod: 'none',
      keys: { jwksUri: 'https://app.example/jwks.json' },
    });
    expect(parseClientIdDocument(url, { ...document, jwks_uri: 'http://app.example/' }).keys).toBeUndefined();
  });

  it.each([
    ['by URI', { jwks_uri: 'https://keys.example/jwks.json' }, { jwksUri: 'https://keys.example/jwks.json' }],
    ['in the document', { jwks: { keys: [KEY] } }, { jwks: [KEY] }],
    [
      'with an algorithm',
      { jwks: { keys: [KEY] }, token_endpoint_auth_signing_alg: 'EdDSA' },
      { jwks: [KEY], algorithm: 'EdDSA' },
    ],
  ])('a client that signs, with its keys %s', (_, members, keys) => {
    const document = { ...plain, token_endpoint_auth_method: 'private_key_jwt', ...members };
    expect(parseClientIdDocument(url, document)).toMatchObject({
      tokenEndpointAuthMethod: 'private_key_jwt',
      keys,
    });
  });

  it('a public client with keys for something else can not sign', () => {
    const read = parseClientIdDocument(url, { ...plain, jwks: { keys: [KEY] } });
    expect(read).toMatchObject({ tokenEndpointAuthMethod: 'none' });
    expect(read.keys).toBeUndefined();
  });

  it('one method that is not offered here, and a list with one that is', () => {
    const document = {
      ...plain,
      token_endpoint_auth_method: 'tls_client_auth',
      token_endpoint_auth_methods_supported: ['none', 'tls_client_auth'],
    };
    expect(parseClientIdDocument(url, document).tokenEndpointAuthMethod).toBe('none');
  });

  it('leaves out redirect URIs that could not be used', () => {
    const document = {
      ...plain,
      redirect_uris: ['javascript:x', 5, 'http://app.example/cb', 'https://app.example/cb'],
    };
    expect(parseClientIdDocument(url, document).redirectUris).toEqual(['https://app.example/cb']);
  });

  it('takes public keys', () => {
    expect(outcome({ ...plain, jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b' }] } })).toBeTypeOf(
      'object',
    );
  });
});

describe('refusals', () => {
  it.each([
    ['no object', 'x'],
    ['null', null],
    ['a list', [plain]],
    ['another client_id', { ...plain, client_id: 'https://app.example/oauth/other.json' }],
    ['the same client_id in another case', { ...plain, client_id: 'https://APP.example/oauth/client.json' }],
    ['no client_id', { client_name: 'A', redirect_uris: plain.redirect_uris }],
    ['no client_name', { client_id: url, redirect_uris: plain.redirect_uris }],
    ['no redirect_uris', { client_id: url, client_name: 'A' }],
    ['no acceptable redirect_uris', { ...plain, redirect_uris: ['javascript:x'] }],
    ['a secret', { ...plain, client_secret: 'x' }],
    ['a secret that is null', { ...plain, client_secret: null }],
    ['the expiry of a secret', { ...plain, client_secret_expires_at: 0 }],
    ['client_secret_post', { ...plain, token_endpoint_auth_method: 'client_secret_post' }],
    ['client_secret_jwt', { ...plain, token_endpoint_auth_method: 'client_secret_jwt' }],
    [
      'a shared secret in the list',
      { ...plain, token_endpoint_auth_methods_supported: ['none', 'client_secret_basic'] },
    ],
    ['a method that is not offered here alone', { ...plain, token_endpoint_auth_method: 'tls_client_auth' }],
    ['a client that signs, without keys', { ...plain, token_endpoint_auth_method: 'private_key_jwt' }],
    [
      'keys in two ways',
      {
        ...plain,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [KEY] },
        jwks_uri: 'https://app.example/jwks.json',
      },
    ],
    [
      'keys over plain http',
      { ...plain, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'http://app.example/jwks.json' },
    ],
    [
      'a private key of a client that may be public',
      {
        ...plain,
        token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
        jwks: { keys: [{ ...KEY, d: 'x' }] },
      },
    ],
    ['a private key', { ...plain, jwks: { keys: [{ kty: 'EC', d: 'x' }] } }],
    ['a symmetric key', { ...plain, jwks: { keys: [{ kty: 'oct', k: 'x' }] } }],
    ['keys that are none', { ...plain, jwks: { keys: 'x' } }],
    ['no code grant', { ...plain, grant_types: ['client_credentials'] }],
    ['no code response', { ...plain, response_types: ['token'] }],
  ])('%s', (_, body) => expect(outcome(body)).toBe('client.metadata-invalid'));

  it('a document at a URL that is no client id', () => {
    expect(outcome({ ...plain, client_id: 'http://app.example/c' }, 'http://app.example/c')).toBe(
      'client.metadata-invalid',
    );
  });
});

it('gives a client without a secret, with usable redirect URIs or refuses, for any JSON', () => {
  const bodies = fc.record(
    {
      client_id: fc.oneof(
        { weight: 5, arbitrary: fc.constant(url) },
        { weight: 1, arbitrary: fc.jsonValue() },
      ),
      client_name: fc.oneof(fc.string({ minLength: 1 }), fc.jsonValue()),
      redirect_uris: fc.oneof(fc.array(fc.oneof(fc.webUrl(), fc.string(), fc.jsonValue())), fc.jsonValue()),
      token_endpoint_auth_method: fc.oneof(fc.constantFrom('none', 'private_key_jwt'), fc.jsonValue()),
      jwks: fc.oneof(fc.constantFrom({ keys: [KEY] }, { keys: [{ ...KEY, d: 'x' }] }), fc.jsonValue()),
      scope: fc.jsonValue(),
      client_secret: fc.jsonValue(),
    },
    { requiredKeys: ['client_id', 'client_name', 'redirect_uris'] },
  );
  fc.assert(
    fc.property(fc.oneof(bodies, fc.jsonValue()), (body) => {
      const client = outcome(body);
      if (typeof client === 'string') {
        expect(client).toBe('client.metadata-invalid');
        return;
      }
      expect(['none', 'private_key_jwt']).toContain(client.tokenEndpointAuthMethod);
      if (client.tokenEndpointAuthMethod === 'private_key_jwt') expect(client.keys).toBeDefined();
      expect(client.redirectUris.length).toBeGreaterThan(0);
      for (const each of client.redirectUris) expect(typeof checkRedirectUri(each)).toBe('object');
      expect(Object.hasOwn(body as object, 'client_secret')).toBe(false);
    }),
    { numRuns: 1000 },
  );
});
