import type http from 'node:http';
import { type FaultyProxy, startFaultyProxy } from '../../../../e2e/servers/faulty-proxy.ts';
import { type ManualClock, manualClock } from '../core/clock.ts';
import type { AuthEvent } from '../core/events.ts';
import { guardedFetch } from '../net/guarded-fetch.ts';
import type { TokenWish } from './verifier.contract.ts';
import type { VerifierParts } from './verifier-parts.ts';

export const RESOURCE = 'https://mcp.example.com/mcp';

type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> };

/** A provider that made opaque tokens, and is asked about them; `answer` is how it speaks. */
export interface TokenServer {
  readonly proxy: FaultyProxy;
  readonly clock: ManualClock;
  readonly events: AuthEvent[];
  readonly parts: VerifierParts;
  /** What is known of a token; delete it to revoke it. */
  readonly known: Map<string, Record<string, unknown>>;
  /** Makes a token; `more` is added to what is known of it. */
  issue(wish?: TokenWish, more?: Readonly<Record<string, unknown>>): string;
}

export async function startTokenServer(
  answer: (
    known: ReadonlyMap<string, Record<string, unknown>>,
    request: {
      readonly form: URLSearchParams;
      readonly json: unknown;
      readonly url: URL;
      readonly headers: http.IncomingHttpHeaders;
    },
  ) => Answer,
): Promise<TokenServer> {
  const proxy = await startFaultyProxy();
  const clock = manualClock();
  const events: AuthEvent[] = [];
  const known = new Map<string, Record<string, unknown>>();
  proxy.passTo((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const isJson = request.headers['content-type'] === 'application/json';
      const { status, body, headers } = answer(known, {
        form: new URLSearchParams(text),
        json: isJson ? JSON.parse(text) : undefined,
        url: new URL(request.url ?? '/', proxy.url),
        headers: request.headers,
      });
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    });
  });
  return {
    proxy,
    clock,
    events,
    known,
    parts: { fetch: guardedFetch({ trust: 'operator' }), clock, onEvent: (event) => void events.push(event) },
    issue({ subject, clientId, scopes, audience, expiresInSeconds = 600 } = {}, more = {}) {
      const token = `op_${known.size}_${subject ?? 'u-1'}`;
      known.set(token, {
        sub: subject ?? 'u-1',
        client_id: clientId ?? 'c-1',
        scope: (scopes ?? ['a']).join(' '),
        aud: audience ?? RESOURCE,
        exp: clock.now() / 1000 + expiresInSeconds,
        ...more,
      });
      return token;
    },
  };
}
