/** What can be seen of an answer, without what may differ from run to run: codes, tokens, ids, times, ports, and wording. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Answered } from '../clients/plain-client.ts';
import type { BrowserStep, ScriptedBrowser } from '../clients/scripted-browser.ts';
import type { Target } from './target.ts';

export type Observation = Readonly<Record<string, string>>;

export const STATE = 'state-of-the-client';

const MAX_STEPS = 10;

export const yes = (value: unknown) => (value ? 'yes' : 'no');

export const words = (values: unknown) =>
  Array.isArray(values) ? [...values].map(String).sort().join(' ') || 'none' : 'absent';

/** Where a client was sent to: with what, and from whom. */
export function sentBack(url: URL, target: Pick<Target, 'issuer'>, state = STATE): Observation {
  const fragment = new URLSearchParams(url.hash.slice(1));
  const inFragment = fragment.has('error') || fragment.has('code');
  const query = inFragment ? fragment : url.searchParams;
  const states = query.getAll('state');
  return {
    outcome: query.has('code') ? 'code' : query.has('error') ? 'error at the client' : 'bare redirect',
    ...(query.has('error') ? { error: query.get('error')! } : {}),
    by: inFragment ? 'fragment' : 'query',
    iss: !query.has('iss') ? 'absent' : query.get('iss') === target.issuer ? 'issuer' : 'other',
    state: states.length === 0 ? 'absent' : states.length === 1 && states[0] === state ? 'same' : 'changed',
  };
}

/** What somebody sees who opens a URL: redirects within the server are followed, forms are not sent. */
export async function openPage(
  target: Target,
  url: string,
  browser: ScriptedBrowser = target.newBrowser(),
  init?: RequestInit,
): Promise<{ readonly seen: Observation; readonly step: BrowserStep }> {
  let step = await browser.request(url, init);
  for (let hops = 0; hops < MAX_STEPS; hops += 1) {
    const location = step.response.headers.get('location');
    if (location === null) return { seen: pageSeen(step), step };
    const next = new URL(location, step.url);
    if (next.origin !== new URL(target.issuer).origin) return { seen: sentBack(next, target), step };
    step = await browser.request(next.href);
  }
  throw new Error(`too many redirects from ${url}`);
}

export async function seeAuthorize(target: Target, url: string, browser?: ScriptedBrowser) {
  return (await openPage(target, url, browser)).seen;
}

function pageSeen({ response, html }: BrowserStep): Observation {
  if (response.status >= 400) return { outcome: 'error page', status: String(response.status) };
  return { outcome: /<form/.test(html) ? 'asks the person' : 'page' };
}

/** An answer for programs: status, error or members, and whether it may be kept. */
export function programSeen(answer: Answered): Observation {
  const { status, body, headers } = answer;
  const type = headers.get('content-type')?.split(';')[0] ?? 'none';
  return {
    status: String(status),
    ...(typeof body.error === 'string' ? { error: body.error } : {}),
    ...(status < 300 && Object.keys(body).length > 0 ? { members: words(Object.keys(body)) } : {}),
    ...(status >= 400 && type !== 'application/json' ? { type } : {}),
  };
}

/** The answer of a token endpoint: what it gives and what is in it. */
export function tokensSeen(answer: Answered): Observation {
  const { status, body } = answer;
  if (status !== 200) return programSeen(answer);
  return {
    ...programSeen(answer),
    scope: body.scope === undefined ? 'absent' : words(String(body.scope).split(' ')),
  };
}

/** The audience of an access token, as the client would say it. */
export function audienceSeen(answer: Answered, target: Target): Observation {
  const seen = tokensSeen(answer);
  if (answer.status !== 200) return seen;
  const token = String(answer.body.access_token);
  if (token.split('.').length !== 3) return { ...seen, audience: 'not to be seen' };
  const { aud } = decodeJwt(token);
  const all = Array.isArray(aud) ? aud : [aud];
  return { ...seen, audience: all.length === 1 && all[0] === target.resource ? 'resource' : words(all) };
}

export function claimsSeen(token: string): Observation {
  const { typ = 'absent', alg } = decodeProtectedHeader(token);
  return {
    typ,
    asymmetric: yes(alg && !/^(HS|none)/.test(alg)),
    claims: words(Object.keys(decodeJwt(token))),
  };
}

export const withoutPort = (text: string) => text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1');
