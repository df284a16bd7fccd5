import { describe, expect, it } from 'vitest';
import type { Fetch } from '../core/fetch.ts';
import { providerCall } from './provider-call.ts';
import { ProviderFault } from './provider-fault.ts';
import { discoverMetadata, metadataInForce } from './provider-metadata.ts';
import type { ProviderOptions } from './provider-options.ts';
import { providerSettings } from './provider-settings.ts';
import { faultOf, ISSUER, json, METADATA } from './scripted-provider.contract.ts';

const settingsOf = (options: Partial<ProviderOptions> = {}) =>
  providerSettings({ issuer: ISSUER, clientId: 'c', ...options });

/** Reads the metadata of a provider that answers some addresses; says which were asked for. */
async function discover(options: Partial<ProviderOptions>, answers: Record<string, () => Response>) {
  const asked: string[] = [];
  const fetch: Fetch = async (url) => {
    asked.push(url);
    return answers[url]?.() ?? new Response('nothing', { status: 404 });
  };
  const settings = settingsOf(options);
  const found = discoverMetadata(settings, providerCall(fetch, 5));
  return { asked, found: await found.catch((fault: unknown) => ({ fault })) };
}

const inForce = (discovered: Record<string, unknown> | undefined, options: Partial<ProviderOptions> = {}) =>
  metadataInForce(settingsOf(options), discovered);

const OPENID = `${ISSUER}/.well-known/openid-configuration`;
const OAUTH = `${ISSUER}/.well-known/oauth-authorization-server`;

describe('reading what a provider says of itself', () => {
  it('asks nobody where discovery is off', async () => {
    const endpoints = {
      authorization: `${ISSUER}/a`,
      token: `${ISSUER}/t`,
      keys: `${ISSUER}/k`,
    };
    expect(await discover({ discovery: false, endpoints }, {})).toEqual({ asked: [], found: undefined });
  });

  it('keeps the members that are used here, and no others', async () => {
    const document = {
      ...METADATA,
      token_endpoint_auth_methods_supported: ['client_secret_post', 7, null],
      id_token_signing_alg_values_supported: Array.from({ length: 200 }, (_, i) => `alg${i}`),
      userinfo_signing_alg_values_supported: 'RS256',
      authorization_response_iss_parameter_supported: 'true',
      registration_endpoint: `${ISSUER}/register`,
      revocation_endpoint: 7,
      mtls_endpoint_aliases: { token_endpoint: 'https://evil.example/' },
    };
    const { found } = await discover({}, { [OPENID]: () => json(document) });
    expect(found).toEqual({
      issuer: ISSUER,
      authorization_endpoint: METADATA.authorization_endpoint,
      token_endpoint: METADATA.token_endpoint,
      userinfo_endpoint: METADATA.userinfo_endpoint,
      jwks_uri: METADATA.jwks_uri,
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      id_token_signing_alg_values_supported: document.id_token_signing_alg_values_supported.slice(0, 100),
    });
  });

  it('looks under the OpenID name, then under the OAuth name', async () => {
    const { asked, found } = await discover({}, { [OAUTH]: () => json(METADATA) });
    expect(asked).toEqual([OPENID, OAUTH]);
    expect(found).toMatchObject({ token_endpoint: METADATA.token_endpoint });
  });

  it.each([
    [
      'https://idp.example/t1',
      [
        'https://idp.example/t1/.well-known/openid-configuration',
        'https://idp.example/.well-known/oauth-authorization-server/t1',
      ],
    ],
    [
      'https://idp.example/t1/',
      [
        'https://idp.example/t1/.well-known/openid-configuration',
        'https://idp.example/.well-known/oauth-authorization-server/t1',
      ],
    ],
  ])('looks for %s where each specification puts it', async (issuer, expected) => {
    const { asked } = await discover({ issuer }, {});
    expect(asked.map((url) => url.replace(/\/$/, ''))).toEqual(expected);
  });

  it('tells of the first failure when both fail, and does not ask on when nobody can tell', async () => {
    const both = await discover({}, { [OAUTH]: () => new Response('', { status: 410 }) });
    expect(both.found).toMatchObject({ fault: { kind: 'misconfigured', detail: { status: 404 } } });
    const away = await discover(
      {},
      { [OPENID]: () => new Response('', { status: 503 }), [OAUTH]: () => json(METADATA) },
    );
    expect(away.asked).toEqual([OPENID]);
    expect(away.found).toMatchObject({ fault: { kind: 'unavailable' } });
  });

  it('reads it from the address it is told, and from no other', async () => {
    const discovery = 'https://inside.example/idp.json';
    const { asked, found } = await discover({ discovery }, { [discovery]: () => json(METADATA) });
    expect(asked).toEqual([discovery]);
    expect(found).toMatchObject({ issuer: ISSUER });
    expect((await discover({ discovery }, { [OPENID]: () => json(METADATA) })).found).toMatchObject({
      fault: { kind: 'misconfigured' },
    });
  });

  it.each([
    ['of somebody else', 'https://evil.example', 'https://evil.example'],
    ['of another tenant', `${ISSUER}/t2`, `${ISSUER}/t2`],
    ['of nobody', undefined, 'none'],
    ['with several', [ISSUER], 'a list'],
    ['of something that is no text', { toString: 1 }, 'a value of type object'],
    ['with an end of line', `${ISSUER}\r\n\u202e`, `${ISSUER}???`],
  ])('refuses a document %s', async (_what, issuer, seen) => {
    const { found } = await discover({}, { [OPENID]: () => json({ ...METADATA, issuer }) });
    expect(found).toMatchObject({
      fault: { kind: 'invalid', operation: 'discovery', detail: { expected: ISSUER, seen } },
    });
  });

  it.each(['<html>', '[]', 'null', '"x"', ''])('refuses %j', async (text) => {
    const { found } = await discover({}, { [OPENID]: () => new Response(text) });
    expect(found).toMatchObject({
      fault: { kind: 'misconfigured', detail: { why: 'the answer is no JSON object' } },
    });
  });
});

describe('the metadata in force', () => {
  it("are what was found, with the operator's own in its place", () => {
    const options: Partial<ProviderOptions> = {
      endpoints: { token: 'https://inside.example/token', keys: 'https://inside.example/keys' },
      responseIssuerRequired: true,
      idTokenAlgorithms: ['PS256'],
    };
    expect(inForce(METADATA, options)).toEqual({
      ...METADATA,
      token_endpoint: 'https://inside.example/token',
      jwks_uri: 'https://inside.example/keys',
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ['PS256'],
    });
    const said = { ...METADATA, authorization_response_iss_parameter_supported: true };
    expect(inForce(said).authorization_response_iss_parameter_supported).toBe(true);
    expect(
      inForce(said, { responseIssuerRequired: false }).authorization_response_iss_parameter_supported,
    ).toBe(false);
  });

  it('are the settings alone without discovery', () => {
    const endpoints = { authorization: `${ISSUER}/a`, token: `${ISSUER}/t`, keys: `${ISSUER}/k` };
    expect(inForce(undefined, { discovery: false, endpoints })).toEqual({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/a`,
      token_endpoint: `${ISSUER}/t`,
      jwks_uri: `${ISSUER}/k`,
    });
  });

  it.each([
    ['jwks_uri', {}],
    ['authorization_endpoint', {}],
    ['token_endpoint', {}],
    ['userinfo_endpoint', { scopes: ['read'] }],
  ])('lack nothing that is needed: %s', (name, options) => {
    const { [name]: _gone, ...rest } = METADATA as Record<string, unknown>;
    expect(() => inForce(rest, options)).toThrow(
      expect.objectContaining({ kind: 'invalid', detail: { why: `the metadata lacks ${name}` } }),
    );
  });

  it('need no keys for plain OAuth, and no userinfo for OpenID Connect', () => {
    const { jwks_uri, userinfo_endpoint, ...rest } = METADATA;
    expect(inForce({ ...rest, userinfo_endpoint }, { scopes: ['read'] }).jwks_uri).toBeUndefined();
    expect(inForce({ ...rest, jwks_uri }).userinfo_endpoint).toBeUndefined();
  });

  it.each([
    'authorization_endpoint',
    'token_endpoint',
    'userinfo_endpoint',
    'revocation_endpoint',
    'jwks_uri',
  ])('have no address that may not be used: %s', (name) => {
    for (const address of ['javascript:alert(1)', 'http://idp.example/x', 'https://a:b@idp.example/', '/x'])
      expect(() => inForce({ ...METADATA, [name]: address })).toThrow(
        expect.objectContaining({
          kind: 'invalid',
          detail: { why: expect.stringContaining(`the address ${name} `) },
        }),
      );
    const plain = { ...METADATA, [name]: 'http://idp.example/x' };
    expect(inForce(plain, { allowPlainHttp: true })).toHaveProperty(name, 'http://idp.example/x');
  });

  it.each([
    [ISSUER, `${ISSUER}/`, true],
    [`${ISSUER}/`, ISSUER, true],
    [`${ISSUER}/t`, `${ISSUER}/t/`, false],
    [ISSUER, 'http://idp.example', false],
    [ISSUER, `${ISSUER}.evil.example`, false],
  ])('asked of %s, are those of %s: %s', (issuer, said, same) => {
    const make = () => inForce({ ...METADATA, issuer: said }, { issuer });
    if (same) expect(make().issuer).toBe(said);
    else expect(make).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });
});

it('throws nothing but faults, whatever a member of the document is', async () => {
  for (const member of Object.keys(METADATA)) {
    for (const value of [null, 7, {}, [], [null], '', '\u0000', 'x'.repeat(3000)]) {
      const { found } = await discover({}, { [OPENID]: () => json({ ...METADATA, [member]: value }) });
      const fault =
        found && 'fault' in found
          ? found.fault
          : await faultOf((async () => inForce(found as Record<string, unknown>))());
      const kind = fault instanceof ProviderFault ? fault.kind : fault;
      expect([undefined, 'invalid'], `${member}: ${JSON.stringify(value)}`).toContain(kind);
    }
  }
});
