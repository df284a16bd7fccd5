// RFC 6749 §2.2: clients that the operator registered by hand.
import { equalText } from '../../core/encoding.ts';
import { OperatorError, type Problem } from '../../core/operator-error.ts';
import { type ClientKeys, isKeysFault, type KeysFault, readClientKeys } from '../../protocol/client-keys.ts';
import { checkRedirectUri } from '../../protocol/redirect-uri.ts';
import type { Client, ClientSource } from './client.ts';

export interface StaticClient {
  /** The `client_id`. 1 to 200 visible characters. */
  readonly id: string;
  /** For the consent page. Default: the id. */
  readonly name?: string;
  /** The secret; without one the client is public and PKCE alone proves it. */
  readonly secret?: string;
  /** Its public keys (RFC 7517 §5), when it authenticates with assertions (`private_key_jwt`) in place of a secret. At most 20. */
  readonly jwks?: Readonly<Record<string, unknown>>;
  /** The https URL of its public keys, in place of `jwks`. It is fetched as a stranger's URL is: it has to have a public address. */
  readonly jwksUri?: string;
  /** Where codes may go. Exact, but for the port of a loopback address. At least one. */
  readonly redirectUris: readonly string[];
}

/** `fetchesKeys`: can key sets be had from a URL? Default `false`. @throws OperatorError for an entry that can not work. */
export function staticClients(
  entries: readonly StaticClient[],
  { fetchesKeys = false }: { readonly fetchesKeys?: boolean } = {},
): ClientSource {
  const problems = entries.flatMap((entry) => [...problemsOf(entry), ...keyProblems(entry, fetchesKeys)]);
  if (new Set(entries.map((entry) => entry.id)).size < entries.length) {
    problems.push(problem('two entries have the same id.', 'Remove one of them.'));
  }
  if (problems.length > 0) throw new OperatorError(problems);
  const clients = new Map(entries.map((entry) => [entry.id, toClient(entry)]));
  return { find: async (clientId) => clients.get(clientId) };
}

function toClient(entry: StaticClient): Client {
  const { secret } = entry;
  const keys = keysOf(entry);
  return {
    id: entry.id,
    kind: 'static',
    name: entry.name ?? entry.id,
    redirectUris: entry.redirectUris,
    ...(keys && !isKeysFault(keys)
      ? { authenticationMethod: 'private_key_jwt', keys }
      : { authenticationMethod: secret === undefined ? 'none' : 'client_secret_basic' }),
    grantTypes: ['authorization_code', 'refresh_token'],
    hasSecret: (presented) => secret !== undefined && equalText(presented, secret),
  };
}

function problemsOf(entry: StaticClient): Problem[] {
  const problems: Problem[] = [];
  if (!/^[\x21-\x7e]{1,200}$/.test(entry.id))
    problems.push(
      problem(`the id "${entry.id.slice(0, 40)}" is not usable.`, 'Use 1 to 200 visible ASCII characters.'),
    );
  if (entry.redirectUris.length === 0)
    problems.push(problem(`"${entry.id}" has no redirect URI.`, 'Add the one its documentation names.'));
  for (const uri of entry.redirectUris) {
    const checked = checkRedirectUri(uri);
    if (typeof checked === 'string')
      problems.push(
        problem(
          `"${entry.id}" has the redirect URI "${uri}", which is not acceptable (${checked}).`,
          'Use https, http on a loopback address, or a private-use scheme.',
        ),
      );
  }
  return problems;
}

/** What the entry says of keys; `undefined` when it says nothing. */
export function keysOf({
  jwks,
  jwksUri,
}: Pick<StaticClient, 'jwks' | 'jwksUri'>): ClientKeys | KeysFault | undefined {
  return jwks === undefined && jwksUri === undefined ? undefined : readClientKeys({ jwks, jwksUri });
}

function keyProblems(entry: StaticClient, fetchesKeys: boolean): Problem[] {
  const keys = keysOf(entry);
  if (!keys) return [];
  const name = `"${entry.id.slice(0, 40)}"`;
  if (isKeysFault(keys)) {
    const setting = keys.member === 'jwks_uri' ? 'jwksUri' : 'jwks';
    return [
      problem(
        `${name} has ${setting}, but ${keys.why}.`,
        'Give public keys for signatures, as a JWK Set or by its https URL.',
      ),
    ];
  }
  if (entry.secret !== undefined)
    return [
      problem(`${name} has a secret and keys.`, 'Leave one of them out: a client authenticates in one way.'),
    ];
  if (keys.jwksUri !== undefined && !fetchesKeys)
    return [
      problem(
        `${name} has jwksUri, but nothing is fetched here.`,
        'Give its keys as jwks, or allow metadata documents to be fetched.',
      ),
    ];
  return [];
}

function problem(message: string, remedy: string): Problem {
  return { setting: 'clients', source: 'configuration', message, remedy };
}
