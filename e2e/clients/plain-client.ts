/** An OAuth client made of bare requests, so that a test can send exactly what it means to send. */
import { createHash, randomBytes } from 'node:crypto';
import { type BrowserFetch, ScriptedBrowser, type WalkOptions } from './scripted-browser.ts';

export const REDIRECT_URI = 'http://127.0.0.1:41234/callback';

/** Fields of a form or a query; `undefined` leaves one out, a list repeats it. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** The body, parsed where it is JSON. */
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface TokenSet {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope: string;
}

export interface Client {
  readonly id: string;
  readonly secret?: string;
  readonly redirectUri: string;
}

export interface LogInOptions extends WalkOptions {
  /** Default: one that registers itself. */
  readonly client?: Client;
  /** Default: a new one. */
  readonly browser?: ScriptedBrowser;
  /** Fields of the authorization request, in place of the usual ones. */
  readonly authorize?: Fields;
  /** Fields of the token request, in place of the usual ones. */
  readonly exchange?: Fields;
}

export interface Approved {
  readonly client: Client;
  /** Where the browser was sent in the end. */
  readonly answer: URL;
  /** The fields that the code is exchanged with. */
  readonly exchanged: Fields;
}

export interface LoggedIn extends Approved {
  readonly response: Answered;
  readonly tokens: TokenSet;
}

export function toParameters(fields: Fields): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    const values = value === undefined ? [] : typeof value === 'string' ? [value] : value;
    for (const each of values) parameters.append(name, each);
  }
  return parameters;
}

export async function readAnswer(response: Response): Promise<Answered> {
  const text = await response.text();
  const json = response.headers.get('content-type')?.startsWith('application/json') === true && text !== '';
  const body = json ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, body, text };
}

export const newVerifier = () => randomBytes(32).toString('base64url');
export const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

/** A client of the server at `url`, which is its issuer. `fetch` stands in for the network between the two. */
export function plainClient(url: string, fetch: BrowserFetch = globalThis.fetch) {
  const at = (path: string) => (path.startsWith('http') ? path : url + path);

  async function get(path: string, headers: Record<string, string> = {}): Promise<Answered> {
    return await readAnswer(await fetch(at(path), { headers, redirect: 'manual' }));
  }

  async function post(path: string, fields: Fields, headers: Record<string, string> = {}): Promise<Answered> {
    const body = toParameters(fields);
    return await readAnswer(await fetch(at(path), { method: 'POST', body, headers, redirect: 'manual' }));
  }

  async function postJson(path: string, json: unknown, headers: Record<string, string> = {}) {
    const init = {
      method: 'POST',
      body: JSON.stringify(json),
      headers: { 'content-type': 'application/json', ...headers },
    };
    return await readAnswer(await fetch(at(path), init));
  }

  /** RFC 7591. Throws unless it worked. */
  async function register(metadata: Record<string, unknown> = {}): Promise<Client> {
    const answer = await postJson('/register', {
      client_name: 'Plain client',
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'none',
      ...metadata,
    });
    if (answer.status !== 201) throw new Error(`registration: ${answer.status} ${answer.text}`);
    const { client_id: id, client_secret: secret, redirect_uris: uris } = answer.body;
    return { id: String(id), secret: secret as string | undefined, redirectUri: (uris as string[])[0]! };
  }

  function authorizationUrl(client: Client, fields: Fields = {}): string {
    const query = toParameters({
      response_type: 'code',
      client_id: client.id,
      redirect_uri: client.redirectUri,
      code_challenge_method: 'S256',
      code_challenge: challengeOf('v'.repeat(43)),
      state: 'state-of-the-client',
      resource: `${url}/mcp`,
      ...fields,
    });
    return `${url}/authorize?${query}`;
  }

  const token = (fields: Fields, headers?: Record<string, string>) => post('/token', fields, headers);

  const refresh = (client: Client, refreshToken: string, fields: Fields = {}) =>
    token({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: client.id, ...fields });

  /** From registration to a code that nobody redeemed yet. Throws unless the browser brings one back. */
  async function approve(options: LogInOptions = {}): Promise<Approved> {
    const client = options.client ?? (await register());
    const browser = options.browser ?? new ScriptedBrowser(fetch);
    const verifier = newVerifier();
    const fields = { code_challenge: challengeOf(verifier), ...options.authorize };
    const answer = await browser.walk(authorizationUrl(client, fields), options);
    const code = answer.searchParams.get('code');
    if (code === null) throw new Error(`no code: ${answer}`);
    const exchanged: Fields = {
      grant_type: 'authorization_code',
      code,
      client_id: client.id,
      redirect_uri: client.redirectUri,
      code_verifier: verifier,
      ...options.exchange,
    };
    return { client, answer, exchanged };
  }

  /** From registration to tokens. The token response is returned as it is. */
  async function logIn(options: LogInOptions = {}): Promise<LoggedIn> {
    const approved = await approve(options);
    const response = await token(approved.exchanged);
    return { ...approved, response, tokens: response.body as unknown as TokenSet };
  }

  return { url, get, post, postJson, register, authorizationUrl, token, refresh, approve, logIn };
}

export type PlainClient = ReturnType<typeof plainClient>;
