import type { PlainResponse } from '../core/passage.ts';
import { pageHeaders } from '../pages/page-headers.ts';
import { corsHeaders } from './cors.ts';
import type { Answer } from './route.ts';

/** An endpoint's answer as it is sent. Nothing an endpoint answers may be kept by a cache unless it says so itself. */
export function respond(answer: Answer, cors: boolean): PlainResponse {
  const readable = cors ? corsHeaders() : undefined;
  // Names in lower case, so that what comes later replaces and is not added.
  const base = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...readable };
  switch (answer.kind) {
    case 'json': {
      const headers = { ...base, 'content-type': 'application/json', ...answer.headers };
      return { status: answer.status, headers, body: JSON.stringify(answer.body) };
    }
    case 'empty':
      return { status: answer.status, headers: { ...base, ...answer.headers }, body: '' };
    case 'redirect': {
      // 303: whatever the method was, the browser goes on with GET and leaves the form behind (OAuth 2.1 §7.12.2).
      const headers = { ...base, location: answer.url, 'referrer-policy': 'no-referrer' };
      return { status: 303, headers, cookies: answer.cookies, body: '' };
    }
    case 'page': {
      const { html, status } = answer.page;
      const headers = { ...readable, ...pageHeaders(answer.page), ...answer.headers };
      return { status, headers, cookies: answer.cookies, body: html };
    }
  }
}
