// RFC 8707 §2: which of the configured resources a request means.
import { Refusal } from '../core/refusal.ts';
import { sameResource } from '../core/url.ts';

export interface ResourceChoice {
  /** The resources of this server, in the spelling that goes into tokens. */
  readonly configured: readonly string[];
}

/**
 * The one resource a request is about, in its configured spelling. A request that names none means the only one there is. The same resource may be named twice in two spellings; two resources
 * at once are refused, since a token of ours is good for exactly one.
 */
export function resolveResource(requested: readonly string[], choice: ResourceChoice): string {
  const { configured } = choice;
  const only = configured.length === 1 ? configured[0] : undefined;
  if (requested.length === 0) {
    if (only === undefined) throw new Refusal('authorization.resource', { requested: 'none', configured });
    return only;
  }
  const found = requested.map((text) => configured.find((resource) => sameResource(resource, text)));
  const [resource] = found;
  if (resource === undefined || found.some((each) => each !== resource))
    throw new Refusal('authorization.resource', { requested, configured });
  return resource;
}
