import type { IncomingMessage } from 'node:http';
import type { RequestView } from '../core/request-view.ts';
import type { BodySource, WebRequest } from '../core/web-request.ts';
import { incomingBody } from './incoming-body.ts';

/** A class, and getters, so that a view costs next to nothing. */
export class IncomingView implements RequestView {
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  get method(): string {
    return this.#request.method ?? 'GET';
  }

  get target(): string {
    return this.#request.url ?? '/';
  }

  get peerAddress(): string | undefined {
    return this.#request.socket.remoteAddress;
  }

  header(name: string): string | null {
    const value = this.#request.headers[name];
    return value === undefined ? null : typeof value === 'string' ? value : value.join(', ');
  }

  headerCount(name: string): number {
    let count = 0;
    const { rawHeaders } = this.#request;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const raw = rawHeaders[i]!;
      if (raw.length === name.length && raw.toLowerCase() === name) count += 1;
    }
    return count;
  }
}

/**
 * As much of a web `Request` as is looked at: a real one costs more than most answers.
 * @param target path and query. Default: as the request has them.
 * @param body Default: as it comes in.
 */
export function toWebRequest(request: IncomingMessage, target = request.url, body?: BodySource): WebRequest {
  const view = new IncomingView(request);
  const { method } = view;
  return {
    method,
    // The host is looked at as a header: a URL would hide what is odd about it.
    url: new URL(`http://portcullis.invalid${originForm(target)}`).href,
    headers: { get: (name) => view.header(name) },
    body: method === 'GET' || method === 'HEAD' ? null : (body ?? incomingBody(request)),
  };
}

/** RFC 9112 §3.2: servers must take the absolute form as well. */
export function originForm(target = '/'): string {
  if (target.startsWith('/')) return target;
  return URL.canParse(target) ? new URL(target).pathname + new URL(target).search : '/';
}

/** The path of a target, to the letter. */
export function pathOf(target: string | undefined): string {
  const origin = originForm(target);
  const query = origin.indexOf('?');
  return query < 0 ? origin : origin.slice(0, query);
}
