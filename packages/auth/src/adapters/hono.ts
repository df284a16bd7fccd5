import type { Context, MiddlewareHandler } from 'hono';
import type { Door } from '../core/passage.ts';
import { toResponse } from '../core/plain-response.ts';
import { Refusal } from '../core/refusal.ts';
import { viewRequest } from '../core/request-view.ts';
import type { WebRequest } from '../core/web-request.ts';
import { type GuardedResponseOptions, guardedResponse } from './guarded-response.ts';
import { loadedBody } from './loaded-body.ts';
import { authInfoOf, type SdkAuthInfo } from './sdk-auth-info.ts';

export interface HonoOptions extends GuardedResponseOptions {
  /** The address of the peer of the connection. Default: what `@hono/node-server` tells; on other runtimes it is unknown. */
  readonly peerAddress?: (context: Context) => string | undefined;
}

/** What a handler behind the gate finds: `context.get('auth')`. */
export interface HonoGateEnv {
  Variables: { auth: SdkAuthInfo };
}

/**
 * Middleware for Hono on any runtime: `app.use(honoGate(auth))`, before the routes. It answers the endpoints of `auth`, and guards its
 * resources, with everything below them and however a router might spell them: what follows is reached with a good token alone, and finds the
 * caller in `context.get('auth')`. Everything else passes. A `Refusal` that a handler throws is answered as the gate would. It
 * belongs into the outermost application: what `app.mount('/prefix', ...)` hands on has lost its prefix, and might look like another resource.
 */
export function honoGate(auth: Door, options: HonoOptions = {}): MiddlewareHandler<HonoGateEnv> {
  const { peerAddress = peerOfNode } = options;
  return async (context, next) => {
    const request = context.req.raw;
    const { pathname } = new URL(request.url);
    const peer = peerAddress(context);
    const exact = auth.gateAt(pathname);
    const answered = exact ? undefined : await auth.handle(readable(context), peer);
    if (answered) return answered;
    const gate = exact ?? auth.gateOver(pathname) ?? auth.gateOver(context.req.path);
    if (!gate) return next();
    const passage = await gate.guard(viewRequest(request, peer));
    if (!passage.allowed) return toResponse(passage.response);
    context.set('auth', authInfoOf(passage.caller));
    await next();
    const { error, res } = context;
    // Unset first: else what is there lends its headers to what follows.
    context.res = undefined;
    context.res =
      error instanceof Refusal
        ? toResponse(gate.refuse(error, viewRequest(request)))
        : guardedResponse(res, passage, options);
    return;
  };
}

/** A body that somebody has read before us is remembered by Hono. */
function readable({ req }: Context): WebRequest {
  const { method, url, headers, body, bodyUsed } = req.raw;
  const again = () => loadedBody(async () => new Uint8Array(await req.arrayBuffer()));
  return { method, url, headers, body: bodyUsed ? again() : body };
}

interface NodeBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
}

function peerOfNode(context: Context): string | undefined {
  return (context.env as NodeBindings | undefined)?.incoming?.socket?.remoteAddress;
}
