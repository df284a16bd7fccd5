import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Door, Gate, Passage, PlainResponse } from '../core/passage.ts';
import { Refusal } from '../core/refusal.ts';
import type { RequestView } from '../core/request-view.ts';
import type { WebRequest } from '../core/web-request.ts';
import { discardRest, incomingBody } from './incoming-body.ts';
import { watchOpenStreams } from './open-streams.ts';
import { authInfoOf, type SdkAuthInfo } from './sdk-auth-info.ts';

/** A request that passed the gate: `auth` is what the MCP SDK hands to tools as `authInfo`. */
export interface GuardedRequest extends IncomingMessage {
  auth?: SdkAuthInfo;
}

export type NodeHandler = (request: GuardedRequest, response: ServerResponse) => unknown;

export interface NodeListenerOptions {
  /** Whatever is neither a resource nor an endpoint of ours. Default: 404. */
  readonly otherwise?: NodeHandler;
  /** Seconds between two looks at open streams: so long a stream may outlive its token. Default 5. */
  readonly streamCheckSeconds?: number;
}

/**
 * A listener for `node:http` that guards `handler` (for the MCP SDK: `toNodeHandler(createMcpHandler(...))`) and answers the endpoints of
 * `auth`. Call the returned `close` when the server stops.
 */
export function nodeListener(auth: Door, handler: NodeHandler, options: NodeListenerOptions = {}) {
  const streams = watchOpenStreams(options.streamCheckSeconds ?? 5);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A web `Request` can not be made of these, and there is nothing to say to them.
    if (/^(TRACE|TRACK|CONNECT)$/i.test(request.method ?? ''))
      return sendPlain(response, auth.refuse(new Refusal('request.method', METHODS), 'node'));
    const answered = await auth.answer(toWebRequest(request), request.socket.remoteAddress);
    if (answered) {
      sendPlain(response, answered);
      discardRest(request);
    } else if (options.otherwise) await options.otherwise(request, response);
    else sendPlain(response, auth.refuse(new Refusal('request.not-found'), 'node'));
  }

  function enter(passage: Passage, request: GuardedRequest, response: ServerResponse): unknown {
    if (!passage.allowed) return sendPlain(response, passage.response);
    for (const name in passage.headers) response.setHeader(name, passage.headers[name]!);
    request.auth = authInfoOf(passage.caller);
    const done = handler(request, response);
    // An answer that is complete by now is no stream; neither is one whose client went away while we looked.
    if (!response.writableEnded && !response.destroyed) streams.watch(response, passage.admit);
    return done;
  }

  function listener(request: GuardedRequest, response: ServerResponse): void {
    try {
      const gate = gateOf(auth, request);
      const passage = gate?.guard(new IncomingView(request));
      const done = !passage
        ? answer(request, response)
        : passage instanceof Promise
          ? passage.then((later) => enter(later, request, response))
          : enter(passage, request, response);
      if (done instanceof Promise) done.catch((error: unknown) => failed(auth, response, error));
    } catch (error) {
      // A handler that throws at once ends its own request, and not the process.
      failed(auth, response, error);
    }
  }
  return Object.assign(listener, { close: streams.close });
}

const METHODS = { allow: 'GET, HEAD, POST, OPTIONS' };

function gateOf(auth: Door, request: IncomingMessage): Gate | undefined {
  const target = originForm(request.url);
  const query = target.indexOf('?');
  return auth.gateAt(query < 0 ? target : target.slice(0, query));
}

/** A class, and getters, so that a view costs next to nothing. */
class IncomingView implements RequestView {
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

/** As much of a web `Request` as is looked at: a real one costs more than most answers. */
function toWebRequest(request: IncomingMessage): WebRequest {
  const view = new IncomingView(request);
  const { method } = view;
  return {
    method,
    // The host is looked at as a header: a URL would hide what is odd about it.
    url: new URL(`http://portcullis.invalid${originForm(request.url)}`).href,
    headers: { get: (name) => view.header(name) },
    body: method === 'GET' || method === 'HEAD' ? null : incomingBody(request),
  };
}

/** RFC 9112 §3.2: servers must take the absolute form as well. */
function originForm(target = '/'): string {
  if (target.startsWith('/')) return target;
  return URL.canParse(target) ? new URL(target).pathname + new URL(target).search : '/';
}

/** With its length said and as text, an answer leaves in one piece; else Node cuts it into chunks. */
function sendPlain(response: ServerResponse, { status, headers, cookies, body }: PlainResponse): void {
  const out: OutgoingHttpHeaders = { ...headers };
  if (cookies && cookies.length > 0) out['set-cookie'] = [...cookies];
  if (status !== 204 && status !== 304 && response.req.method !== 'HEAD')
    out['content-length'] = Buffer.byteLength(body);
  response.writeHead(status, out).end(body);
}

function failed(auth: Door, response: ServerResponse, error: unknown): void {
  const answer = auth.refuse(error, 'handler');
  if (response.headersSent) response.destroy(error instanceof Error ? error : undefined);
  else sendPlain(response, answer);
}
