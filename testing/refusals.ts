// How a provider refuses what every provider refuses: each mistake is made once, and what was seen is written in one line.
import type { Row } from './every-provider.ts';
import { CHALLENGE, type RelyingParty, type Reply, VERIFIER } from './relying-party.ts';

const LENGTH = 56;

export type Refusals = Readonly<Record<string, string>>;

/** `page 400: ...`, `redirect error: ...` or `400 error: ...`. */
function line({ status, location, json, text, headers }: Reply): string {
  const cut = (description: unknown) =>
    description
      ? `: ${String(description)
          .replace(/(Trace|Correlation) ID:[\s\S]*/, '')
          .slice(0, LENGTH)
          .trim()}`
      : '';
  if (location) {
    const { searchParams } = location;
    if (searchParams.has('code')) return 'not refused';
    return `redirect ${searchParams.get('error')}${cut(searchParams.get('error_description'))}`;
  }
  if (headers.get('content-type')?.includes('urlencoded')) {
    const form = new URLSearchParams(text);
    return `${status} ${form.get('error')}${cut(form.get('error_description'))}`;
  }
  if (json.error !== undefined) return `${status} ${json.error}${cut(json.error_description)}`;
  if (json.error_code !== undefined) return `${status} ${json.error_code}${cut(json.msg)}`;
  if (json.errorCode !== undefined) return `${status} ${json.errorCode}${cut(json.errorDescription)}`;
  if (json.access_token !== undefined || text.includes('name="login"')) return 'not refused';
  const words = text.replace(/<title>.*?<\/title>/, '').replaceAll(/<[^>]*>/g, '');
  return `page ${status}${cut(words)}`;
}

export interface Mistakes {
  readonly app: RelyingParty;
  readonly row: Row;
  /** Lets time pass. */
  advance(seconds: number): void;
}

export async function refusals({ app, row, advance }: Mistakes): Promise<Refusals> {
  const { parameters, login } = row;
  const seen: Record<string, string> = {};
  const authorization = async (name: string, changes: Readonly<Record<string, string>>, form = {}) => {
    seen[name] = line(await app.signIn({ ...parameters, ...changes }, login, form));
  };
  await authorization('unknown client', { client_id: 'unknown' });
  await authorization('unknown address', { redirect_uri: 'https://elsewhere.example/callback' });
  await authorization('response type', { response_type: 'code token' });
  await authorization('challenge method', { code_challenge_method: 'S512' });
  await authorization('no scope', { scope: '' });
  await authorization('unknown scope', { scope: 'openid no-such-scope' });
  await authorization('prompt=none', { prompt: 'none' });
  await authorization('refused by the person', {}, { decision: 'deny' });
  seen['repeated parameter'] = line(
    await app.signIn(parameters, login).then(() => repeated(app, parameters)),
  );

  const { redirectUri, clientId, clientSecret, token } = app.options;
  const code = () => app.code(parameters, login);
  const redeem = async (
    name: string,
    changes: Readonly<Record<string, string>>,
    party = app,
    headers = {},
  ) => {
    const form = {
      grant_type: 'authorization_code',
      code: await code(),
      redirect_uri: redirectUri,
      code_verifier: VERIFIER,
    };
    seen[name] = line(await party.post({ ...form, ...changes }, token, headers));
  };
  const anonymous = app.with({ clientSecret: undefined as unknown as string });
  await redeem('unknown client at the token endpoint', {}, app.with({ clientId: 'unknown' }));
  await redeem('wrong secret', {}, app.with({ clientSecret: 'wrong' }));
  if (clientSecret !== undefined) {
    await redeem('no secret', {}, anonymous);
    await redeem('no client', { client_id: '' }, anonymous);
    const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
    await redeem('two authentications', {}, app.with({ authentication: 'post' }), { authorization });
  }
  await redeem('grant type', { grant_type: 'password' });
  await redeem('unknown code', { code: 'unknown' });
  await redeem('other address', { redirect_uri: `${redirectUri}/other` });
  await redeem('wrong verifier', { code_verifier: CHALLENGE });
  await redeem('no verifier', { code_verifier: '' });
  const used = await code();
  await redeem('first use', { code: used });
  delete seen['first use'];
  await redeem('used code', { code: used });
  const old = await code();
  advance(row.codeSeconds);
  await redeem('late code', { code: old });
  await redeem('unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'unknown', code: '' });
  return seen;
}

async function repeated(app: RelyingParty, parameters: Readonly<Record<string, string>>): Promise<Reply> {
  const answer = await fetch(`${app.url(parameters)}&state=again`, { redirect: 'manual' });
  const location = answer.headers.get('location');
  return {
    status: answer.status,
    headers: answer.headers,
    text: await answer.text(),
    json: {},
    ...(location === null ? {} : { location: new URL(location) }),
  };
}
