import type { HeaderReader } from '../core/web-request.ts';
import type { Page } from '../pages/page.ts';

/** A request as an endpoint sees it: read within limits, from a known address. */
export interface Exchange {
  readonly method: string;
  /** Path without the mount path of the public URL. */
  readonly path: string;
  /** The query as received, without its question mark. */
  readonly query: string;
  readonly headers: HeaderReader;
  /** The body as text; empty when the route takes none. */
  readonly body: string;
  /** Address of the client, as far as trusted proxies tell. */
  readonly address?: string;
}

/** What an endpoint answers; `http/answer.ts` makes what is sent. */
export type Answer =
  | {
      readonly kind: 'json';
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'empty'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'redirect'; readonly url: string; readonly cookies?: readonly string[] }
  | {
      readonly kind: 'page';
      readonly page: Page;
      readonly cookies?: readonly string[];
      readonly headers?: Readonly<Record<string, string>>;
    };

/** One row of the table of endpoints. */
export interface Route {
  /** Name for logs, metrics and tests, such as `token`. */
  readonly id: string;
  /** Every path it answers at, without the mount path. */
  readonly paths: readonly string[];
  readonly methods: readonly ('GET' | 'POST' | 'OPTIONS')[];
  /** What a POST carries. */
  readonly body: 'none' | 'form' | 'json';
  /** Refusals as a page for a person, or as JSON for a program. */
  readonly audience: 'person' | 'program';
  /** May scripts of any origin read the answer? Only where no cookie matters. */
  readonly cors: boolean;
  handle(exchange: Exchange): Promise<Answer> | Answer;
}

/** Path → route. A path that is claimed twice is a fault of ours, and stops the start. */
export function indexRoutes(routes: readonly Route[]): ReadonlyMap<string, Route> {
  const index = new Map<string, Route>();
  for (const route of routes) {
    for (const path of route.paths) {
      if (index.has(path))
        throw new Error(`two routes claim ${path}: ${index.get(path)?.id} and ${route.id}`);
      index.set(path, route);
    }
  }
  return index;
}
