import { pageHeaders } from '../pages/page-headers.ts';
import { corsHeaders } from './cors.ts';
import type { Answer } from './route.ts';

/** An endpoint's answer as a `Response`. Nothing an endpoint answers may be kept by a cache unless it says so itself. */
export function respond(answer: Answer, cors: boolean): Response {
  const readable = cors ? corsHeaders() : undefined;
  // Names in lower case, so that what comes later replaces and is not added.
  const base = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...readable };
  switch (answer.kind) {
    case 'json': {
      const headers = { ...base, 'content-type': 'application/json', ...answer.headers };
      return new Response(JSON.stringify(answer.body), { status: answer.status, headers });
    }
    case 'empty':
      return new Response(null, { status: answer.status, headers: { ...base, ...answer.headers } });
    case 'redirect': {
      // 303: whatever the method was, the browser goes on with GET and leaves the form behind (OAuth 2.1 §7.12.2).
      const headers = { ...base, location: answer.url, 'referrer-policy': 'no-referrer' };
      return withCookies(new Response(null, { status: 303, headers }), answer.cookies);
    }
    case 'page': {
      const { html, status } = answer.page;
      const headers = { ...readable, ...pageHeaders(answer.page), ...answer.headers };
      return withCookies(new Response(html, { status, headers }), answer.cookies);
    }
  }
}

function withCookies(response: Response, cookies: readonly string[] = []): Response {
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}
