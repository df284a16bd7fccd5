import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Door, Gate, Passage } from '../core/passage.ts';
import { Refusal } from '../core/refusal.ts';
import { exactGate } from './asked-gate.ts';
import { discardRest } from './incoming-body.ts';
import { IncomingView, toWebRequest } from './incoming-request.ts';
import { watchOpenStreams } from './open-streams.ts';
import { sendPlain } from './outgoing-answer.ts';
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
 * `auth`. A `Refusal` that the handler throws is answered as the gate would. Call the returned `close` when the server stops.
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
    streams.watch(response, passage.admit);
    return done;
  }

  function listener(request: GuardedRequest, response: ServerResponse): void {
    let gate: Gate | undefined;
    try {
      gate = exactGate(auth, request);
      const passage = gate?.guard(new IncomingView(request));
      const done = !passage
        ? answer(request, response)
        : passage instanceof Promise
          ? passage.then((later) => enter(later, request, response))
          : enter(passage, request, response);
      if (done instanceof Promise)
        done.catch((error: unknown) => failed(gate ?? auth, request, response, error));
    } catch (error) {
      // A handler that throws at once ends its own request, and not the process.
      failed(gate ?? auth, request, response, error);
    }
  }
  return Object.assign(listener, { close: streams.close });
}

const METHODS = { allow: 'GET, HEAD, POST, OPTIONS' };

function failed(at: Gate | Door, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const answer = 'guard' in at ? at.refuse(error, new IncomingView(request)) : at.refuse(error, 'handler');
  if (response.headersSent) response.destroy(error instanceof Error ? error : undefined);
  else sendPlain(response, answer);
}
