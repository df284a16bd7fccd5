/** Clients that show who they are with a key of their own (RFC 7523), well and badly. */
import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Fields } from '../../clients/plain-client.ts';
import { programSeen, tokensSeen } from '../observation.ts';
import type { Behaviour, Target } from '../target.ts';
import { approve, behaviour, enrol, logIn, NATIVE, refreshes, refreshTokenOf } from './acts.ts';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const SIGNING = { token_endpoint_auth_method: 'private_key_jwt' };

const own = await generateKeyPair('ES256', { extractable: true });
const foreign = await generateKeyPair('ES256', { extractable: true });
const publicJwk = { ...(await exportJWK(own.publicKey)), use: 'sig' };
const KEYS = { jwks: { keys: [publicJwk] } };

let count = 0;
const seconds = () => Math.floor(Date.now() / 1000);

/** The claims of a good assertion, each with a `jti` of its own. */
function claimsOf(id: string, target: Target): JWTPayload {
  count += 1;
  return { iss: id, sub: id, aud: target.issuer, jti: `jti-${count}`, iat: seconds(), exp: seconds() + 60 };
}

const sign = (claims: JWTPayload, header: Record<string, unknown> = {}, by = own) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', ...header }).sign(by.privateKey);

const fields = (token: string): Fields => ({ client_assertion_type: TYPE, client_assertion: token });

/** A token put together by hand, with whatever signature. */
function assembled(header: unknown, claims: unknown, mac?: string): string {
  const parts = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const input = parts.join('.');
  return `${input}.${mac === undefined ? '' : createHmac('sha256', mac).update(input).digest('base64url')}`;
}

type Make = (claims: JWTPayload, target: Target) => Promise<Fields>;

/** A client with a registered key exchanges its code with something for an assertion, and then as it should. */
const exchange = (id: string, what: string, make: Make): Behaviour =>
  behaviour(id, 'AS-20', what, async (target) => {
    const client = await enrol(target, { ...SIGNING, ...KEYS });
    const { exchanged } = await approve(target, client);
    const changed = await make(claimsOf(client.id, target), target);
    const seen = tokensSeen(await target.client.token({ ...exchanged, ...changed }));
    if (seen.status === '200') return seen;
    const right = fields(await sign(claimsOf(client.id, target)));
    const again = await target.client.token({ ...exchanged, ...right });
    return { ...seen, 'the right one afterwards': again.status === 200 ? 'works' : String(again.body.error) };
  });

/** An assertion that is good but for some claims. */
const claiming = (id: string, what: string, change: (claims: JWTPayload, target: Target) => JWTPayload) =>
  exchange(id, what, async (claims, target) => fields(await sign({ ...claims, ...change(claims, target) })));

/** An assertion that is good but for its header. */
const heading = (id: string, what: string, header: Record<string, unknown>) =>
  exchange(id, what, async (claims) => fields(await sign(claims, header)));

const CLAIMS = [
  claiming('assertion-good', 'Signs an assertion for the issuer', () => ({})),
  claiming('assertion-for-endpoint', 'Signs an assertion for the token endpoint', (_, target) => ({
    aud: `${target.issuer}/token`,
  })),
  claiming('assertion-for-list', 'Signs an assertion for several, us among them', (_, target) => ({
    aud: ['https://else.example', target.issuer],
  })),
  claiming('assertion-for-other', 'Signs an assertion for another server', () => ({
    aud: 'https://else.example',
  })),
  claiming('assertion-for-slash', 'Signs an assertion for almost us', (_, target) => ({
    aud: `${target.issuer}/`,
  })),
  claiming('assertion-for-nobody', 'Signs an assertion for nobody', () => ({ aud: undefined })),
  claiming('assertion-no-jti', 'Signs an assertion without an id', () => ({ jti: undefined })),
  claiming('assertion-no-exp', 'Signs an assertion without an end', () => ({ exp: undefined })),
  claiming('assertion-no-iat', 'Signs an assertion without a beginning', () => ({ iat: undefined })),
  claiming('assertion-expired', 'Signs an assertion that ended a minute ago', () => ({
    iat: seconds() - 120,
    exp: seconds() - 60,
  })),
  claiming('assertion-early', 'Signs an assertion that begins in a minute', () => ({
    nbf: seconds() + 60,
    exp: seconds() + 120,
  })),
  claiming('assertion-long', 'Signs an assertion for a whole day', () => ({ exp: seconds() + 86_400 })),
  claiming('assertion-other-issuer', 'Signs an assertion that another one issued', () => ({
    iss: 'another',
  })),
  claiming('assertion-other-subject', 'Signs an assertion about another one', () => ({ sub: 'another' })),
  claiming('assertion-nobody', 'Signs an assertion for a client that nobody knows', () => ({
    iss: 'nobody',
    sub: 'nobody',
  })),
];

const SIGNATURES = [
  heading('assertion-typed', 'Says that its assertion is a JWT', { typ: 'JWT' }),
  heading('assertion-as-access-token', 'Says that its assertion is an access token', { typ: 'at+jwt' }),
  heading('assertion-unknown-key', 'Names a key that it did not register', { kid: 'unknown' }),
  heading('assertion-own-key', 'Brings a key in its assertion', { jwk: publicJwk }),
  exchange('assertion-other-key', 'Signs with the key of somebody else', async (claims) =>
    fields(await sign(claims, {}, foreign)),
  ),
  exchange('assertion-foreign-key', 'Brings the key of somebody else in its assertion', async (claims) =>
    fields(await sign(claims, { jwk: await exportJWK(foreign.publicKey) }, foreign)),
  ),
  exchange('assertion-public-key-as-secret', 'Signs with its public key as a secret', async (claims) =>
    fields(assembled({ alg: 'HS256' }, claims, await exportSPKI(own.publicKey))),
  ),
  exchange('assertion-unsigned', 'Signs nothing', async (claims) =>
    fields(assembled({ alg: 'none' }, claims)),
  ),
  exchange('assertion-cut', 'Loses the end of its assertion', async (claims) =>
    fields((await sign(claims)).slice(0, -10)),
  ),
  exchange('assertion-no-token', 'Sends something else for an assertion', async () => fields('something')),
];

const REQUESTS = [
  exchange('assertion-absent', 'Sends no assertion', async () => ({})),
  exchange('assertion-secret-instead', 'Sends a secret in place of an assertion', async () => ({
    client_secret: 'made up',
  })),
  exchange('assertion-and-secret', 'Sends a secret beside its assertion', async (claims) => ({
    ...fields(await sign(claims)),
    client_secret: 'made up',
  })),
  exchange('assertion-other-type', 'Says that its assertion is of another type', async (claims) => ({
    ...fields(await sign(claims)),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
  })),
  exchange('assertion-no-type', 'Does not say of what type its assertion is', async (claims) => ({
    client_assertion: await sign(claims),
  })),
  exchange('assertion-other-id', 'Names another client beside its assertion', async (claims, target) => ({
    ...fields(await sign(claims)),
    client_id: (await enrol(target)).id,
  })),
  exchange('assertion-no-id', 'Names no client beside its assertion', async (claims) => ({
    ...fields(await sign(claims)),
    client_id: undefined,
  })),
  exchange('assertion-used', 'Sends an assertion that it used before', async (claims, target) => {
    const used = fields(await sign(claims));
    await target.client.post('/revoke', { token: 'something', ...used });
    return used;
  }),
  behaviour(
    'assertion-of-public',
    'AS-20',
    'Registered as public, and sends an assertion',
    async (target) => {
      const client = await enrol(target);
      const { exchanged } = await approve(target, client);
      const proof = fields(await sign(claimsOf(client.id, target)));
      return tokensSeen(await target.client.token({ ...exchanged, ...proof }));
    },
  ),
];

/** A login of a client that signs. */
async function signedLogin(target: Target) {
  const client = await enrol(target, { ...SIGNING, ...KEYS });
  const approved = await approve(target, client);
  const proof = async (over: JWTPayload = {}) =>
    fields(await sign({ ...claimsOf(client.id, target), ...over }));
  const answer = await target.client.token({ ...approved.exchanged, ...(await proof()) });
  return { client, proof, refreshToken: refreshTokenOf(answer), token: String(answer.body.access_token) };
}

const AFTERWARDS = [
  behaviour('assertion-refresh', 'AS-11 AS-20', 'Signs an assertion to refresh', async (target) => {
    const { client, proof, refreshToken } = await signedLogin(target);
    return tokensSeen(await target.client.refresh(client, refreshToken, await proof()));
  }),
  behaviour('assertion-refresh-without', 'AS-11 AS-20', 'Refreshes without an assertion', async (target) => {
    const { client, proof, refreshToken } = await signedLogin(target);
    const seen = tokensSeen(await target.client.refresh(client, refreshToken));
    const again = await target.client.refresh(client, refreshToken, await proof());
    return { ...seen, 'with one afterwards': String(again.status) };
  }),
  behaviour('assertion-refresh-other', 'AS-11 AS-20', 'Refreshes for somebody else', async (target) => {
    const { proof } = await signedLogin(target);
    const { client, response } = await logIn(target);
    const answer = await target.client.refresh(client, refreshTokenOf(response), {
      ...(await proof()),
      client_id: undefined,
    });
    const stillWorks = await refreshes(target, client, refreshTokenOf(response));
    return { ...tokensSeen(answer), 'the other one refreshes': stillWorks };
  }),
  behaviour('assertion-revoke', 'AS-19 AS-20', 'Signs an assertion to revoke', async (target) => {
    const { proof, refreshToken } = await signedLogin(target);
    const aud = `${target.issuer}/revoke`;
    return programSeen(
      await target.client.post('/revoke', { token: refreshToken, ...(await proof({ aud })) }),
    );
  }),
  behaviour('assertion-revoke-without', 'AS-19 AS-20', 'Revokes without an assertion', async (target) => {
    const { client, refreshToken } = await signedLogin(target);
    const request = { token: refreshToken, client_id: client.id };
    return programSeen(await target.client.post('/revoke', request));
  }),
];

/** The answer to a registration, and whether the keys are said back. */
const registering = (id: string, what: string, members: Record<string, unknown>) =>
  behaviour(id, 'AS-15 AS-20', what, async (target) => {
    const { status, body } = await target.client.postJson('/register', { ...NATIVE, ...SIGNING, ...members });
    return {
      status: String(status),
      ...(typeof body.error === 'string' ? { error: body.error } : {}),
      secret: 'client_secret' in body ? 'yes' : 'no',
      keys: 'jwks' in body ? 'jwks' : 'jwks_uri' in body ? 'jwks_uri' : 'none',
    };
  });

const REGISTERING = [
  registering('register-keys', 'Registers public keys', KEYS),
  registering('register-keys-uri', 'Registers the address of its keys', {
    jwks_uri: 'https://client.example/jwks.json',
  }),
  registering('register-keys-http', 'Registers an address of keys over plain http', {
    jwks_uri: 'http://client.example/jwks.json',
  }),
  registering('register-no-keys', 'Wants to sign and registers no key', {}),
  registering('register-keys-twice', 'Registers keys and their address', {
    ...KEYS,
    jwks_uri: 'https://client.example/jwks.json',
  }),
  registering('register-private-key', 'Registers its private key', {
    jwks: { keys: [await exportJWK(own.privateKey)] },
  }),
  registering('register-signing-algorithm', 'Says with which algorithm it signs', {
    ...KEYS,
    token_endpoint_auth_signing_alg: 'ES256',
  }),
  registering('register-secret-algorithm', 'Says that it signs with a secret', {
    ...KEYS,
    token_endpoint_auth_signing_alg: 'HS256',
  }),
];

export const CLIENT_ASSERTIONS: readonly Behaviour[] = [
  ...REGISTERING,
  ...CLAIMS,
  ...SIGNATURES,
  ...REQUESTS,
  ...AFTERWARDS,
];
