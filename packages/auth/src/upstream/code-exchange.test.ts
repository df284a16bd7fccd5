import { beforeEach, describe, expect, it } from 'vitest';
import { authorizationUrl } from './authorization-url.ts';
import { exchangeCode } from './code-exchange.ts';
import { ProviderFault } from './provider-fault.ts';
import {
  CALLBACK_URL,
  CLIENT_SECRET,
  faultOf,
  ISSUER,
  json,
  type ScriptedProviderOptions,
  scriptedProvider,
  sign,
} from './scripted-provider.contract.ts';

const STATE = 'the-state';

/** A provider that was just asked, and the answer it would send the browser back with. */
async function begin(script: ScriptedProviderOptions = {}) {
  const idp = await scriptedProvider(script);
  const { secrets } = await authorizationUrl(idp.provider, { state: STATE, callbackUrl: CALLBACK_URL });
  const context = { callbackUrl: CALLBACK_URL, state: STATE, secrets };
  return {
    ...idp,
    context,
    finish: (over: Record<string, string> = {}, changed: Partial<typeof context> = {}) =>
      exchangeCode(idp.provider, new URLSearchParams({ code: 'the-code', state: STATE, ...over }), {
        ...context,
        ...changed,
      }),
  };
}

const tokens = (over: Record<string, unknown> = {}) =>
  json({ access_token: 'at', token_type: 'Bearer', ...over });

describe('a code of an OpenID provider', () => {
  let idp: Awaited<ReturnType<typeof begin>>;
  const answerWith = async (claims: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => {
    const idToken = await sign(idp.claims({ nonce: idp.context.secrets.nonce, ...claims }));
    idp.answer('/token', () => tokens({ id_token: idToken, ...more }));
    return idToken;
  };
  beforeEach(async () => {
    idp = await begin();
  });

  it('becomes tokens, and what the ID token says', async () => {
    const idToken = await answerWith(
      { name: 'Alice' },
      { refresh_token: 'rt', expires_in: 60, scope: 'openid' },
    );
    const { tokens: got, idTokenClaims } = await idp.finish();
    expect(got).toEqual({
      accessToken: 'at',
      refreshToken: 'rt',
      idToken,
      expiresAt: Math.floor(idp.clock.now() / 1000) + 60,
      scope: 'openid',
    });
    expect(idTokenClaims).toMatchObject({ sub: 'u-1', name: 'Alice' });
    expect(idp.sent.map(({ path }) => path)).toEqual(['/token']);
    expect(idp.sent[0]?.form).toEqual({
      grant_type: 'authorization_code',
      code: 'the-code',
      redirect_uri: CALLBACK_URL,
      code_verifier: idp.context.secrets.verifier,
    });
  });

  it.each([
    ['another person in the nonce', { nonce: 'of another' }],
    ['no nonce', { nonce: undefined }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['another audience', { aud: 'other' }],
    ['no end', { exp: undefined }],
    ['an end long ago', { exp: 1 }],
    ['no subject', { sub: undefined }],
    ['a number for a subject', { sub: 7 }],
    ['an empty subject', { sub: '' }],
    ['a subject too long', { sub: 'x'.repeat(256) }],
    ['a subject that hides something', { sub: 'u-1\u0000' }],
  ])('is nobody with an ID token of %s', async (_what, claims) => {
    await answerWith(claims);
    expect(await faultOf(idp.finish())).toMatchObject({ kind: 'invalid', operation: 'code-exchange' });
  });

  it('is nobody without an ID token, or with one that is no text', async () => {
    idp.answer('/token', () => tokens());
    expect(await faultOf(idp.finish())).toMatchObject({ kind: 'invalid' });
    idp.answer('/token', () => tokens({ id_token: { sub: 'root' } }));
    expect(await faultOf(idp.finish())).toMatchObject({ kind: 'invalid' });
  });

  it('is asked for by the clock that this server was given', async () => {
    await answerWith();
    idp.clock.advance(300 + 29);
    await idp.finish();
    idp.clock.advance(2);
    expect(await faultOf(idp.finish())).toMatchObject({ kind: 'invalid' });
  });

  it('is not sent anywhere without what belongs to the request', async () => {
    for (const secrets of [{}, { verifier: 'v' }, { nonce: 'n' }])
      expect(await faultOf(idp.finish({}, { secrets: secrets as never }))).toMatchObject({
        kind: 'invalid',
        detail: { why: 'the secrets of the request are missing' },
      });
    expect(idp.sent).toEqual([]);
  });

  it('shows none of its secrets in a fault', async () => {
    const { verifier } = idp.context.secrets;
    const description = `code the-code, verifier ${verifier}, secret ${CLIENT_SECRET}`;
    idp.answer('/token', () => json({ error: 'invalid_request', error_description: description }, 400));
    const fault = await faultOf(idp.finish());
    expect(fault).toMatchObject({
      kind: 'misconfigured',
      detail: { description: 'code [redacted], verifier [redacted], secret [redacted]' },
    });
    idp.answer('/token', () => tokens({ token_type: 'x', access_token: 'very-secret', id_token: 'a.b.c' }));
    const second = (await faultOf(idp.finish())) as ProviderFault;
    expect(second).toBeInstanceOf(ProviderFault);
    expect(JSON.stringify(second) + second.message + String(second.cause)).not.toMatch(/very-secret|a\.b\.c/);
  });

  it.each([
    ['no access token', { access_token: undefined }],
    ['an access token that is no text', { access_token: 7 }],
    ['no type', { token_type: undefined }],
    ['a refresh token that is no text', { refresh_token: ['a'] }],
    ['a lifetime that is no number', { expires_in: {} }],
  ])('is nobody with %s', async (_what, over) => {
    await answerWith({}, over);
    expect(await faultOf(idp.finish())).toMatchObject({ kind: 'invalid', operation: 'code-exchange' });
  });
});

describe('an answer that comes with the browser', () => {
  it.each([
    ['another state', { state: 'x' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['an empty code', { code: '' }],
    ['tokens', { id_token: 'x' }],
    ['a packed answer', { response: 'x' }],
  ])('with %s is not taken for the provider’s', async (_what, over) => {
    const { finish, sent } = await begin();
    expect(await faultOf(finish(over))).toMatchObject({ kind: 'invalid', operation: 'authorization' });
    expect(sent).toEqual([]);
  });

  it('needs the issuer where the provider says that it sends it', async () => {
    const metadata = { authorization_response_iss_parameter_supported: true };
    const { finish, sent } = await begin({ metadata });
    expect(await faultOf(finish())).toMatchObject({
      kind: 'invalid',
      detail: { expected: ISSUER, seen: '(none)' },
    });
    expect(sent).toEqual([]);
    expect(await faultOf(finish({ iss: ISSUER }))).toMatchObject({ operation: 'code-exchange' });
  });

  it.each([
    ['access_denied', 'ended'],
    ['login_required', 'ended'],
    ['anything_else', 'ended'],
    ['invalid_grant', 'ended'],
    ['server_error', 'unavailable'],
    ['temporarily_unavailable', 'unavailable'],
    ['invalid_request', 'misconfigured'],
    ['invalid_client', 'misconfigured'],
    ['unauthorized_client', 'misconfigured'],
    ['unsupported_response_type', 'misconfigured'],
    ['invalid_scope', 'misconfigured'],
    ['invalid_target', 'misconfigured'],
  ])('with the error %s is %s, and nothing is asked', async (error, kind) => {
    const { finish, sent } = await begin();
    expect(await faultOf(finish({ error }))).toMatchObject({
      kind,
      operation: 'authorization',
      detail: { error },
    });
    expect(await faultOf(finish({ error, state: 'x' }))).toMatchObject({ kind: 'invalid' });
    expect(sent).toEqual([]);
  });

  it('can not spoil the log', async () => {
    const { finish } = await begin();
    const error = `x\r\nforged\u001b[31m${'y'.repeat(500)}`;
    const fault = (await faultOf(finish({ error }))) as ProviderFault;
    expect(String(fault.detail.error)).toMatch(/^x\?\?forged\?\[31my+$/);
    expect(String(fault.detail.error)).toHaveLength(200);
  });
});

describe('a code of a plain OAuth provider', () => {
  const plain: ScriptedProviderOptions = {
    options: { scopes: ['read'], tokenParameters: { audience: 'db' }, clientAuthentication: 'post' },
  };

  it('becomes tokens alone; an ID token that nobody asked for is not looked at', async () => {
    const { answer, finish, sent } = await begin(plain);
    answer('/token', () => tokens({ id_token: 'rubbish', token_type: 'bearer' }));
    expect(await finish()).toEqual({ tokens: { accessToken: 'at' } });
    expect(sent[0]?.form).toMatchObject({ audience: 'db', client_id: 'my-id', client_secret: CLIENT_SECRET });
  });

  it('is sent without verifier where PKCE is off', async () => {
    const { answer, finish, sent } = await begin({ options: { ...plain.options, pkce: false } });
    answer('/token', () => tokens());
    await finish();
    expect(sent[0]?.form).not.toHaveProperty('code_verifier');
  });

  it('meets a page in place of JSON: for the operator', async () => {
    const { answer, finish } = await begin(plain);
    answer('/token', () => new Response('access_token=a', { headers: { 'content-type': 'text/html' } }));
    expect(await faultOf(finish())).toMatchObject({
      kind: 'misconfigured',
      detail: { why: 'the answer is no JSON object', contentType: 'text/html' },
    });
  });
});
