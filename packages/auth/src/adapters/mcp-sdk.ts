import type { Door } from '../core/passage.ts';
import { toResponse } from '../core/plain-response.ts';
import { viewRequest } from '../core/request-view.ts';
import { type GuardedResponseOptions, guardedResponse } from './guarded-response.ts';
import { authInfoOf, type SdkAuthInfo } from './sdk-auth-info.ts';

/** What this needs of the handler of the MCP SDK v2 (`createMcpHandler`). */
export interface McpFetchHandler {
  fetch(request: Request, options?: { authInfo?: SdkAuthInfo }): Promise<Response>;
}

/**
 * A web-standard handler that guards an MCP SDK v2 server and answers the endpoints of `auth`: for Workers, Deno and Bun. A response that
 * stays open ends when its token does. A `Refusal` that the handler throws is answered as the gate would.
 * `undefined`: neither ours nor the resource's.
 */
export function protectMcp(auth: Door, handler: McpFetchHandler, options: GuardedResponseOptions = {}) {
  return async (request: Request, peerAddress?: string): Promise<Response | undefined> => {
    const gate = auth.gateAt(new URL(request.url).pathname);
    if (!gate) return auth.handle(request, peerAddress);
    const view = viewRequest(request, peerAddress);
    const passage = await gate.guard(view);
    if (!passage.allowed) return toResponse(passage.response);
    try {
      const response = await handler.fetch(request, { authInfo: authInfoOf(passage.caller) });
      return guardedResponse(response, passage, options);
    } catch (error) {
      return toResponse(gate.refuse(error, view));
    }
  };
}
