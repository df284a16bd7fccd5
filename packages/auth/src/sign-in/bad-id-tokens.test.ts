import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type HandMadeProvider, startHandMadeProvider } from '../../../../e2e/servers/hand-made-provider.ts';
import { manualClock, nowSeconds } from '../core/clock.ts';
import type { Fetch } from '../core/fetch.ts';
import { type UpstreamProviderOptions, upstreamProvider } from './upstream-provider.ts';

const callbackUrl = 'http://127.0.0.1:9/auth/callback';
const fetchWithoutRedirects: Fetch = (url, init) => fetch(url, { ...init, redirect: 'manual' });
const clock = manualClock();

let idp: HandMadeProvider;
beforeAll(async () => {
  idp = await startHandMadeProvider();
});
afterAll(() => idp.close());
afterEach(() => {
  idp.answers.delete('/token');
  idp.answers.delete('/userinfo');
});

const open = (options: Partial<UpstreamProviderOptions> = {}) =>
  upstreamProvider(
    { issuer: idp.issuer, clientId: 'c', clientSecret: 's', userinfo: false, ...options },
    { fetch: fetchWithoutRedirects, clock },
  );

const goodClaims = (nonce: string): Record<string, unknown> => ({
  iss: idp.issuer,
  aud: 'c',
  sub: 'u-1',
  nonce,
  iat: nowSeconds(clock),
  exp: nowSeconds(clock) + 300,
});

type TokenMaker = (claims: Record<string, unknown>) => Promise<string> | string;

async function finishWith(make: TokenMaker, options: Partial<UpstreamProviderOptions> = {}) {
  const door = await open(options);
  const step = await door.start({ state: 'st', callbackUrl });
  const idToken = await make(goodClaims(step.secrets.nonce ?? ''));
  idp.answers.set('/token', { body: { access_token: 'at', token_type: 'Bearer', id_token: idToken } });
  return door.finish(new URLSearchParams({ code: 'x', state: 'st' }), {
    callbackUrl,
    secrets: step.secrets,
    state: 'st',
  });
}

const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signs a payload as it is written, duplicates and all. */
async function signText(header: string, payload: string): Promise<string> {
  // A compact JWS over the very text: sign with the low-level primitive of the same key.
  return rawSign(`${part(header)}.${part(payload)}`);
}

let rawKey: CryptoKey;
async function rawSign(input: string): Promise<string> {
  const bytes = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', rawKey, Buffer.from(input));
  return `${input}.${Buffer.from(bytes).toString('base64url')}`;
}

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  rawKey = pair.privateKey as CryptoKey;
  const raw = { ...(await exportJWK(pair.publicKey)), kid: 'raw', alg: 'RS256', use: 'sig' };
  const weak = { kty: 'oct', kid: 'shared', alg: 'HS256', k: part('known to everybody') };
  idp.answers.set('/jwks', { body: { keys: [idp.publicKey, raw, weak] } });
});

const refused: [string, TokenMaker][] = [
  ['alg none', (claims) => `${part({ alg: 'none' })}.${part(claims)}.`],
  ['alg NoNe', (claims) => `${part({ alg: 'NoNe' })}.${part(claims)}.`],
  [
    'HS256 with the public key as the secret',
    async (claims) => {
      const pem = await exportSPKI((await importJWK(idp.publicKey, 'RS256')) as CryptoKey);
      const input = `${part({ alg: 'HS256', kid: 'first' })}.${part(claims)}`;
      return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
    },
  ],
  [
    'HS256 with the client secret',
    (claims) => {
      const input = `${part({ alg: 'HS256' })}.${part(claims)}`;
      return `${input}.${createHmac('sha256', 's').update(input).digest('base64url')}`;
    },
  ],
  [
    'HS256 with a symmetric key of the key set',
    (claims) => {
      const input = `${part({ alg: 'HS256', kid: 'shared' })}.${part(claims)}`;
      return `${input}.${createHmac('sha256', 'known to everybody').update(input).digest('base64url')}`;
    },
  ],
  [
    'a key of somebody else',
    async (claims) => {
      const { privateKey } = await generateKeyPair('RS256');
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'first' }).sign(privateKey);
    },
  ],
  [
    'a key inside the token',
    async (claims) => {
      const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
      const jwk = await exportJWK(publicKey);
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', jwk }).sign(privateKey);
    },
  ],
  ['a changed payload', async (claims) => swapPayload(await idp.sign(claims), { ...claims, sub: 'root' })],
  [
    'an unknown critical header',
    (claims) => signText('{"alg":"RS256","kid":"raw","crit":["x"],"x":1}', text(claims)),
  ],
  ['a wrong audience', (claims) => idp.sign({ ...claims, aud: 'other' })],
  ['an audience of many without azp', (claims) => idp.sign({ ...claims, aud: ['c', 'other'] })],
  ['another authorized party', (claims) => idp.sign({ ...claims, aud: ['c', 'other'], azp: 'other' })],
  ['no audience', (claims) => idp.sign({ ...claims, aud: undefined })],
  ['another issuer', (claims) => idp.sign({ ...claims, iss: 'https://evil.example' })],
  ['an issuer that only looks the same', (claims) => idp.sign({ ...claims, iss: `${idp.issuer}/` })],
  ['an end in the past', (claims) => idp.sign({ ...claims, exp: nowSeconds(clock) - 31 })],
  ['no end', (claims) => idp.sign({ ...claims, exp: undefined })],
  ['an end that is text', (claims) => idp.sign({ ...claims, exp: '9999999999' })],
  ['a beginning in the future', (claims) => idp.sign({ ...claims, nbf: nowSeconds(clock) + 31 })],
  ['no nonce', (claims) => idp.sign({ ...claims, nonce: undefined })],
  ['the nonce of another request', (claims) => idp.sign({ ...claims, nonce: 'other' })],
  ['no subject', (claims) => idp.sign({ ...claims, sub: undefined })],
  ['a subject that is no text', (claims) => idp.sign({ ...claims, sub: 7 })],
  ['an empty subject', (claims) => idp.sign({ ...claims, sub: '' })],
  ['a subject that is too long', (claims) => idp.sign({ ...claims, sub: 'a'.repeat(256) })],
  ['a subject with a control character', (claims) => idp.sign({ ...claims, sub: 'root\u0000' })],
  [
    'a claim twice',
    (claims) => signText('{"alg":"RS256","kid":"raw"}', `{"sub":"root",${text(claims).slice(1)}`),
  ],
  [
    'a claim twice, spelled in two ways',
    (claims) => signText('{"alg":"RS256","kid":"raw"}', `{"s\\u0075b":"root",${text(claims).slice(1)}`),
  ],
  ['a header member twice', (claims) => signText('{"alg":"none","alg":"RS256","kid":"raw"}', text(claims))],
  ['an encrypted form', () => 'a.b.c.d.e'],
  ['no JWT', () => 'not a token'],
  ['a payload that is a list', () => signText('{"alg":"RS256","kid":"raw"}', '[]')],
  ['nothing', () => ''],
];

function text(claims: Record<string, unknown>): string {
  return JSON.stringify(claims);
}

function swapPayload(token: string, claims: Record<string, unknown>): string {
  const [header, , signature] = token.split('.');
  return `${header}.${part(claims)}.${signature}`;
}

describe('ID tokens that no good provider gives', () => {
  it('accepts the good one, and one within the tolerance of the clock', async () => {
    expect((await finishWith((claims) => idp.sign(claims))).identity.subject).toBe('u-1');
    const late = (claims: Record<string, unknown>) => idp.sign({ ...claims, exp: nowSeconds(clock) - 29 });
    expect((await finishWith(late)).identity.subject).toBe('u-1');
    const plain = (claims: Record<string, unknown>) => signText('{"alg":"RS256","kid":"raw"}', text(claims));
    expect((await finishWith(plain)).identity.subject).toBe('u-1');
  });

  it.each(refused)('[G9] refuses %s', async (_what, make) => {
    await expect(finishWith(make)).rejects.toMatchObject({ reason: 'sign-in.provider-answer' });
  });

  it('[G9] refuses an algorithm that was not configured', async () => {
    const options = { idTokenAlgorithms: ['PS256', 'ES256'] };
    await expect(finishWith((claims) => idp.sign(claims), options)).rejects.toMatchObject({
      reason: 'sign-in.provider-answer',
    });
  });

  it('requires one when openid was asked for', async () => {
    const door = await open();
    const step = await door.start({ state: 'st', callbackUrl });
    idp.answers.set('/token', { body: { access_token: 'at', token_type: 'Bearer' } });
    const context = { callbackUrl, secrets: step.secrets, state: 'st' };
    await expect(door.finish(new URLSearchParams({ code: 'x', state: 'st' }), context)).rejects.toMatchObject(
      {
        reason: 'sign-in.provider-answer',
      },
    );
  });
});

describe('userinfo beside an ID token', () => {
  const sign: TokenMaker = (claims) => idp.sign({ ...claims, email: 'a@example.com' });

  it('refuses an answer about somebody else', async () => {
    idp.answers.set('/userinfo', { body: { sub: 'root' } });
    await expect(finishWith(sign, { userinfo: true })).rejects.toMatchObject({
      reason: 'sign-in.provider-answer',
    });
  });

  it.each([
    [{ email: 'b@example.com', email_verified: true }, false],
    [{ email_verified: true }, false],
    [{ email: 'a@example.com', email_verified: true }, true],
    [{ email: 'a@example.com', email_verified: 'true' }, true],
    [{ email: 'a@example.com', email_verified: 'false' }, false],
    [{ email: 'a@example.com', email_verified: 1 }, false],
  ])('takes %j for the verification of the address: %j', async (claims, emailVerified) => {
    idp.answers.set('/userinfo', { body: { sub: 'u-1', ...claims } });
    const { identity } = await finishWith(sign, { userinfo: true });
    expect(identity).toMatchObject({ email: 'a@example.com', emailVerified });
  });

  it('accepts a signed answer, and refuses one for another client', async () => {
    const answer = async (claims: Record<string, unknown>) =>
      idp.answers.set('/userinfo', { contentType: 'application/jwt', body: await idp.sign(claims) });
    await answer({ sub: 'u-1', name: 'A', iss: idp.issuer, aud: 'c' });
    expect((await finishWith(sign, { userinfo: true })).identity.name).toBe('A');
    await answer({ sub: 'u-1', name: 'A', iss: idp.issuer, aud: 'other' });
    await expect(finishWith(sign, { userinfo: true })).rejects.toMatchObject({
      reason: 'sign-in.provider-answer',
    });
  });
});

describe('a plain OAuth 2 provider', () => {
  const plain = (): Partial<UpstreamProviderOptions> => ({
    scopes: ['read:user'],
    discovery: false,
    subjectClaim: 'id',
    userinfo: true,
    endpoints: {
      authorization: `${idp.issuer}/authorize`,
      token: `${idp.issuer}/token`,
      userinfo: `${idp.issuer}/userinfo`,
    },
  });

  async function finish(userinfo: unknown, idToken?: string) {
    const door = await open(plain());
    const step = await door.start({ state: 'st', callbackUrl });
    expect(step.secrets).not.toHaveProperty('nonce');
    idp.answers.set('/token', { body: { access_token: 'at', token_type: 'bearer', id_token: idToken } });
    idp.answers.set('/userinfo', { body: userinfo });
    const context = { callbackUrl, secrets: step.secrets, state: 'st' };
    return door.finish(new URLSearchParams({ code: 'x', state: 'st' }), context);
  }

  it('names the person by the member that never changes', async () => {
    const { identity, upstream } = await finish({ id: 583231, login: 'octo', email: 'o@example.com' });
    expect(identity).toEqual({
      issuer: idp.issuer,
      subject: '583231',
      name: 'octo',
      email: 'o@example.com',
      emailVerified: false,
    });
    expect(upstream).toEqual({ accessToken: 'at' });
  });

  it('does not look at an ID token that nobody asked for', async () => {
    const { identity } = await finish({ id: 'x' }, `${part({ alg: 'none' })}.${part({ sub: 'root' })}.`);
    expect(identity.subject).toBe('x');
  });

  it.each([
    {},
    { id: null },
    { id: '' },
    { id: 1.5 },
    { id: 2 ** 53 },
    { id: ['a'] },
    { id: 'a'.repeat(256) },
  ])('refuses %j', async (userinfo) => {
    await expect(finish(userinfo)).rejects.toMatchObject({ reason: 'sign-in.provider-answer' });
  });

  it('knows an error that comes with a 200', async () => {
    const door = await open(plain());
    const step = await door.start({ state: 'st', callbackUrl });
    idp.answers.set('/token', { body: { error: 'bad_verification_code', error_description: 'at fault' } });
    const context = { callbackUrl, secrets: step.secrets, state: 'st' };
    await expect(door.finish(new URLSearchParams({ code: 'x', state: 'st' }), context)).rejects.toMatchObject(
      {
        reason: 'sign-in.provider-misconfigured',
        detail: { status: 200, error: 'bad_verification_code' },
      },
    );
  });
});

describe('refreshing', () => {
  const tokens = async (sub: string) => ({
    accessToken: 'a',
    refreshToken: 'r',
    idToken: await idp.sign({ ...goodClaims('n'), sub }),
  });

  it.each([
    ['about another person', 'u-2', 'sign-in.provider-misconfigured'],
    ['about the same person', 'u-1', undefined],
  ])('with a new ID token %s', async (_what, sub, reason) => {
    const { idToken } = await tokens(sub);
    idp.answers.set('/token', { body: { access_token: 'b', token_type: 'Bearer', id_token: idToken } });
    const door = await open();
    const outcome = await door.refresh!(await tokens('u-1')).catch((error: unknown) => error);
    if (reason) expect(outcome).toMatchObject({ reason });
    else expect(outcome).toEqual({ accessToken: 'b', refreshToken: 'r', idToken });
  });

  it('asks for nothing but the tokens, so that a rotated one is not lost', async () => {
    const door = await open();
    idp.answers.set('/token', {
      body: {
        access_token: 'b',
        token_type: 'Bearer',
        refresh_token: 'r2',
        id_token: (await tokens('u-1')).idToken,
      },
    });
    const before = idp.asked.length;
    expect((await door.refresh!(await tokens('u-1'))).refreshToken).toBe('r2');
    expect(idp.asked.slice(before)).toEqual(['/token']);
  });
});
