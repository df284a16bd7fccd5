// WHATWG Fetch §3.2 (CORS): what scripts of other origins may read. No answer here depends on a cookie, so any origin may.
import type { PlainResponse } from '../core/passage.ts';

const ALLOW_HEADERS =
  'Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID, DPoP';
const EXPOSE_HEADERS = 'WWW-Authenticate, Mcp-Session-Id, Retry-After';

/** Headers that let scripts of `origin` (default: any) read an answer. */
export function corsHeaders(origin = '*'): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': EXPOSE_HEADERS,
    ...(origin === '*' ? {} : { vary: 'Origin' }),
  };
}

/** The answer to a preflight request. It comes before any authorization: a preflight carries no credentials. */
export function preflight(methods: readonly string[], origin = '*'): PlainResponse {
  const headers = {
    ...corsHeaders(origin),
    'access-control-allow-methods': [...methods, 'OPTIONS'].join(', '),
    'access-control-allow-headers': ALLOW_HEADERS,
    'access-control-max-age': '7200',
  };
  return { status: 204, headers, body: '' };
}
