import { pageHeaders } from '../pages/page-headers.ts';
import { corsHeaders } from './cors.ts';
import type { Answer } from './route.ts';

/** An endpoint's answer as a `Response`. Nothing an endpoint answers may be kept by a cache unless it says so itself. */
export function respond(answer: Answer, cors: boolean): Response {
  const headers = new Headers({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(cors ? corsHeaders() : {}),
  });
  switch (answer.kind) {
    case 'json': {
      headers.set('content-type', 'application/json');
      for (const [name, value] of Object.entries(answer.headers ?? {})) headers.set(name, value);
      return new Response(JSON.stringify(answer.body), { status: answer.status, headers });
    }
    case 'empty': {
      for (const [name, value] of Object.entries(answer.headers ?? {})) headers.set(name, value);
      return new Response(null, { status: answer.status, headers });
    }
    case 'redirect': {
      // 303: whatever the method was, the browser goes on with GET and leaves the form behind (OAuth 2.1 §7.12.2).
      headers.set('location', answer.url);
      headers.set('referrer-policy', 'no-referrer');
      setCookies(headers, answer.cookies);
      return new Response(null, { status: 303, headers });
    }
    case 'page': {
      for (const [name, value] of Object.entries(pageHeaders(answer.page))) headers.set(name, value);
      for (const [name, value] of Object.entries(answer.headers ?? {})) headers.set(name, value);
      setCookies(headers, answer.cookies);
      return new Response(answer.page.html, { status: answer.page.status, headers });
    }
  }
}

function setCookies(headers: Headers, cookies: readonly string[] = []): void {
  for (const cookie of cookies) headers.append('set-cookie', cookie);
}
