// The other side, for the tests of stand-ins: a client that does exactly what it is told, wrong things included.
import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, or an empty object. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Where a redirect leads. */
  readonly location?: URL;
}

export interface RelyingPartyOptions {
  /** Address of the authorization endpoint. */
  readonly authorize: string;
  /** Address of the token endpoint. */
  readonly token: string;
  /** Id of the application. */
  readonly clientId: string;
  /** Secret of the application. Default: none. */
  readonly clientSecret?: string;
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string;
  /** How the secret is sent. Default `post`. */
  readonly authentication?: 'basic' | 'post';
}

type Parameters = Readonly<Record<string, string>>;

export const VERIFIER = 'a-verifier-that-is-long-enough-for-the-specification';
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

export class RelyingParty {
  readonly options: RelyingPartyOptions;

  constructor(options: RelyingPartyOptions) {
    this.options = options;
  }

  /** The authorization request; a parameter of `''` is left out. */
  url(parameters: Parameters = {}): string {
    const { authorize, clientId, redirectUri } = this.options;
    const url = new URL(authorize);
    const all = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      state: 'the-state',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      ...parameters,
    };
    for (const [name, value] of Object.entries(all)) if (value !== '') url.searchParams.set(name, value);
    return url.href;
  }

  ask(parameters: Parameters = {}): Promise<Reply> {
    return call(this.url(parameters));
  }

  /** The login page, filled in. */
  async signIn(parameters: Parameters, login: string, form: Parameters = {}): Promise<Reply> {
    const address = this.url(parameters);
    const first = await call(address);
    if (!first.text.includes('name="login"')) return first;
    return call(address, { method: 'POST', body: new URLSearchParams({ login, ...form }) });
  }

  /** A code, or the error that came in its place. */
  async code(parameters: Parameters, login: string): Promise<string> {
    const { location, status, text } = await this.signIn(parameters, login);
    const code = location?.searchParams.get('code');
    if (!code) throw new Error(`no code: ${status} ${location?.href ?? text}`);
    return code;
  }

  redeem(code: string, form: Parameters = {}): Promise<Reply> {
    const { redirectUri } = this.options;
    return this.post({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: VERIFIER,
      ...form,
    });
  }

  async tokens(parameters: Parameters, login: string, form: Parameters = {}): Promise<Tokens> {
    const reply = await this.redeem(await this.code(parameters, login), form);
    if (reply.json.error !== undefined || reply.status !== 200) throw new Error(`no tokens: ${reply.text}`);
    return reply.json as unknown as Tokens;
  }

  refresh(refreshToken: string | undefined, form: Parameters = {}): Promise<Reply> {
    return this.post({ grant_type: 'refresh_token', refresh_token: refreshToken ?? '', ...form });
  }

  /** To the token endpoint or another one, with the client's authentication; a parameter of `''` is left out. */
  post(form: Parameters, address = this.options.token, headers: Parameters = {}): Promise<Reply> {
    const { clientId, clientSecret, authentication = 'post' } = this.options;
    const basic = clientSecret !== undefined && authentication === 'basic';
    const own: Parameters = basic
      ? {}
      : { client_id: clientId, ...(clientSecret === undefined ? {} : { client_secret: clientSecret }) };
    const body = new URLSearchParams(Object.entries({ ...own, ...form }).filter(([, value]) => value !== ''));
    const authorization: Parameters = basic
      ? { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` }
      : {};
    return call(address, { method: 'POST', body, headers: { ...authorization, ...headers } });
  }

  with(options: Partial<RelyingPartyOptions>): RelyingParty {
    return new RelyingParty({ ...this.options, ...options });
  }
}

export interface Tokens {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in?: number;
  readonly scope?: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
}

export async function call(address: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(address, { ...init, redirect: 'manual' });
  const text = await response.text();
  const location = response.headers.get('location');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: parsed(text),
    ...(location === null ? {} : { location: new URL(location, address) }),
  };
}

export function withToken(address: string, token: string, headers: Parameters = {}): Promise<Reply> {
  return call(address, { headers: { authorization: `Bearer ${token}`, ...headers } });
}

/** Claims of a token, its signature not looked at. */
export const claims = (token: string | undefined) => decodeJwt(token ?? '') as Record<string, unknown>;

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // A page, or nothing: tests look at the text then.
    return {};
  }
}
