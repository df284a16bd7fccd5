import type { IncomingMessage } from 'node:http';
import type { BodySource } from '../core/web-request.ts';
import { loadedBody } from './loaded-body.ts';

/**
 * A body that a parser (`express.json()`, `express.urlencoded()`, ...) has read before us, written again. `undefined`: nobody has read it.
 */
export function parsedBody(request: IncomingMessage & { readonly body?: unknown }): BodySource | undefined {
  // Some parsers set `body` on every request, also where they read nothing.
  if (!request.readableDidRead) return undefined;
  return loadedBody(() => written(request.body, request.headers['content-type']));
}

function written(body: unknown, contentType = ''): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (body === undefined) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(contentType) && typeof body === 'object';
  return Buffer.from(isForm ? new URLSearchParams(fieldsOf(body)).toString() : JSON.stringify(body));
}

/** What came more than once was made a list of: it is as often again. Whatever else a parser made of a name has no meaning to us. */
function fieldsOf(body: object | null): [string, string][] {
  return Object.entries(body ?? {}).flatMap(([name, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value]).map((each): [string, string] => [name, String(each)]),
  );
}
