// RFC 7591 §2 and §3: an application registers itself, and is a client of the stand-in from then on.
import { randomUUID } from 'node:crypto';
import { type FaultFact, Refusal } from './faults.ts';
import type { Asked, Route } from './http-server.ts';
import type { Client } from './rules.ts';

/** What an application asks for, its defaults filled in. */
export interface Wanted {
  readonly redirectUris: readonly string[];
  /** RFC 7591 §2: `client_secret_basic`, when nothing is said. */
  readonly method: string;
  readonly grantTypes: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Registered {
  readonly client: Client;
  readonly answer: Readonly<Record<string, unknown>>;
}

export interface Registration {
  /** Real address of the registration endpoint. */
  readonly endpoint: string;
  /** The clients of the rules; a new one is added. */
  readonly clients: Client[];
  /** Throws a `Refusal`; otherwise says what the provider makes of it. */
  register(wanted: Wanted, asked: Asked): Registered;
  /** For what is no JSON object. Default: as in RFC 7591 §3.2.2. */
  readonly malformed?: FaultFact;
}

const INVALID_METADATA: FaultFact = { status: 400, error: 'invalid_client_metadata' };

export function registrationRoute({
  endpoint,
  clients,
  register,
  malformed = INVALID_METADATA,
}: Registration): Route {
  return {
    method: 'POST',
    path: new URL(endpoint).pathname,
    handle(asked) {
      const { client, answer } = register(wantedOf(asked, malformed), asked);
      clients.push(client);
      return { status: 201, body: answer };
    },
  };
}

function wantedOf({ body }: Asked, malformed: FaultFact): Wanted {
  let metadata: unknown;
  try {
    metadata = JSON.parse(body);
  } catch {
    throw new Refusal(malformed);
  }
  if (typeof metadata !== 'object' || metadata === null) throw new Refusal(malformed);
  const known = metadata as Readonly<Record<string, unknown>>;
  return {
    redirectUris: texts(known.redirect_uris) ?? [],
    method: String(known.token_endpoint_auth_method ?? 'client_secret_basic'),
    grantTypes: texts(known.grant_types) ?? ['authorization_code'],
    metadata: known,
  };
}

function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** A client as it was asked for; who registers for a secret gets one. */
export function asAsked(id: string, { redirectUris, method }: Wanted): Client {
  if (method === 'none') return { id, redirectUris: [...redirectUris] };
  const authentication = method === 'client_secret_post' ? 'post' : 'basic';
  return { id, secret: randomUUID(), redirectUris: [...redirectUris], authentication };
}

/** An MCP client, that registers itself at a stand-in and has no secret. */
export async function registerPublicly(
  address: string,
  redirectUris: readonly string[],
): Promise<{ readonly clientId: string }> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: redirectUris, token_endpoint_auth_method: 'none' }),
  });
  const { client_id } = (await answer.json()) as { readonly client_id?: string };
  if (answer.status !== 201 || client_id === undefined) throw new Error(`no client: ${answer.status}`);
  return { clientId: client_id };
}
