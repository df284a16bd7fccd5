/** What the behaviours are made of: clients that register, people who approve, and rows of the same kind. */
import {
  type Answered,
  type Client,
  type Fields,
  type LoggedIn,
  REDIRECT_URI,
} from '../../clients/plain-client.ts';
import { type Observation, STATE, seeAuthorize } from '../observation.ts';
import type { Behaviour, Target } from '../target.ts';

/** What a native client registers that says all there is to say. */
export const NATIVE = {
  client_name: 'Native client',
  application_type: 'native',
  redirect_uris: [REDIRECT_URI],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
};

/** What every authorization request asks for, unless a row says otherwise. */
export const USUAL: Fields = { scope: 'mcp:read' };

/** Each one is another client. */
let count = 0;

export async function enrol(target: Target, metadata: Record<string, unknown> = {}): Promise<Client> {
  count += 1;
  return target.client.register({ ...NATIVE, client_name: `Native client ${count}`, ...metadata });
}

/** `{resource}` in a field stands for the resource of the target, `{RESOURCE}` for the same in upper case as far as that means the same. */
export function filled(target: Target, fields: Fields): Fields {
  const fill = (text: string) =>
    text
      .replaceAll('{resource}', target.resource)
      .replaceAll('{RESOURCE}', target.resource.replace('http:', 'HTTP:'));
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? fill(value) : value?.map(fill),
    ]),
  );
}

export type Table = Readonly<Record<string, readonly [rules: string, what: string, fields: Fields]>>;

/** Authorization requests of a client that registered itself, each with some fields changed. */
export function authorizations(
  table: Table,
  client: (target: Target) => Promise<Client> = enrol,
): Behaviour[] {
  return Object.entries(table).map(([id, [rules, what, fields]]) => ({
    id,
    rules: rules.split(' '),
    what,
    drive: async (target) => {
      const by = await client(target);
      const url = target.client.authorizationUrl(by, { state: STATE, ...USUAL, ...filled(target, fields) });
      return seeAuthorize(target, url);
    },
  }));
}

export function logIn(target: Target, client?: Client, authorize: Fields = {}): Promise<LoggedIn> {
  return (async () =>
    target.client.logIn({
      client: client ?? (await enrol(target)),
      browser: target.newBrowser(),
      authorize: { ...USUAL, ...filled(target, authorize) },
    }))();
}

export async function approve(target: Target, client?: Client, authorize: Fields = {}) {
  return target.client.approve({
    client: client ?? (await enrol(target)),
    browser: target.newBrowser(),
    authorize: { ...USUAL, ...filled(target, authorize) },
  });
}

/** Does a refresh token still work? */
export async function refreshes(target: Target, client: Client, refreshToken: string): Promise<string> {
  const answer = await target.client.refresh(client, refreshToken);
  return answer.status === 200 ? 'yes' : String(answer.body.error);
}

export const basic = (client: Client): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${client.id}:${encodeURIComponent(client.secret ?? '')}`).toString('base64')}`,
});

export const behaviour = (
  id: string,
  rules: string,
  what: string,
  drive: (target: Target) => Promise<Observation>,
): Behaviour => ({ id, rules: rules.split(' '), what, drive });

export const refreshTokenOf = (answer: Answered) => String(answer.body.refresh_token ?? 'none');
