import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Door, Gate, PlainResponse } from '../core/passage.ts';
import { Refusal } from '../core/refusal.ts';
import { exactGate, nearestGate } from './asked-gate.ts';
import { discardRest } from './incoming-body.ts';
import { IncomingView, toWebRequest } from './incoming-request.ts';
import type { GuardedRequest } from './node.ts';
import { watchOpenStreams } from './open-streams.ts';
import { sendPlain } from './outgoing-answer.ts';
import { parsedBody } from './parsed-body.ts';
import { authInfoOf } from './sdk-auth-info.ts';

/** What is needed of a request of Express 4 or 5. */
export interface ExpressRequest extends IncomingMessage {
  /** The target as it came; `url` lacks what `app.use('/prefix', ...)` matched. */
  readonly originalUrl?: string;
  /** The path as Express reads it. */
  readonly path?: string;
  /** What a body parser made of the body. */
  readonly body?: unknown;
}

export type ExpressNext = (error?: unknown) => void;

export interface ExpressOptions {
  /** Seconds between two looks at open streams: so long a stream may outlive its token. Default 5. */
  readonly streamCheckSeconds?: number;
}

/**
 * Middleware for Express 4 and 5: `app.use(expressGate(auth))`, before the routes. It answers the endpoints of `auth`, and guards its
 * resources, with everything below them and however a router might spell them: what follows is reached with a good token alone, and finds the
 * caller in `request.auth`. Everything else passes. Addresses of peers are those of connections: which proxies to believe is said to `auth`,
 * and not to Express.
 */
export function expressGate(auth: Door, { streamCheckSeconds = 5 }: ExpressOptions = {}) {
  const streams = watchOpenStreams(streamCheckSeconds);

  async function enter(gate: Gate, request: ExpressRequest, response: ServerResponse, next: ExpressNext) {
    const passage = await gate.guard(new IncomingView(request));
    if (!passage.allowed) return send(request, response, passage.response);
    for (const name in passage.headers) response.setHeader(name, passage.headers[name]!);
    (request as GuardedRequest).auth = authInfoOf(passage.caller);
    streams.watch(response, passage.admit);
    next();
  }

  async function answer(request: ExpressRequest, response: ServerResponse, next: ExpressNext): Promise<void> {
    const body = parsedBody(request);
    for (const target of targetsOf(request)) {
      const answered = await auth.answer(toWebRequest(request, target, body), request.socket.remoteAddress);
      if (answered) return send(request, response, answered);
    }
    const gate = nearestGate(auth, request);
    if (!gate) return next();
    return enter(gate, request, response, next);
  }

  function middleware(request: ExpressRequest, response: ServerResponse, next: ExpressNext): void {
    const gate = exactGate(auth, request);
    const done = gate ? enter(gate, request, response, next) : answer(request, response, next);
    done.catch(next);
  }

  /** Error middleware, for after the routes: a `Refusal` that one of them threw is answered as the gate would. Others pass. */
  function refusals(
    error: unknown,
    request: ExpressRequest,
    response: ServerResponse,
    next: ExpressNext,
  ): void {
    const gate = nearestGate(auth, request);
    if (!(error instanceof Refusal) || !gate || response.headersSent) next(error);
    else send(request, response, gate.refuse(error, new IncomingView(request)));
  }

  return Object.assign(middleware, { refusals, close: streams.close });
}

/** Where endpoints are looked for. The shorter spelling first: a longer one may look like a document that is missing. */
function targetsOf({ url, originalUrl }: ExpressRequest): readonly (string | undefined)[] {
  return originalUrl === undefined || originalUrl === url ? [url] : [url, originalUrl];
}

function send(request: IncomingMessage, response: ServerResponse, answer: PlainResponse): void {
  sendPlain(response, answer);
  discardRest(request);
}
