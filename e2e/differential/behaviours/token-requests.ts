import {
  type Client,
  challengeOf,
  type Fields,
  newVerifier,
  readAnswer,
} from '../../clients/plain-client.ts';
import {
  audienceSeen,
  claimsSeen,
  type Observation,
  programSeen,
  STATE,
  sentBack,
  tokensSeen,
} from '../observation.ts';
import type { Target } from '../target.ts';
import { approve, basic, behaviour, enrol, filled, logIn, refreshes, refreshTokenOf, USUAL } from './acts.ts';

/** Exchanges a good code with some fields changed, and then as it should be: was the code used up? */
const exchange = (
  id: string,
  rules: string,
  what: string,
  change: Fields | ((target: Target) => Promise<Fields>),
) =>
  behaviour(id, rules, what, async (target) => {
    const { exchanged } = await approve(target);
    const changed = typeof change === 'function' ? await change(target) : filled(target, change);
    const seen = tokensSeen(await target.client.token({ ...exchanged, ...changed }));
    if (seen.status === '200') return seen;
    const again = await target.client.token(exchanged);
    return { ...seen, 'the right one afterwards': again.status === 200 ? 'works' : String(again.body.error) };
  });

const CODES = [
  exchange('code-good', 'AS-9 AS-20', 'Exchanges its code', {}),
  exchange('code-wrong-verifier', 'AS-2 AS-8', 'Sends another verifier', async () => ({
    code_verifier: newVerifier(),
  })),
  exchange('code-no-verifier', 'AS-2 AS-8', 'Sends no verifier', { code_verifier: undefined }),
  exchange('code-short-verifier', 'AS-2 AS-8', 'Sends a verifier that is too short', {
    code_verifier: 'short',
  }),
  exchange('code-other-redirect', 'AS-8', 'Names another redirect URI', {
    redirect_uri: 'http://127.0.0.1:1/other',
  }),
  exchange('code-no-redirect', 'AS-8', 'Names no redirect URI', { redirect_uri: undefined }),
  exchange('code-other-client', 'AS-8', 'Is another client', async (target) => ({
    client_id: (await enrol(target)).id,
  })),
  exchange('code-made-up', 'AS-8 AS-9', 'Makes up a code', { code: 'made-up' }),
  exchange('code-missing', 'AS-9', 'Sends no code', { code: undefined }),
  exchange('code-same-resource', 'AS-10', 'Names the resource again', { resource: '{resource}' }),
  exchange('code-other-resource', 'AS-8 AS-10', 'Names another resource', {
    resource: 'https://other.example/mcp',
  }),
  exchange('code-twice-in-form', 'AS-9 AS-21', 'Sends its code twice in one form', async () => ({
    code: ['a', 'b'],
  })),
  behaviour('code-late', 'AS-8', 'Comes 61 seconds later', async (target) => {
    const { exchanged } = await approve(target);
    target.advance(61);
    return tokensSeen(await target.client.token(exchanged));
  }),
  behaviour('code-replayed', 'AS-8', 'Exchanges its code a second time, a minute later', async (target) => {
    const { client, exchanged, response } = await logIn(target);
    target.advance(30);
    const seen = tokensSeen(await target.client.token(exchanged));
    return {
      ...seen,
      'refresh token of the first': await refreshes(target, client, refreshTokenOf(response)),
    };
  }),
  behaviour('code-replayed-at-once', 'AS-8', 'Exchanges its code a second time at once', async (target) => {
    const { client, exchanged, response } = await logIn(target);
    const seen = tokensSeen(await target.client.token(exchanged));
    return {
      ...seen,
      'refresh token of the first': await refreshes(target, client, refreshTokenOf(response)),
    };
  }),
];

const form = 'application/x-www-form-urlencoded';

/** What arrives at the token endpoint as it is. */
const raw = (id: string, what: string, init: RequestInit) =>
  behaviour(id, 'AS-9', what, async (target) =>
    programSeen(await readAnswer(await fetch(`${target.issuer}/token`, init))),
  );

const grant = (id: string, rules: string, what: string, fields: Fields) =>
  behaviour(id, rules, what, async (target) => {
    const { id: clientId } = await enrol(target);
    return programSeen(await target.client.token({ client_id: clientId, ...filled(target, fields) }));
  });

const REQUESTS = [
  raw('token-json', 'Sends JSON to the token endpoint', {
    method: 'POST',
    body: '{"grant_type":"authorization_code"}',
    headers: { 'content-type': 'application/json' },
  }),
  raw('token-get', 'Asks the token endpoint with GET', {}),
  raw('token-empty', 'Sends nothing to the token endpoint', {
    method: 'POST',
    body: '',
    headers: { 'content-type': form },
  }),
  raw('token-huge', 'Sends a megabyte to the token endpoint', {
    method: 'POST',
    body: `grant_type=refresh_token&refresh_token=${'x'.repeat(1_000_000)}`,
    headers: { 'content-type': form },
  }),
  grant('grant-missing', 'AS-9', 'Names no grant', {}),
  grant('grant-password', 'AS-9 AS-22', 'Sends the password of a person', {
    grant_type: 'password',
    username: 'a',
    password: 'b',
  }),
  grant('grant-client-credentials', 'AS-22', 'Asks for a token without a person', {
    grant_type: 'client_credentials',
  }),
  grant('grant-jwt-bearer', 'AS-22', 'Sends an assertion of somebody else', {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: 'a.b.c',
  }),
  grant('grant-device-code', 'AS-22', 'Sends a device code', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: 'x',
  }),
  grant('grant-token-exchange', 'AS-22', 'Wants to exchange a token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: 'x',
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  }),
  behaviour('token-headers', 'AS-9', 'Looks at the headers of a token response', async (target) => {
    const { headers } = (await logIn(target)).response;
    return {
      type: headers.get('content-type')?.split(';')[0] ?? 'none',
      'cache-control': headers.get('cache-control') ?? 'none',
    };
  }),
  behaviour('token-cors', 'AS-9', 'Exchanges from a web page of somebody else', async (target) => {
    const { exchanged } = await approve(target);
    const { status, headers } = await target.client.token(exchanged, { origin: 'https://page.example' });
    return { status: String(status), readable: headers.has('access-control-allow-origin') ? 'yes' : 'no' };
  }),
  behaviour('access-token', 'AS-19', 'Looks into the access token', async (target) =>
    claimsSeen((await logIn(target)).tokens.access_token),
  ),
  behaviour('access-token-life', 'AS-11', 'Looks how long the access token lives', async (target) => ({
    seconds: String((await logIn(target)).tokens.expires_in),
  })),
];

/** A whole login with some fields of the request changed: what the token is for, or how the client was sent back without one. */
const resource = (id: string, what: string, fields: Fields) =>
  behaviour(id, 'AS-10', what, async (target) => {
    const client = await enrol(target);
    const verifier = newVerifier();
    const url = target.client.authorizationUrl(client, {
      ...USUAL,
      state: STATE,
      code_challenge: challengeOf(verifier),
      ...filled(target, fields),
    });
    const answer = await target.newBrowser().walk(url);
    const code = answer.searchParams.get('code');
    if (code === null) return sentBack(answer, target);
    return audienceSeen(
      await target.client.token({
        grant_type: 'authorization_code',
        code,
        client_id: client.id,
        redirect_uri: client.redirectUri,
        code_verifier: verifier,
      }),
      target,
    );
  });

const RESOURCES = [
  resource('resource-good', 'Names the resource and a scope', { scope: 'mcp:read' }),
  resource('resource-missing', 'Names no resource', { scope: 'mcp:read', resource: undefined }),
  resource('resource-upper-case', 'Writes the scheme of the resource in upper case', {
    scope: 'mcp:read',
    resource: '{RESOURCE}',
  }),
  resource('scope-missing', 'Names no scope', { scope: undefined }),
  resource('scope-two', 'Asks for two scopes', { scope: 'mcp:read mcp:write' }),
  resource('scope-offline', 'Asks for offline_access, and for consent', {
    scope: 'mcp:read offline_access',
    prompt: 'consent',
  }),
];

/** Clients that prove themselves, or fail to: one good code each. */
const proof = (
  id: string,
  rules: string,
  what: string,
  which: keyof Target['known'],
  prove: (client: Client) => { readonly fields?: Fields; readonly headers?: Record<string, string> },
) =>
  behaviour(id, rules, what, async (target) => {
    const client = target.known[which];
    const { exchanged } = await approve(target, client);
    const { fields = {}, headers } = prove(client);
    const answer = await target.client.token({ ...exchanged, ...fields }, headers);
    const challenge: Observation =
      answer.status === 401
        ? { challenge: answer.headers.get('www-authenticate')?.split(' ')[0] ?? 'none' }
        : {};
    return { ...tokensSeen(answer), ...challenge };
  });

const wrong = { secret: 'wrong' };

const PROOFS = [
  proof('client-public', 'AS-16 AS-20', 'Is public and known to the operator', 'public', () => ({})),
  proof('client-basic', 'AS-16 AS-20', 'Sends its secret in the header', 'basic', (client) => ({
    fields: { client_id: undefined },
    headers: basic(client),
  })),
  proof('client-post', 'AS-16 AS-20', 'Sends its secret in the form', 'post', ({ secret }) => ({
    fields: { client_secret: secret },
  })),
  proof('client-basic-wrong', 'AS-9 AS-16', 'Sends a wrong secret in the header', 'basic', (client) => ({
    fields: { client_id: undefined },
    headers: basic({ ...client, ...wrong }),
  })),
  proof('client-post-wrong', 'AS-9 AS-16', 'Sends a wrong secret in the form', 'post', () => ({
    fields: { client_secret: 'wrong' },
  })),
  proof('client-no-secret', 'AS-9 AS-16', 'Leaves its secret out', 'basic', () => ({})),
  proof('client-both', 'AS-9 AS-16', 'Sends its secret in the header and in the form', 'basic', (client) => ({
    fields: { client_secret: client.secret },
    headers: basic(client),
  })),
  proof(
    'client-basic-by-post',
    'AS-20',
    'Registered for the header, and uses the form',
    'basic',
    ({ secret }) => ({
      fields: { client_secret: secret },
    }),
  ),
  proof(
    'client-post-by-basic',
    'AS-20',
    'Registered for the form, and uses the header',
    'post',
    (client) => ({
      fields: { client_id: undefined },
      headers: basic(client),
    }),
  ),
  proof('client-public-with-secret', 'AS-20', 'Is public, and sends a secret all the same', 'public', () => ({
    fields: { client_secret: 'anything' },
  })),
  proof('client-bad-basic', 'AS-9', 'Sends a header that can not be read', 'basic', () => ({
    headers: { authorization: 'Basic !!!' },
  })),
  behaviour('client-unknown-at-token', 'AS-9', 'Is a client that nobody knows', async ({ client }) =>
    programSeen(await client.token({ grant_type: 'refresh_token', refresh_token: 'x', client_id: 'nobody' })),
  ),
  behaviour('client-missing-at-token', 'AS-9', 'Does not say who it is', async ({ client }) =>
    programSeen(await client.token({ grant_type: 'refresh_token', refresh_token: 'x' })),
  ),
];

export const TOKEN_REQUESTS = [...CODES, ...REQUESTS, ...RESOURCES, ...PROOFS];
