// RFC 6749 §2.3.1, §4.1.3 and §6, RFC 7636 §4.6: codes and refresh tokens become tokens.
import { createHash } from 'node:crypto';
import { Refusal } from './faults.ts';
import type { Answer, Asked } from './http-server.ts';
import type { Client, Exchange, Facts, Grant, Person, Rules, Token } from './rules.ts';

export interface Code<P extends Person> {
  readonly grant: Grant<P>;
  readonly expiresAtSeconds: number;
  used: boolean;
}

export interface Issuer<P extends Person> {
  nowSeconds(): number;
  readonly codes: ReadonlyMap<string, Code<P>>;
  readonly tokens: ReadonlyMap<string, Token<P>>;
  keep(kind: 'access' | 'refresh', value: string, exchange: Exchange<P>): void;
  newRefreshToken(): string;
}

export function tokenEndpoint<P extends Person>(rules: Rules<P>, issuer: Issuer<P>) {
  return async (asked: Asked): Promise<Answer> => {
    const { form } = asked;
    const client = authenticatedClient(rules, asked);
    const type = form.get('grant_type');
    if (type === 'authorization_code') {
      return issue(rules, issuer, fromCode(rules, issuer, asked, client));
    }
    if (type === 'refresh_token') return issue(rules, issuer, fromRefresh(rules, issuer, asked, client));
    throw new Refusal('grant-type', type ?? '');
  };
}

interface ClientRules {
  readonly facts: Pick<Facts, 'clientAuthentication'>;
  readonly clients: readonly Client[];
}

/** RFC 6749 §2.3.1. Public clients say who they are, and nothing more. */
export function authenticatedClient({ facts, clients }: ClientRules, { headers, form }: Asked): Client {
  const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic !== undefined && form.has('client_secret')) throw new Refusal('two-authentications');
  const [basicId, basicSecret] =
    basic === undefined ? [] : pair(Buffer.from(basic, 'base64').toString('utf8'));
  const id = basicId ?? form.get('client_id') ?? '';
  const secret = basicSecret ?? form.get('client_secret') ?? undefined;
  const client = clients.find((candidate) => candidate.id === id);
  if (!client) throw new Refusal(id === '' ? 'client-unauthenticated' : 'client-not-found', id);
  if (client.secret === undefined) {
    if (secret !== undefined) throw new Refusal('public-client-with-secret');
    return client;
  }
  if (secret === undefined) throw new Refusal('client-unauthenticated', id);
  const methods = client.authentication ? [client.authentication] : facts.clientAuthentication;
  const taken = methods.includes(basic === undefined ? 'post' : 'basic');
  if (!taken || secret !== client.secret) throw new Refusal('client-authentication', id);
  return client;
}

function pair(text: string): [string, string] {
  const colon = text.indexOf(':');
  const decoded = (part: string) => new URLSearchParams(`x=${part}`).get('x')!;
  return [decoded(text.slice(0, colon)), decoded(text.slice(colon + 1))];
}

function fromCode<P extends Person>(
  rules: Rules<P>,
  issuer: Issuer<P>,
  asked: Asked,
  client: Client,
): Exchange<P> {
  const { form } = asked;
  const code = issuer.codes.get(form.get('code') ?? '');
  if (!code || code.grant.client !== client) throw new Refusal('code', form.get('code') ?? '');
  const { grant } = code;
  if (code.used) {
    // RFC 6749 §4.1.2: and what was issued on it ends.
    grant.ended = true;
    throw new Refusal('code-used');
  }
  if (issuer.nowSeconds() >= code.expiresAtSeconds) throw new Refusal('code-expired');
  const [sent, given] = [grant.request.parameters.get('redirect_uri'), form.get('redirect_uri')];
  const differs = sent !== null && sent !== given && (given !== null || rules.facts.redirectUriRequired);
  if (differs) throw new Refusal('redirect-differs', given ?? '');
  verify(rules, grant, form.get('code_verifier'));
  const exchange = { ...common(asked, client, grant), refreshing: false, scopes: grant.request.scopes };
  rules.checkExchange?.(exchange);
  const scopes = rules.exchangedScopes?.(exchange) ?? grant.request.scopes;
  code.used = true;
  return { ...exchange, scopes };
}

function verify<P extends Person>({ facts }: Rules<P>, grant: Grant<P>, verifier: string | null): void {
  const challenge = grant.request.parameters.get('code_challenge');
  if (challenge === null) return;
  if (!verifier) throw new Refusal('verifier-missing');
  const method = grant.request.parameters.get('code_challenge_method') ?? facts.challengeMethodDefault;
  const made = method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  if (made !== challenge) throw new Refusal('verifier');
}

function fromRefresh<P extends Person>(
  rules: Rules<P>,
  issuer: Issuer<P>,
  asked: Asked,
  client: Client,
): Exchange<P> {
  const { form } = asked;
  const token = issuer.tokens.get(form.get('refresh_token') ?? '');
  const bad = token?.kind !== 'refresh' || token.grant.client !== client;
  if (bad || token.ended || token.grant.ended) {
    if (!bad && token.ended && rules.facts.rotation === 'reuse ends all') token.grant.ended = true;
    throw new Refusal('refresh-token', form.get('refresh_token') ?? '');
  }
  const exchange = { ...common(asked, client, token.grant), refreshing: true, scopes: token.scopes };
  rules.checkExchange?.(exchange);
  const scopes = rules.exchangedScopes?.(exchange) ?? narrowed(token.scopes, form.get('scope'));
  if (/ends/.test(rules.facts.rotation)) token.ended = true;
  return { ...exchange, scopes };
}

/** RFC 6749 §6: no more than was granted. */
function narrowed(granted: readonly string[], scope: string | null): readonly string[] {
  if (!scope) return granted;
  const wanted = scope.split(' ');
  const more = wanted.find((one) => !granted.includes(one));
  if (more !== undefined) throw new Refusal('refresh-scope', more);
  return wanted;
}

const common = <P extends Person>(asked: Asked, client: Client, grant: Grant<P>) => ({
  asked,
  client,
  grant,
  form: asked.form,
  person: grant.person,
});

async function issue<P extends Person>(
  rules: Rules<P>,
  issuer: Issuer<P>,
  exchange: Exchange<P>,
): Promise<Answer> {
  const accessToken = await rules.accessToken(exchange);
  if (accessToken !== undefined) issuer.keep('access', accessToken, exchange);
  const idToken = await rules.idToken?.(exchange, accessToken);
  const renews = !exchange.refreshing || rules.facts.rotation !== 'none';
  const refreshToken = renews && rules.wantsRefreshToken(exchange) ? issuer.newRefreshToken() : undefined;
  if (refreshToken !== undefined) issuer.keep('refresh', refreshToken, exchange);
  const body = {
    ...(accessToken === undefined ? {} : { access_token: accessToken }),
    token_type: 'Bearer',
    expires_in: rules.facts.accessTokenSeconds,
    scope: exchange.scopes.join(' '),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(idToken === undefined ? {} : { id_token: idToken }),
  };
  return rules.tokenAnswer?.(body, exchange) ?? { body };
}
