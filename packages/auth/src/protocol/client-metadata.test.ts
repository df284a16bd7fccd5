import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { MAX_REDIRECT_URIS, parseRegistration, registrationResponse } from './client-metadata.ts';
import { checkRedirectUri } from './redirect-uri.ts';

function outcome(body: unknown) {
  try {
    return parseRegistration(body);
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

const KEY = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) };
const signing = (over: Record<string, unknown>) => ({
  redirect_uris,
  token_endpoint_auth_method: 'private_key_jwt',
  ...over,
});
const redirect_uris = ['https://app.example/cb'];
const loopback = ['http://127.0.0.1:4711/callback'];

describe('what real clients send', () => {
  it('a command-line client, everything said', () => {
    const body = {
      client_name: 'Claude Code (lab)',
      redirect_uris: ['http://localhost:51234/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    };
    expect(parseRegistration(body)).toEqual({
      clientName: 'Claude Code (lab)',
      redirectUris: ['http://localhost:51234/callback'],
      grantTypes: ['authorization_code', 'refresh_token'],
      tokenEndpointAuthMethod: 'none',
      applicationType: 'native',
    });
  });

  it('a client that says nothing but where it listens is public and may refresh', () => {
    expect(parseRegistration({ redirect_uris: loopback })).toEqual({
      redirectUris: loopback,
      tokenEndpointAuthMethod: 'none',
      grantTypes: ['authorization_code', 'refresh_token'],
    });
  });

  it('members that are not known, and null for empty ones', () => {
    const body = {
      redirect_uris: loopback,
      client_name: null,
      scope: null,
      jwks_uri: 'http://169.254.169.254/',
      x: 1,
    };
    expect(
      Object.keys(registrationResponse({ clientId: 'x', metadata: parseRegistration(body) })),
    ).not.toContain('jwks_uri');
  });

  it('a client that signs: its public keys are kept and said back, and it has no secret', () => {
    const metadata = parseRegistration(
      signing({ jwks: { keys: [{ ...KEY, use: 'sig' }] }, token_endpoint_auth_signing_alg: 'EdDSA' }),
    );
    expect(metadata).toMatchObject({
      tokenEndpointAuthMethod: 'private_key_jwt',
      keys: { jwks: [KEY], algorithm: 'EdDSA' },
    });
    const said = registrationResponse({ clientId: 'x', metadata });
    expect(said).toMatchObject({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [KEY] },
      token_endpoint_auth_signing_alg: 'EdDSA',
    });
    expect(said).not.toHaveProperty('client_secret');
    const byUri = parseRegistration(signing({ jwks_uri: 'https://a.example/jwks', jwks: null }));
    expect(registrationResponse({ clientId: 'x', metadata: byUri })).toMatchObject({
      jwks_uri: 'https://a.example/jwks',
    });
  });

  it.each([
    ['a web server', { redirect_uris }, 'client_secret_basic'],
    ['loopback', { redirect_uris: loopback }, 'none'],
    ['a custom scheme', { redirect_uris: ['cursor://x/cb'] }, 'none'],
    ['native, with a claimed https address', { redirect_uris, application_type: 'native' }, 'none'],
    ['web, under development', { redirect_uris: loopback, application_type: 'web' }, 'client_secret_basic'],
    [
      'a web server with a loopback address beside',
      { redirect_uris: [...redirect_uris, ...loopback] },
      'client_secret_basic',
    ],
    [
      'as asked',
      { redirect_uris: loopback, token_endpoint_auth_method: 'client_secret_post' },
      'client_secret_post',
    ],
  ])('authentication of %s', (_, body, expected) =>
    expect(parseRegistration(body).tokenEndpointAuthMethod).toBe(expected),
  );

  it('keeps the grants it knows', () => {
    const grant_types = ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'authorization_code', 'implicit'];
    expect(parseRegistration({ redirect_uris, grant_types }).grantTypes).toEqual(['authorization_code']);
  });

  it('keeps each redirect URI once', () => {
    expect(parseRegistration({ redirect_uris: [...redirect_uris, ...redirect_uris] }).redirectUris).toEqual(
      redirect_uris,
    );
  });
});

describe('refusals', () => {
  it.each([
    ['null', null, 'registration.metadata'],
    ['a list', [], 'registration.metadata'],
    ['a text', 'x', 'registration.metadata'],
    ['no redirect URIs', {}, 'registration.redirect-uri'],
    ['an empty list of them', { redirect_uris: [] }, 'registration.redirect-uri'],
    ['a text in place of a list', { redirect_uris: redirect_uris[0] }, 'registration.redirect-uri'],
    [
      'one bad among good',
      { redirect_uris: [...redirect_uris, 'javascript:x'] },
      'registration.redirect-uri',
    ],
    ['plain http', { redirect_uris: ['http://app.example/cb'] }, 'registration.redirect-uri'],
    [
      'too many',
      { redirect_uris: Array.from({ length: MAX_REDIRECT_URIS + 1 }, (_, i) => `https://h/${i}`) },
      'registration.redirect-uri',
    ],
    [
      'an unknown method',
      { redirect_uris, token_endpoint_auth_method: 'client_secret_jwt' },
      'registration.metadata',
    ],
    ['a client that signs, without keys', signing({}), 'registration.keys'],
    [
      'keys in two ways',
      signing({ jwks: { keys: [KEY] }, jwks_uri: 'https://a.example/jwks' }),
      'registration.keys',
    ],
    ['a private key', signing({ jwks: { keys: [{ ...KEY, d: 'x' }] } }), 'registration.keys'],
    ['a symmetric key', signing({ jwks: { keys: [{ kty: 'oct', k: 'x' }] } }), 'registration.keys'],
    [
      'a private key of a client that has no use for keys',
      { redirect_uris, jwks: { keys: [{ ...KEY, d: 'x' }] } },
      'registration.keys',
    ],
    ['keys over plain http', signing({ jwks_uri: 'http://a.example/jwks' }), 'registration.keys'],
    [
      'keys without end',
      signing({ jwks: { keys: Array(12).fill({ kty: 'RSA', e: 'AQAB', n: 'A'.repeat(700) }) } }),
      'registration.keys',
    ],
    [
      'an algorithm for secrets',
      signing({ jwks: { keys: [KEY] }, token_endpoint_auth_signing_alg: 'HS256' }),
      'registration.keys',
    ],
    ['no code grant', { redirect_uris, grant_types: ['client_credentials'] }, 'registration.metadata'],
    ['no code response', { redirect_uris, response_types: ['token'] }, 'registration.metadata'],
    ['a name that is no text', { redirect_uris, client_name: {} }, 'registration.metadata'],
    ['a name without end', { redirect_uris, client_name: 'x'.repeat(2001) }, 'registration.metadata'],
    ['a scope that is none', { redirect_uris, scope: 'a\\b' }, 'registration.metadata'],
  ])('%s', (_, body, reason) => expect(outcome(body)).toBe(reason));
});

it('answers with all that is registered, and a secret only where there is one', () => {
  const metadata = parseRegistration({
    redirect_uris,
    client_name: ' A\u202e ',
    application_type: 'web',
    scope: 'mcp:read',
  });
  expect(registrationResponse({ clientId: 'id', clientSecret: 's', metadata })).toEqual({
    client_id: 'id',
    client_secret: 's',
    client_secret_expires_at: 0,
    client_name: 'A',
    redirect_uris,
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    application_type: 'web',
    scope: 'mcp:read',
  });
  const open = registrationResponse({
    clientId: 'id',
    metadata: parseRegistration({ redirect_uris: loopback }),
  });
  expect(Object.keys(open).filter((name) => name.includes('secret'))).toEqual([]);
});

it('gives usable metadata or a refusal of its own kind, for any JSON', () => {
  const uri = fc.oneof(
    fc.constantFrom('https://h/cb', 'http://localhost/', 'javascript:x', 'cursor://x'),
    fc.webUrl(),
    fc.string(),
  );
  const bodies = fc.record(
    {
      redirect_uris: fc.oneof(fc.array(uri, { maxLength: 3 }), fc.jsonValue()),
      client_name: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
      token_endpoint_auth_method: fc.oneof(fc.constantFrom('none', 'client_secret_post'), fc.jsonValue()),
      grant_types: fc.oneof(fc.constant(['authorization_code']), fc.jsonValue()),
      response_types: fc.oneof(fc.constant(['code']), fc.jsonValue()),
      scope: fc.oneof(fc.constant('a b'), fc.jsonValue()),
    },
    { requiredKeys: ['redirect_uris'] },
  );
  fc.assert(
    fc.property(fc.oneof(bodies, fc.jsonValue()), (body) => {
      const metadata = outcome(body);
      if (typeof metadata === 'string') {
        expect(metadata).toMatch(/^registration\./);
        return;
      }
      expect(metadata.redirectUris.length).toBeGreaterThan(0);
      for (const each of metadata.redirectUris) expect(typeof checkRedirectUri(each)).toBe('object');
      expect(metadata.grantTypes).toContain('authorization_code');
    }),
    { numRuns: 1000 },
  );
});
