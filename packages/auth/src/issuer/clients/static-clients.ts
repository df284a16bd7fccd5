// RFC 6749 §2.2: clients that the operator registered by hand.
import { equalText } from '../../core/encoding.ts';
import { OperatorError, type Problem } from '../../core/operator-error.ts';
import { checkRedirectUri } from '../../protocol/redirect-uri.ts';
import type { Client, ClientSource } from './client.ts';

export interface StaticClient {
  /** The `client_id`. 1 to 200 visible characters. */
  readonly id: string;
  /** For the consent page. Default: the id. */
  readonly name?: string;
  /** The secret; without one the client is public and PKCE alone proves it. */
  readonly secret?: string;
  /** Where codes may go. Exact, but for the port of a loopback address. At least one. */
  readonly redirectUris: readonly string[];
}

/** @throws OperatorError for an entry that can not work. */
export function staticClients(entries: readonly StaticClient[]): ClientSource {
  const problems = entries.flatMap(problemsOf);
  if (new Set(entries.map((entry) => entry.id)).size < entries.length) {
    problems.push(problem('two entries have the same id.', 'Remove one of them.'));
  }
  if (problems.length > 0) throw new OperatorError(problems);
  const clients = new Map(entries.map((entry) => [entry.id, toClient(entry)]));
  return { find: async (clientId) => clients.get(clientId) };
}

function toClient(entry: StaticClient): Client {
  const { secret } = entry;
  return {
    id: entry.id,
    kind: 'static',
    name: entry.name ?? entry.id,
    redirectUris: entry.redirectUris,
    authenticationMethod: secret === undefined ? 'none' : 'client_secret_basic',
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

function problem(message: string, remedy: string): Problem {
  return { setting: 'clients', source: 'configuration', message, remedy };
}
