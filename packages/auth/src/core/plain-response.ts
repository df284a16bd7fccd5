import type { PlainResponse } from './passage.ts';

/** The web-standard form of an answer. */
export function toResponse({ status, headers, cookies = [], body }: PlainResponse): Response {
  const response = new Response(body === '' ? null : body, { status, headers });
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}
