import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { openHouse, refresh, register, walkToProvider } from './auth.contract.ts';
import type { BadServer, Place } from './bad-server.contract.ts';
import { manualClock, nowSeconds } from './core/clock.ts';
import type { AuthEvent } from './core/events.ts';
import { systemRandom } from './core/random.ts';
import { documentFetch } from './net/document-fetch.ts';
import { githubPerson } from './providers/preset-github.ts';
import { type UpstreamProviderOptions, upstreamSignIn } from './sign-in/upstream-provider.ts';
import { openProvider } from './upstream/open-provider.ts';
import { introspectionVerifier } from './verify/introspection.ts';
import { jwtVerifier } from './verify/jwt.ts';
import { providerApiVerifier } from './verify/provider-api.ts';
import type { Verifier } from './verify/verifier.ts';

/** What somebody was told. */
export interface Met {
  readonly status: number;
  /** All of it, headers too. */
  readonly said: string;
}

export interface OpenCall {
  /** Where it goes wrong. */
  readonly at: Place;
  /** Makes the call. `told`: will the operator hear of it? Nobody waits for some calls, and this tells when they are over. */
  run(told: boolean): Promise<Met>;
  /** Everything the operator was told, newest last. */
  readonly events: () => readonly AuthEvent[];
  /** The same person or client, when the fault is over: is everything as before? */
  again?(): Promise<Met>;
  /** What may be in no log. */
  readonly secrets: readonly string[];
}

const CLIENT_SECRET = 'the-secret-of-this-server+/=';
const CODE = 'the-code-of-the-provider';
const TOKENS = { access: 'the-access-token', refresh: 'the-refresh-token', opaque: 'the-opaque-token' };
const RESOURCE = 'https://mcp.example.com/mcp';
const SECRETS = [CLIENT_SECRET, CODE, ...Object.values(TOKENS)];

const keyPair = await generateKeyPair('ES256', { extractable: true });
const publicKey = { ...(await exportJWK(keyPair.publicKey)), kid: 'k', alg: 'ES256', use: 'sig' };
const sign = (claims: Readonly<Record<string, unknown>>, typ = 'JWT') =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'k', typ }).sign(keyPair.privateKey);

let made = 0;

/** The hosts of one provider, each for one operation, and all of them well. */
function providerPlaces(server: BadServer) {
  made += 1;
  const at = (operation: string) => server.place(`${operation}-${made}`);
  const places = {
    issuer: at('issuer'),
    keys: at('keys'),
    token: at('token'),
    userinfo: at('userinfo'),
    revocation: at('revocation'),
    api: at('api'),
    document: at('document'),
  };
  const issuer = places.issuer.origin;
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${places.token.origin}/token`,
    userinfo_endpoint: `${places.userinfo.origin}/userinfo`,
    revocation_endpoint: `${places.revocation.origin}/revoke`,
    jwks_uri: `${places.keys.origin}/keys`,
    id_token_signing_alg_values_supported: ['ES256'],
  };
  places.issuer.good = () => metadata;
  places.keys.good = () => ({ keys: [publicKey] });
  places.userinfo.good = () => ({ sub: 'u-1', name: 'Alice', id: 'u-1' });
  return { ...places, metadata };
}

type Places = ReturnType<typeof providerPlaces>;

const optionsFor = ({ issuer }: Places): UpstreamProviderOptions => ({
  issuer: issuer.origin,
  clientId: 'this-server',
  clientSecret: CLIENT_SECRET,
});

async function met(response: Response): Promise<Met> {
  return {
    status: response.status,
    said: `${JSON.stringify([...response.headers])}\n${await response.text()}`,
  };
}

/** An error counts as told to the operator. */
async function start(work: Promise<unknown>): Promise<Met> {
  await work;
  return { status: 200, said: '' };
}

export async function discoveryAtStart(server: BadServer): Promise<OpenCall> {
  const places = providerPlaces(server);
  const parts = { fetch: server.fetch('operator') };
  const run = () => start(openProvider(optionsFor(places), parts));
  return { at: places.issuer, run, again: run, events: () => [], secrets: SECRETS };
}

export async function keysAtStart(server: BadServer): Promise<OpenCall> {
  const places = providerPlaces(server);
  const parts = { fetch: server.fetch('operator') };
  const run = () => start(openProvider(optionsFor(places), parts));
  return { at: places.keys, run, again: run, events: () => [], secrets: SECRETS };
}

async function knownProvider(server: BadServer) {
  const places = providerPlaces(server);
  const clock = manualClock();
  const events: AuthEvent[] = [];
  const provider = await openProvider(optionsFor(places), {
    fetch: server.fetch('operator'),
    clock,
    onEvent: (event) => events.push(event),
  });
  return { places, clock, events, provider };
}

/** Until a call that nobody waits for is over. */
async function over(events: readonly AuthEvent[], told: boolean, place: Place): Promise<void> {
  const isTold = () => events.some(({ type }) => type === 'notice' || type === 'upstream.failed');
  const asked = place.received.length;
  for (let n = 0; n < 1000; n += 1) {
    if (told ? isTold() : place.received.length > asked) break;
    await pause(10);
  }
  if (!told) await pause(30);
}

export async function discoveryLater(server: BadServer): Promise<OpenCall> {
  const { places, clock, events, provider } = await knownProvider(server);
  const before = provider.metadata();
  const run = async (told: boolean) => {
    clock.advance(86_401);
    provider.metadata();
    await over(events, told, places.issuer);
    const same = JSON.stringify(provider.metadata()) === JSON.stringify(before);
    return { status: same ? 200 : 500, said: '' };
  };
  return { at: places.issuer, run, events: () => events, secrets: SECRETS };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function keysLater(server: BadServer): Promise<OpenCall> {
  const { places, clock, events, provider } = await knownProvider(server);
  const run = async () => {
    clock.advance(601);
    const header = { alg: 'ES256', kid: 'k' };
    await provider.keys!.key(header, { payload: '', signature: '' });
    return { status: 200, said: '' };
  };
  return { at: places.keys, run, events: () => events, secrets: SECRETS };
}

async function houseWith(server: BadServer, over: Partial<UpstreamProviderOptions> = {}) {
  const places = providerPlaces(server);
  const fetch = server.fetch('operator', { 'api.github.com': places.api });
  const house = await openHouse({
    count: 1,
    issuer: { signIns: [upstreamSignIn({ ...optionsFor(places), ...over }, fetch)] },
  });
  return { places, house };
}

/** A browser in front of the callback of a provider that has a good code for it. */
async function atCallback({ places, house }: Awaited<ReturnType<typeof houseWith>>) {
  const { client_id: clientId } = await register(house.first, {
    redirect_uris: ['http://127.0.0.1/callback'],
  });
  const walked = await walkToProvider(house.first, clientId);
  const nonce = /[?&](?:amp;)?nonce=([\w-]+)/.exec(walked.onward.html)?.[1];
  const now = nowSeconds(house.clock);
  const claims = {
    iss: places.issuer.origin,
    aud: 'this-server',
    sub: 'u-1',
    iat: now,
    exp: now + 300,
    nonce,
  };
  const idToken = await sign(claims);
  places.token.good = () => ({
    access_token: TOKENS.access,
    refresh_token: TOKENS.refresh,
    token_type: 'Bearer',
    expires_in: 3600,
    id_token: idToken,
  });
  return { clientId, come: () => walked.callback({ state: walked.state, code: CODE }) };
}

async function signingIn(
  server: BadServer,
  at: (places: Places) => Place,
  over: Partial<UpstreamProviderOptions> = {},
): Promise<OpenCall> {
  const opened = await houseWith(server, over);
  const { come } = await atCallback(opened);
  return {
    at: at(opened.places),
    run: async () => {
      const { response, html } = await come();
      return { status: response.status, said: `${JSON.stringify([...response.headers])}\n${html}` };
    },
    again: async () => {
      const { response } = await (await atCallback(opened)).come();
      return { status: response.status, said: '' };
    },
    events: () => opened.house.events,
    secrets: SECRETS,
  };
}

export const codeExchange = (server: BadServer) => signingIn(server, ({ token }) => token);
export const userinfo = (server: BadServer) => signingIn(server, (places) => places.userinfo);

export const userinfoAlone = (server: BadServer) =>
  signingIn(server, (places) => places.userinfo, { scopes: ['profile'], subjectClaim: 'id' });

export async function personHook(server: BadServer): Promise<OpenCall> {
  const call = await signingIn(server, ({ api }) => api, { person: githubPerson });
  call.at.good = (path) =>
    path.endsWith('emails')
      ? [{ primary: true, verified: true, email: 'alice@example.com' }]
      : [{ login: 'acme', slug: 'team', organization: { login: 'acme' } }];
  return call;
}

/** Somebody who is logged in, through a provider that gave tokens. */
async function loggedIn(server: BadServer) {
  const opened = await houseWith(server);
  const { house } = opened;
  const { clientId, come } = await atCallback(opened);
  const { response } = await come();
  const code = new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const fields = { code, client_id: clientId, redirect_uri: 'http://127.0.0.1:4567/callback' };
  const exchanged = await house.first.form('/token', {
    ...fields,
    grant_type: 'authorization_code',
    code_verifier: 'v'.repeat(43),
  });
  const tokens = (await exchanged.json()) as { readonly refresh_token: string };
  opened.places.token.good = () => ({ access_token: 'the-next-access-token', token_type: 'Bearer' });
  return { ...opened, clientId, refreshToken: tokens.refresh_token };
}

export async function refreshing(server: BadServer): Promise<OpenCall> {
  const { places, house, clientId, refreshToken } = await loggedIn(server);
  house.clock.advance(7200);
  const run = async () => {
    const { status, body, headers } = await refresh(house.first, clientId, refreshToken);
    return { status, said: JSON.stringify([[...headers], body]) };
  };
  return {
    at: places.token,
    run,
    again: run,
    events: () => house.events,
    secrets: [...SECRETS, refreshToken],
  };
}

export async function revoking(server: BadServer): Promise<OpenCall> {
  const { places, house, clientId, refreshToken } = await loggedIn(server);
  const run = async (told: boolean) => {
    const response = await house.first.form('/revoke', { client_id: clientId, token: refreshToken });
    await over(house.events, told, places.revocation);
    return met(response);
  };
  return { at: places.revocation, run, events: () => house.events, secrets: [...SECRETS, refreshToken] };
}

/** Somebody with a token of the provider, in front of the gate. */
async function atGate(
  server: BadServer,
  open: (
    places: Places,
    parts: Parameters<typeof jwtVerifier>[1],
  ) => { readonly verifier: Verifier; readonly at: Place; readonly token: string | Promise<string> },
) {
  const places = providerPlaces(server);
  // One list for both, in the order of what happened.
  let told: AuthEvent[] = [];
  const clock = manualClock();
  const parts = { fetch: server.fetch('operator'), clock, onEvent: (event: AuthEvent) => told.push(event) };
  const { verifier, at, token } = open(places, parts);
  const house = await openHouse({ count: 1, issuer: undefined, verifiers: [verifier] });
  told = house.events;
  const present = await token;
  const run = async () => {
    const { status, headers, body } = await house.first.guard(present);
    return { status, said: JSON.stringify([headers, body]) };
  };
  const secrets = [...SECRETS, present];
  const events = () => told;
  return { call: { at, run, again: run, events, secrets }, clock, house };
}

const knownToken = { sub: 'u-1', client_id: 'c', aud: RESOURCE, scope: 'mcp:read' };

export async function introspection(server: BadServer): Promise<OpenCall> {
  const { call } = await atGate(server, ({ issuer, api }, parts) => {
    api.good = () => ({ active: true, token_type: 'Bearer', iss: issuer.origin, ...knownToken });
    const client = { clientId: 'gate', clientSecret: CLIENT_SECRET };
    const options = { issuer: issuer.origin, endpoint: `${api.origin}/introspect`, ...client };
    return { verifier: introspectionVerifier(options, parts), at: api, token: TOKENS.opaque };
  });
  return call;
}

export async function providerApi(server: BadServer): Promise<OpenCall> {
  const { call, clock } = await atGate(server, ({ issuer, api }, parts) => {
    api.good = () => ({ iss: issuer.origin, ...knownToken });
    const calls = [{ url: `${api.origin}/me` }];
    const verifier = providerApiVerifier({ issuer: issuer.origin, calls, audience: RESOURCE }, parts);
    return { verifier, at: api, token: TOKENS.opaque };
  });
  const again = () => {
    clock.advance(31);
    return call.run();
  };
  return { ...call, again };
}

const jwtAtGate = (server: BadServer) =>
  atGate(server, ({ issuer, keys }, parts) => {
    const now = nowSeconds(parts.clock!);
    const claims = { iss: issuer.origin, ...knownToken, iat: now, exp: now + 3000 };
    const options = { issuer: issuer.origin, keys: { jwksUri: `${keys.origin}/keys` } };
    return { verifier: jwtVerifier(options, parts), at: keys, token: sign(claims, 'at+jwt') };
  });

export async function jwtKeys(server: BadServer): Promise<OpenCall> {
  const { call, clock } = await jwtAtGate(server);
  const again = () => {
    clock.advance(6);
    return call.run();
  };
  return { ...call, again };
}

export async function jwtKeysLater(server: BadServer): Promise<OpenCall> {
  const { call, clock } = await jwtAtGate(server);
  await call.run();
  clock.advance(601);
  return call;
}

export async function forwardedMetadata(server: BadServer): Promise<OpenCall> {
  const { issuer } = providerPlaces(server);
  const clock = manualClock();
  const documents = documentFetch({ fetch: server.fetch('operator'), clock });
  const house = await openHouse({
    count: 1,
    issuer: undefined,
    verifiers: [
      { name: 'none', recognizes: () => false, verify: () => Promise.reject(new Error('not asked')) },
    ],
    authorizationServers: [issuer.origin],
    forwardedMetadata: {
      url: `${issuer.origin}/.well-known/oauth-authorization-server`,
      fetchDocument: async (url) => (await documents.get(url)).body,
    },
  });
  const run = async () => met(await house.first.call('/.well-known/oauth-authorization-server'));
  const again = () => {
    clock.advance(301);
    return run();
  };
  return { at: issuer, run, again, events: () => house.events, secrets: SECRETS };
}

/** A client that published a document about itself, at a server that fetches it. */
async function publishedClient(
  server: BadServer,
  more: (places: Places) => Readonly<Record<string, unknown>>,
) {
  const places = providerPlaces(server);
  const house = await openHouse({
    count: 1,
    issuer: {
      signIns: [upstreamSignIn(optionsFor(places), server.fetch('operator'))],
      metadataDocuments: { fetch: server.fetch('stranger') },
    },
  });
  const clientId = `${places.document.origin}/client.json`;
  places.document.good = () => ({
    client_id: clientId,
    client_name: 'App',
    redirect_uris: ['http://127.0.0.1/callback'],
    ...more(places),
  });
  return { places, house, clientId };
}

export async function clientDocument(server: BadServer): Promise<OpenCall> {
  const { places, house, clientId } = await publishedClient(server, () => ({}));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: 'http://127.0.0.1:4567/callback',
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
  });
  const run = async () => met(await house.first.call(`/authorize?${query}`));
  const again = () => {
    house.clock.advance(301);
    return run();
  };
  return { at: places.document, run, again, events: () => house.events, secrets: SECRETS };
}

export async function clientKeys(server: BadServer): Promise<OpenCall> {
  const { places, house, clientId } = await publishedClient(server, ({ api }) => ({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${api.origin}/keys`,
  }));
  places.api.good = () => ({ keys: [publicKey] });
  let used = 0;
  const run = async () => {
    used += 1;
    const now = nowSeconds(house.clock);
    const times = { iat: now, exp: now + 60, jti: `${clientId} ${used} ${systemRandom.bytes(4).join('')}` };
    const assertion = await sign({ iss: clientId, sub: clientId, aud: 'https://mcp.example.com', ...times });
    const response = await house.first.form('/token', {
      grant_type: 'authorization_code',
      code: 'no-code',
      redirect_uri: 'http://127.0.0.1:4567/callback',
      code_verifier: 'v'.repeat(43),
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    const answer = await met(response);
    // The client is who it says; the code is one that nobody made.
    return answer.said.includes('invalid_grant') ? { ...answer, status: 200 } : answer;
  };
  const again = () => {
    house.clock.advance(301);
    return run();
  };
  return { at: places.api, run, again, events: () => house.events, secrets: SECRETS };
}
