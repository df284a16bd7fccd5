// What a provider does in the matters that all of them have, seen from outside: tests say of each provider what is expected.
import { CHALLENGE, type RelyingParty, type Reply, type Tokens, VERIFIER } from './relying-party.ts';

export interface Subject {
  readonly app: RelyingParty;
  /** Of the revocation endpoint, where there is one. */
  readonly revoke?: string;
  close(): Promise<void>;
}

export interface Occasion {
  /** Starts the stand-in with a time of ours. */
  start(nowSeconds: () => number): Promise<Subject>;
  /** A request that brings a refresh token. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly login: string;
  /** For how long codes should be good. */
  readonly codeSeconds: number;
  /** More headers for the token endpoint. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Observed {
  /** Good one second before the time, and no more at it. */
  readonly codeEndsInTime: boolean;
  readonly accessTokenSeconds: number | undefined;
  /** RFC 7636: which challenges are taken. */
  readonly challenges: readonly ('S256' | 'plain' | 'plain without method' | 'none')[];
  /** Parameters of the authorization request that can not be left out. */
  readonly required: readonly string[];
  readonly authentication: readonly ('basic' | 'post')[];
  readonly issuerInResponse: boolean;
  readonly refresh:
    | 'none'
    | 'same token'
    | 'new, old one stays'
    | 'new, old one ends'
    | 'new, reuse ends all';
  readonly revocable: readonly ('access' | 'refresh')[];
}

export async function observe(occasion: Occasion): Promise<Observed> {
  let now = 1_800_000_000;
  const subject = await occasion.start(() => now);
  const { app } = subject;
  const { parameters, login, headers } = occasion;
  const redeem = (code: string, party = app) => exchange(party, code, headers);
  const late = async (seconds: number) => {
    const code = await app.code(parameters, login);
    now += seconds;
    return good(await redeem(code));
  };
  const tokens = asTokens(await redeem(await app.code(parameters, login)));
  const authentication: ('basic' | 'post')[] = [];
  for (const method of ['basic', 'post'] as const) {
    const answer = await redeem(await app.code(parameters, login), app.with({ authentication: method }));
    if (app.options.clientSecret !== undefined && good(answer)) authentication.push(method);
  }
  const observed: Observed = {
    codeEndsInTime: (await late(occasion.codeSeconds - 1)) && !(await late(occasion.codeSeconds)),
    accessTokenSeconds: tokens.expires_in,
    challenges: await challenges(occasion, app),
    required: await required(occasion, app),
    authentication,
    issuerInResponse: (await app.signIn(parameters, login)).location?.searchParams.has('iss') ?? false,
    refresh: await refreshing(tokens.refresh_token, app, headers),
    revocable: await revocable(occasion, subject),
  };
  await subject.close();
  return observed;
}

/** GitHub answers in a form, and with status 200 to a mistake. */
const good = ({ status, json, text }: Reply) =>
  status === 200 && json.error === undefined && /access_token|id_token/.test(text);

const asTokens = (reply: Reply) => {
  if (!good(reply)) throw new Error(`no tokens: ${reply.text}`);
  const isForm = reply.headers.get('content-type')?.includes('urlencoded');
  return (isForm ? Object.fromEntries(new URLSearchParams(reply.text)) : reply.json) as unknown as Tokens;
};

function exchange(app: RelyingParty, code: string, headers = {}, verifier = VERIFIER): Promise<Reply> {
  const { redirectUri, token } = app.options;
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  return app.post(form, token, headers);
}

async function challenges(
  { parameters, login, headers }: Occasion,
  app: RelyingParty,
): Promise<Observed['challenges']> {
  const ways = {
    S256: { code_challenge: CHALLENGE, code_challenge_method: 'S256' },
    plain: { code_challenge: VERIFIER, code_challenge_method: 'plain' },
    'plain without method': { code_challenge: VERIFIER, code_challenge_method: '' },
    none: { code_challenge: '', code_challenge_method: '' },
  } as const;
  const taken: (keyof typeof ways)[] = [];
  for (const [name, way] of Object.entries(ways) as [keyof typeof ways, Record<string, string>][]) {
    const { location } = await app.signIn({ ...parameters, ...way }, login);
    const code = location?.searchParams.get('code');
    if (code && good(await exchange(app, code, headers, name === 'none' ? '' : VERIFIER))) taken.push(name);
  }
  return taken;
}

async function required({ parameters }: Occasion, app: RelyingParty): Promise<string[]> {
  const missed: string[] = [];
  for (const name of ['redirect_uri', 'scope', 'state']) {
    const { text } = await app.ask({ ...parameters, [name]: '' });
    if (!text.includes('name="login"')) missed.push(name);
  }
  return missed;
}

async function refreshing(
  first: string | undefined,
  app: RelyingParty,
  headers = {},
): Promise<Observed['refresh']> {
  if (first === undefined) return 'none';
  const refresh = (token: string) =>
    app.post({ grant_type: 'refresh_token', refresh_token: token }, app.options.token, headers);
  const second = asTokens(await refresh(first)).refresh_token;
  if (second === undefined) return 'same token';
  if (good(await refresh(first))) return 'new, old one stays';
  return good(await refresh(second)) ? 'new, old one ends' : 'new, reuse ends all';
}

async function revocable(
  { parameters, login, headers }: Occasion,
  { app, revoke }: Subject,
): Promise<Observed['revocable']> {
  if (revoke === undefined) return [];
  const tokens = asTokens(await exchange(app, await app.code(parameters, login), headers));
  const kinds = [
    ['access', tokens.access_token],
    ['refresh', tokens.refresh_token ?? ''],
  ] as const;
  const taken: ('access' | 'refresh')[] = [];
  for (const [kind, token] of kinds) if ((await app.post({ token }, revoke)).status === 200) taken.push(kind);
  return taken;
}
