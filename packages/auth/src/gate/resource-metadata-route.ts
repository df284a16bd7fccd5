// RFC 9728 §3: the resource describes itself, where clients look for it.
import type { Route } from '../http/route.ts';
import {
  type ResourceDescription,
  resourceMetadata,
  resourceMetadataPaths,
} from '../protocol/resource-metadata.ts';

/** `pathInMount`: the resource's path without the mount path, where requests arrive that a proxy stripped. */
export function resourceMetadataRoute(
  description: ResourceDescription,
  pathInMount: string,
  onlyResource: boolean,
): Route {
  const body = resourceMetadata(description);
  const paths = new Set([
    ...resourceMetadataPaths(description.resource, onlyResource),
    `/.well-known/oauth-protected-resource${pathInMount}`,
    `${pathInMount}/.well-known/oauth-protected-resource`,
  ]);
  return {
    id: `resource-metadata ${pathInMount}`,
    paths: [...paths],
    methods: ['GET'],
    body: 'none',
    audience: 'program',
    cors: true,
    handle: () => ({ kind: 'json', status: 200, body, headers: { 'cache-control': 'public, max-age=300' } }),
  };
}
