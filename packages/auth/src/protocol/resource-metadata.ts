// RFC 9728 §2 and §3: the document that describes a protected resource, and where it answers.
import { OFFLINE_ACCESS } from './scope.ts';
import { appendedWellKnown, insertedWellKnown } from './well-known.ts';

export interface ResourceDescription {
  /** The resource identifier: exactly the URL that people type into their client. */
  readonly resource: string;
  /** Issuers that give tokens for it, the preferred one first: some clients read no further. */
  readonly authorizationServers: readonly string[];
  /** The scopes a client should ask for at first: few. `offline_access` is left out; it is the issuer's word, not the resource's. */
  readonly scopesSupported?: readonly string[];
  /** A name to show. */
  readonly resourceName?: string;
  /** A page for people. */
  readonly resourceDocumentation?: string;
}

export function resourceMetadata(description: ResourceDescription): Record<string, unknown> {
  const scopes = description.scopesSupported?.filter((scope) => scope !== OFFLINE_ACCESS);
  const document: Record<string, unknown> = {
    resource: description.resource,
    // §3.2: a list without members is left out.
    authorization_servers:
      description.authorizationServers.length > 0 ? description.authorizationServers : undefined,
    scopes_supported: scopes && scopes.length > 0 ? scopes : undefined,
    bearer_methods_supported: ['header'],
    resource_name: description.resourceName,
    resource_documentation: description.resourceDocumentation,
  };
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}

const NAME = 'oauth-protected-resource';

/** §3.1: the well-known name between host and path. This is the address that challenges name. */
export function resourceMetadataUrl(resource: string): string {
  const url = new URL(resource);
  return url.origin + insertedWellKnown(NAME, url.pathname) + url.search;
}

/**
 * The paths at which the document of a resource answers: inserted, appended, and, where it is the only resource of its host
 * (`alsoAtRoot`), the bare name.
 */
export function resourceMetadataPaths(resource: string, alsoAtRoot: boolean): readonly string[] {
  const path = new URL(resource).pathname;
  const paths = [insertedWellKnown(NAME, path), appendedWellKnown(NAME, path)];
  if (alsoAtRoot) paths.push(insertedWellKnown(NAME, ''));
  return [...new Set(paths)];
}
