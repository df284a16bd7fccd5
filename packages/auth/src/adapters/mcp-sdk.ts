import type { Door } from '../core/passage.ts';
import { toResponse } from '../core/plain-response.ts';
import { viewRequest } from '../core/request-view.ts';
import { authInfoOf, type SdkAuthInfo } from './sdk-auth-info.ts';

/** What this needs of the handler of the MCP SDK v2 (`createMcpHandler`). */
export interface McpFetchHandler {
  fetch(request: Request, options?: { authInfo?: SdkAuthInfo }): Promise<Response>;
}

/**
 * A web-standard handler that guards an MCP SDK v2 server and answers the endpoints of `auth`: for Hono, Workers, Deno and Bun.
 * `undefined`: neither ours nor the resource's.
 */
export function protectMcp(auth: Door, handler: McpFetchHandler) {
  return async (request: Request, peerAddress?: string): Promise<Response | undefined> => {
    const gate = auth.gateAt(new URL(request.url).pathname);
    if (!gate) return auth.handle(request, peerAddress);
    const passage = await gate.guard(viewRequest(request, peerAddress));
    if (!passage.allowed) return toResponse(passage.response);
    const response = await handler.fetch(request, { authInfo: authInfoOf(passage.caller) });
    if (Object.keys(passage.headers).length === 0) return response;
    const headers = new Headers(response.headers);
    for (const [name, value] of Object.entries(passage.headers)) headers.set(name, value);
    return new Response(response.body, { status: response.status, headers });
  };
}
