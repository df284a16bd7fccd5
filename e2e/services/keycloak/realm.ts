import { randomUUID } from 'node:crypto';
import type { FillIn } from '../provider-browser.ts';
import type { RunningKeycloak } from './running-keycloak.ts';

export const CLIENT_ID = 'portcullis';
export const CLIENT_SECRET = 'the-secret-of-this-server-at-keycloak';
export const DIRECT_CLIENT = 'direct';
export const PASSWORD = 'correct horse battery staple';

export interface Realm {
  readonly name: string;
  /** The issuer, as the console shows it. */
  readonly url: string;
  /** A request to the administration of this realm. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>;
  userId(username: string): Promise<string>;
  /** Sessions that people have at the provider, by the ids it gave them. */
  sessions(username: string): Promise<readonly string[]>;
  /** Sessions of `offline_access` with a client. */
  offlineSessions(username: string, clientId: string): Promise<number>;
  /** Changes settings of a client. */
  changeClient(clientId: string, change: Readonly<Record<string, unknown>>): Promise<void>;
  /** Makes a signing key that is used from now on; the older ones stay published. */
  addKey(kind: 'rsa' | 'ecdsa', parameters: Readonly<Record<string, string>>): Promise<void>;
}

interface WithId {
  readonly id: string;
}

/** A realm as an operator would set it up: people in groups, a mapper for these, and a client for our server. */
export async function createRealm(keycloak: RunningKeycloak, callbackUrl: string): Promise<Realm> {
  const name = `realm-${randomUUID().slice(0, 8)}`;
  await keycloak.admin('POST', '', representation(name, callbackUrl));
  const admin: Realm['admin'] = (method, path, body) => keycloak.admin(method, `/${name}${path}`, body);
  const first = async (path: string) => ((await admin('GET', path)) as readonly WithId[])[0]!.id;
  const userId = (username: string) => first(`/users?exact=true&username=${username}`);
  const client = (clientId: string) => first(`/clients?clientId=${clientId}`);
  let priority = 1000;
  return {
    name,
    url: `${keycloak.url}/realms/${name}`,
    admin,
    userId,
    async sessions(username) {
      const found = await admin('GET', `/users/${await userId(username)}/sessions`);
      return (found as readonly WithId[]).map(({ id }) => id);
    },
    async offlineSessions(username, clientId) {
      const [user, of] = [await userId(username), await client(clientId)];
      return ((await admin('GET', `/users/${user}/offline-sessions/${of}`)) as readonly unknown[]).length;
    },
    async changeClient(clientId, change) {
      const id = await client(clientId);
      const now = (await admin('GET', `/clients/${id}`)) as Record<string, unknown>;
      const attributes = { ...(now.attributes as object), ...(change.attributes as object) };
      await admin('PUT', `/clients/${id}`, { ...now, ...change, attributes });
    },
    async addKey(kind, parameters) {
      priority += 1;
      const given = { priority: String(priority), enabled: 'true', active: 'true', ...parameters };
      await admin('POST', '/components', {
        name: `${kind}-${priority}`,
        providerId: `${kind}-generated`,
        providerType: 'org.keycloak.keys.KeyProvider',
        config: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, [value]])),
      });
    },
  };
}

function representation(realm: string, callbackUrl: string) {
  const person = (username: string, firstName: string, groups: readonly string[]) => ({
    username,
    firstName,
    lastName: 'Example',
    email: `${username}@acme.example`,
    emailVerified: username !== 'bob',
    enabled: true,
    groups,
    // Beside people that are imported, everybody has it by default.
    realmRoles: username === 'alice' ? ['offline_access'] : [],
    credentials: [{ type: 'password', value: PASSWORD }],
  });
  const groupsMapper = {
    name: 'groups',
    protocol: 'openid-connect',
    protocolMapper: 'oidc-group-membership-mapper',
    config: {
      'claim.name': 'groups',
      'full.path': 'true',
      'id.token.claim': 'true',
      'access.token.claim': 'true',
      'userinfo.token.claim': 'true',
    },
  };
  const client = {
    clientId: CLIENT_ID,
    secret: CLIENT_SECRET,
    publicClient: false,
    standardFlowEnabled: true,
    redirectUris: [callbackUrl],
    protocolMappers: [groupsMapper],
  };
  // A program that asks for tokens with a password, in place of a browser.
  const directClient = { clientId: DIRECT_CLIENT, publicClient: true, directAccessGrantsEnabled: true };
  return {
    realm,
    enabled: true,
    groups: [{ name: 'analysts' }, { name: 'staff', subGroups: [{ name: 'data' }] }],
    users: [
      person('alice', 'Alice', ['/analysts', '/staff/data']),
      person('bob', 'Bob', []),
      person('carol', 'Carol', ['/analysts']),
    ],
    clients: [client, directClient],
  };
}

/** The pages of the realm: who one is, and for clients that registered themselves whether they may. */
export const signInAs =
  (username: string): FillIn =>
  (html): ReturnType<FillIn> => {
    if (html.includes('id="kc-form-login"')) return { username, password: PASSWORD };
    if (html.includes('id="kc-login"') && html.includes('name="accept"')) return { accept: 'Yes' };
    return undefined;
  };

export const READ_SCOPE = 'mcp:read';

/** What makes tokens of the realm good for a resource: a scope that puts the resource into them, and clients may register to have it. */
export async function addResource({ admin }: Realm, resource: string): Promise<void> {
  const audience = {
    name: 'audience',
    protocol: 'openid-connect',
    protocolMapper: 'oidc-audience-mapper',
    config: { 'included.custom.audience': resource, 'access.token.claim': 'true' },
  };
  // Keycloak tells nobody of a token but those it is for.
  const introspection = {
    ...audience,
    name: 'who may ask about it',
    config: { 'included.client.audience': CLIENT_ID, 'access.token.claim': 'true' },
  };
  await admin('POST', '/client-scopes', {
    name: READ_SCOPE,
    protocol: 'openid-connect',
    attributes: { 'include.in.token.scope': 'true', 'display.on.consent.screen': 'false' },
    protocolMappers: [audience, introspection],
  });
  const scopes = (await admin('GET', '/client-scopes')) as readonly (WithId & { readonly name: string })[];
  const { id } = scopes.find(({ name }) => name === READ_SCOPE)!;
  await admin('PUT', `/default-optional-client-scopes/${id}`);
  const clients = (await admin('GET', `/clients?clientId=${DIRECT_CLIENT}`)) as readonly WithId[];
  await admin('PUT', `/clients/${clients[0]!.id}/optional-client-scopes/${id}`);
  const type = 'org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy';
  const policies = (await admin('GET', `/components?type=${type}`)) as readonly (WithId & {
    readonly providerId: string;
    readonly subType: string;
  })[];
  // Else only machines that are listed may register clients.
  for (const { id: policy, providerId, subType } of policies)
    if (subType === 'anonymous' && providerId === 'trusted-hosts')
      await admin('DELETE', `/components/${policy}`);
}

export interface DirectTokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
}

/** Tokens of Keycloak itself. */
export async function directTokens(realm: Realm, username: string, scope: string): Promise<DirectTokens> {
  const form = { grant_type: 'password', client_id: DIRECT_CLIENT, username, password: PASSWORD, scope };
  const endpoint = `${realm.url}/protocol/openid-connect/token`;
  const response = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(form) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as DirectTokens;
}
