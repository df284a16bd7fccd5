// Scopes and resources of Microsoft Entra ID. Sources as in `azure.ts`.
import { Refusal } from '../faults.ts';
import type { Exchange } from '../rules.ts';
import { ENTRA_IDS, type EntraPerson, fault } from './azure-facts.ts';

export const OIDC_SCOPES = ['openid', 'profile', 'email', 'offline_access'];
export const GRAPH = 'https://graph.microsoft.com';
const GRAPH_SCOPES = ['User.Read', 'GroupMember.Read.All'];
export const IDENTIFIER = `api://${ENTRA_IDS.client}`;
/** «App manifest», identifierUris, unread: a list; below a verified domain of the tenant it may be any address. */
export const ADDRESS_IDENTIFIER = 'https://mcp.acme.example/mcp';
export const API_SCOPES = ['mcp.read', 'mcp.write'];

interface AskedScope {
  readonly resource: string;
  readonly name: string;
}

/** «Scopes and permissions», 2026-11-20: what is before the last slash is the resource; without one, it is Microsoft Graph. */
export function resourceScopes(scopes: readonly string[]): AskedScope[] {
  return scopes
    .filter((scope) => !OIDC_SCOPES.includes(scope))
    .map((scope) => {
      const slash = scope.lastIndexOf('/');
      return slash < 0
        ? { resource: GRAPH, name: scope }
        : { resource: scope.slice(0, slash), name: scope.slice(slash + 1) };
    });
}

function known({ resource, name }: AskedScope): boolean {
  if (resource === GRAPH) return GRAPH_SCOPES.includes(name) || name === '.default';
  return isApi(resource) && (API_SCOPES.includes(name) || name === '.default');
}

/** The API may be named by one of its URIs or its id. */
export const isApi = (resource: string) =>
  [IDENTIFIER, ADDRESS_IDENTIFIER, ENTRA_IDS.client].includes(resource);

export function checkScopes(scopes: readonly string[], tenant: string): void {
  const asked = resourceScopes(scopes);
  for (const scope of asked) {
    if (scope.resource !== GRAPH && !isApi(scope.resource)) {
      throw new Refusal(
        fault(
          500_011,
          'invalid_resource',
          `The resource principal named ${scope.resource} was not found in the tenant named ${tenant}.`,
        ),
      );
    }
    if (!known(scope)) {
      const id = scope.resource === GRAPH ? ENTRA_IDS.graph : ENTRA_IDS.client;
      throw new Refusal(
        fault(
          650_053,
          'invalid_client',
          `The application 'MCP' asked for scope '${scope.name}' that doesn't exist on the resource '${id}'. Contact the app vendor.`,
        ),
      );
    }
  }
  // «Scopes and permissions», .default, 2026-11-20: not together with single scopes.
  const mixed =
    asked.some(({ name }) => name === '.default') && asked.some(({ name }) => name !== '.default');
  if (mixed)
    throw new Refusal(
      fault(
        70_011,
        'invalid_scope',
        `The provided value for the input parameter 'scope' is not valid. The scope ${scopes.join(' ')} is not valid.`,
      ),
    );
}

/** Issues of MCP clients with Entra, 2026-08 to 2026-09, read 2026-11-20: the resource must be the one that the scopes belong to. */
export function checkResource(parameters: URLSearchParams, scopes: readonly string[]): void {
  for (const resource of parameters.getAll('resource')) {
    const asked = resourceScopes(scopes);
    if (asked.length === 0) {
      throw new Refusal(
        fault(901_002, 'invalid_request', "The 'resource' request parameter is not supported."),
      );
    }
    if (asked.some((scope) => scope.resource !== resource)) {
      throw new Refusal(
        fault(
          9_010_010,
          'invalid_target',
          "The resource parameter provided in the request doesn't match with the requested scopes.",
        ),
      );
    }
  }
}

/** «Authorization code flow», redeem a code, 2026-11-20: all scopes of one resource, beside those of OpenID Connect. */
export function scopesOf({ form, grant, refreshing }: Exchange<EntraPerson>): readonly string[] {
  const granted = grant.request.scopes;
  const consented = new Set(resourceScopes(granted).map(({ resource }) => resource));
  const wanted = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (wanted.length === 0) {
    if (consented.size > 1 && !refreshing) {
      throw new Refusal(
        fault(
          28_003,
          'invalid_request',
          "Provided value for the input parameter scope can't be empty when requesting an access token using the provided authorization code. Specify a valid scope.",
        ),
      );
    }
    return granted.filter(
      (scope) => OIDC_SCOPES.includes(scope) || resourceScopes([scope])[0]!.resource === [...consented][0],
    );
  }
  if (new Set(resourceScopes(wanted).map(({ resource }) => resource)).size > 1) {
    throw new Refusal(
      fault(
        28_000,
        'invalid_request',
        `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope ${wanted.join(' ')} is not valid.`,
      ),
    );
  }
  const invalid = resourceScopes(wanted).find((scope) => !known(scope));
  if (invalid) {
    throw new Refusal(
      fault(
        70_011,
        'invalid_scope',
        `The provided value for the input parameter 'scope' is not valid. The scope ${wanted.join(' ')} is not valid.`,
      ),
    );
  }
  if (resourceScopes(wanted).some(({ resource }) => !consented.has(resource) && resource !== GRAPH)) {
    throw new Refusal(
      fault(
        65_001,
        'invalid_grant',
        `The user or administrator has not consented to use the application with ID '${ENTRA_IDS.client}'.`,
      ),
    );
  }
  // The ID token and the refresh token follow what was granted.
  return [...new Set([...granted.filter((scope) => OIDC_SCOPES.includes(scope)), ...wanted])];
}
