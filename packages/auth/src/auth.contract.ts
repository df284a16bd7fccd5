import { formRequest, ScriptedBrowser } from '../../../e2e/clients/scripted-browser.ts';
import { type Auth, type AuthOptions, createAuth } from './auth.ts';
import { type ManualClock, manualClock } from './core/clock.ts';
import type { AuthEvent } from './core/events.ts';
import { systemRandom } from './core/random.ts';
import { Refusal } from './core/refusal.ts';
import { viewRequest } from './core/request-view.ts';
import { codeChallenge } from './protocol/pkce.ts';
import { switchableStore } from './sessions/switchable-store.contract.ts';
import { developmentPeople } from './sign-in/development-people.ts';
import type { SignedIn, SignIn } from './sign-in/sign-in.ts';
import { memoryStore } from './store/memory.ts';
import type { ProviderTokens } from './upstream/provider.ts';

/** Where the servers of these tests are; over https, as a rule. */
export const PUBLIC_URL = 'https://mcp.example.com';
export const REDIRECT_URI = 'http://127.0.0.1:4567/callback';
export const VERIFIER = 'v'.repeat(43);

/** One process: what a client, a browser or a tool call would say to it. */
export interface Server {
  readonly auth: Auth;
  readonly publicUrl: string;
  /** A request to an endpoint, by path or by absolute URL; fails when it is not one of ours. */
  call(url: string, init?: RequestInit): Promise<Response>;
  form(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  json(path: string, body: unknown): Promise<Response>;
  /** The status of a call of the resource, with its challenge or its caller. */
  guard(token?: string, headers?: Record<string, string>): Promise<GuardOutcome>;
}

export interface GuardOutcome {
  readonly status: number;
  readonly subject?: string;
  readonly scopes?: readonly string[];
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type HouseOptions = Partial<Omit<AuthOptions, 'store' | 'masterSecret' | 'clock' | 'onEvent'>> & {
  /** Processes on one store. Default 2. */
  readonly count?: number;
  /** Options of further processes, where they differ. */
  readonly later?: Partial<AuthOptions>;
};

/** Several processes at one public URL, on one store and one master secret. */
export async function openHouse({ count = 2, later, ...options }: HouseOptions = {}) {
  const clock = manualClock();
  const events: AuthEvent[] = [];
  const { store, control } = switchableStore(memoryStore({ clock }));
  const masterSecret = { bytes: systemRandom.bytes(32) };
  const people = developmentPeople({ people: [{ username: 'alice' }, { username: 'bob' }] });
  const open = async (over: Partial<AuthOptions> = {}): Promise<Server> => {
    const publicUrl = over.publicUrl ?? options.publicUrl ?? PUBLIC_URL;
    const auth = await createAuth({
      issuer: { signIns: [people] },
      ...options,
      ...over,
      publicUrl,
      store,
      masterSecret: over.masterSecret ?? masterSecret,
      clock,
      onEvent: (event) => events.push(event),
    });
    return serverOf(auth, publicUrl);
  };
  const servers: Server[] = [];
  for (let i = 0; i < count; i += 1) servers.push(await open(i === 0 ? {} : later));
  const [first] = servers as [Server];
  return { clock, events, control, store, masterSecret, servers, first, second: servers[1] ?? first, open };
}

export type House = Awaited<ReturnType<typeof openHouse>>;

function serverOf(auth: Auth, publicUrl: string): Server {
  const call = async (target: string, init: RequestInit = {}) => {
    const url = target.startsWith('/') ? publicUrl + target : target;
    const headers = new Headers(init.headers);
    if (!headers.has('host')) headers.set('host', new URL(url).host);
    const response = await auth.handle(new Request(url, { ...init, headers }), '192.0.2.1');
    if (!response) throw new Error(`not answered: ${url}`);
    return response;
  };
  return {
    auth,
    publicUrl,
    call,
    form: (path, fields, headers) =>
      call(path, { method: 'POST', body: new URLSearchParams(fields), headers }),
    json: (path, body) =>
      call(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    async guard(token, headers = {}) {
      const authorization: Record<string, string> =
        token === undefined ? {} : { authorization: `Bearer ${token}` };
      const request = new Request(`${publicUrl}/mcp`, {
        method: 'POST',
        headers: { ...authorization, ...headers },
      });
      const passage = await auth.gate('/mcp').guard(viewRequest(request, '192.0.2.1'));
      if (!passage.allowed) return { ...passage.response };
      const { identity, scopes } = passage.caller;
      return { status: 200, subject: identity.subject, scopes };
    },
  };
}

/** Registers a public client, and answers what the server said. */
export async function register(server: Server, over: Record<string, unknown> = {}) {
  const metadata = {
    redirect_uris: ['http://127.0.0.1/callback'],
    client_name: 'Test client',
    token_endpoint_auth_method: 'none',
    ...over,
  };
  const response = await server.json('/register', metadata);
  return (await response.json()) as { readonly client_id: string; readonly client_secret?: string };
}

/** The query of an authorization request; `undefined` leaves a parameter out. */
export function authorizeQuery(clientId: string, over: Record<string, string | undefined> = {}): string {
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    code_challenge: codeChallenge(VERIFIER),
    code_challenge_method: 'S256',
    state: 'state of the client',
    ...over,
  };
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return new URLSearchParams(given).toString();
}

export interface LoginOptions {
  readonly person?: string;
  readonly clientId?: string;
  readonly over?: Record<string, string | undefined>;
  readonly registration?: Record<string, unknown>;
}

/** From registration to the code, as a browser does it. */
export async function walkToCode(server: Server, options: LoginOptions = {}) {
  const registered =
    options.clientId === undefined ? await register(server, options.registration) : undefined;
  const clientId = options.clientId ?? registered!.client_id;
  const browser = new ScriptedBrowser(server.call);
  const url = `${server.publicUrl}/authorize?${authorizeQuery(clientId, options.over)}`;
  const answer = await browser.walk(url, { person: options.person });
  const code = answer.searchParams.get('code') ?? '';
  const fields = {
    grant_type: 'authorization_code',
    code,
    client_id: clientId,
    redirect_uri: options.over?.redirect_uri ?? REDIRECT_URI,
    code_verifier: VERIFIER,
  };
  return { clientId, clientSecret: registered?.client_secret, browser, answer, code, fields };
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
  readonly expires_in: number;
}

/** A whole login. */
export async function login(server: Server, options: LoginOptions = {}) {
  const walked = await walkToCode(server, options);
  const secret: Record<string, string> =
    walked.clientSecret === undefined ? {} : { client_secret: walked.clientSecret };
  const response = await server.form('/token', { ...walked.fields, ...secret });
  if (response.status !== 200) throw new Error(`no tokens: ${await response.text()}`);
  return { ...walked, tokens: (await response.json()) as Tokens };
}

/** One refresh, as status and body. */
export async function refresh(
  server: Server,
  clientId: string,
  token: string,
  over: Record<string, string> = {},
) {
  const fields = { grant_type: 'refresh_token', refresh_token: token, client_id: clientId, ...over };
  const response = await server.form('/token', fields);
  const body = (await response.json()) as Partial<Tokens> & { readonly error?: string };
  return { status: response.status, body, headers: response.headers };
}

export interface ProviderScript {
  /** What happens when the browser comes back. Default: `alice` signs in, with tokens. */
  finish(answer: URLSearchParams): Promise<SignedIn>;
  refresh(tokens: ProviderTokens): Promise<ProviderTokens>;
}

/** A sign-in whose provider does what a test says; `asked` tells what it was asked. */
export function scriptedSignIn(id = 'idp', script: Partial<ProviderScript> = {}) {
  const asked = { starts: 0, finishes: 0, refreshes: 0, revoked: [] as string[], states: [] as string[] };
  const signIn: SignIn = {
    id,
    title: `Sign in at ${id}`,
    accepts: ({ issuer }) => issuer === `https://${id}.example`,
    async start({ state, callbackUrl }) {
      asked.starts += 1;
      asked.states.push(state);
      return {
        kind: 'redirect',
        url: `https://${id}.example/authorize?state=${state}&${new URLSearchParams({ redirect_uri: callbackUrl })}`,
        secrets: { nonce: 'n' },
      };
    },
    async finish(answer, context) {
      asked.finishes += 1;
      if (answer.get('state') !== context.state)
        throw new Refusal('sign-in.provider-answer', { why: 'state' });
      if (answer.has('error')) throw new Refusal('sign-in.refused-by-provider');
      if (script.finish) return script.finish(answer);
      const identity = { issuer: `https://${id}.example`, subject: 'alice', username: 'alice' };
      return { identity, upstream: { accessToken: 'upstream-access', refreshToken: 'upstream-refresh' } };
    },
    async refresh(tokens) {
      asked.refreshes += 1;
      return script.refresh
        ? script.refresh(tokens)
        : { ...tokens, accessToken: `upstream-access-${asked.refreshes}` };
    },
    async revoke(tokens) {
      asked.revoked.push(tokens.refreshToken ?? tokens.accessToken);
    },
  };
  return { signIn, asked };
}

/** From an authorization URL over consent to the provider's door: the state that the provider got. */
export async function walkToProvider(server: Server, clientId: string, signInId?: string) {
  const browser = new ScriptedBrowser(server.call);
  const consent = await browser.request(`${server.publicUrl}/authorize?${authorizeQuery(clientId)}`);
  const [url, init] = formRequest(consent, { action: 'approve' });
  if (signInId !== undefined) (init.body as URLSearchParams).set('sign_in', signInId);
  const onward = await browser.request(url, init);
  const [, link = ''] = /<a class="button main" href="([^"]*)"/.exec(onward.html) ?? [];
  const asked = new URL(link.replaceAll('&amp;', '&')).searchParams;
  const state = asked.get('state') ?? '';
  const callback = (query: Record<string, string> = { state, code: 'upstream-code' }) =>
    browser.request(`${asked.get('redirect_uri')}?${new URLSearchParams(query)}`);
  return { browser, consent, onward, state, callback };
}

export type { ManualClock };
