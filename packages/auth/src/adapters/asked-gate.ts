import type { Door, Gate } from '../core/passage.ts';
import { pathOf } from './incoming-request.ts';

/** A request that may have come through routers. */
export interface RoutedRequest {
  readonly url?: string | undefined;
  /** The target as it came; `url` lacks what `app.use('/prefix', ...)` matched. */
  readonly originalUrl?: string;
  /** The path as Express reads it. */
  readonly path?: string;
}

/** The gate of a request that has the path of a resource to the letter, with or without what a router took off. */
export function exactGate(auth: Door, request: RoutedRequest): Gate | undefined {
  const { url, originalUrl } = request;
  const gate = auth.gateAt(pathOf(url));
  if (originalUrl === undefined || originalUrl === url) return gate;
  return auth.gateAt(pathOf(originalUrl)) ?? (gate && nearestGate(auth, request));
}

/**
 * The gate of the resource that a router might take a request for. The target as it came goes first, in every reading: what is left of
 * `/admin/mcp` behind `app.use('/admin', ...)` may be the path of another resource, for which less is asked.
 */
export function nearestGate(auth: Door, { url, originalUrl, path }: RoutedRequest): Gate | undefined {
  for (const target of [originalUrl ?? url, url, path ?? url]) {
    const spelled = pathOf(target);
    const gate = auth.gateAt(spelled) ?? auth.gateOver(spelled);
    if (gate) return gate;
  }
  return undefined;
}
