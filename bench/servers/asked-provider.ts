// The program that is asked about opaque tokens, by introspection and by an API, and takes its time for each answer.
import type { IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { givenOptions, serveParent } from '../processes/serve-parent.ts';
import { listen } from './listen.ts';

export interface AskedProviderOptions {
  /** Before each answer. */
  readonly latencyMilliseconds: number;
}

/** How often it was asked. */
export interface Asked {
  readonly times: number;
  /** Different tokens. */
  readonly tokens: number;
  /** About the token that it was asked about most often. */
  readonly most: number;
  /** Milliseconds between two questions about one token, the shortest there was. */
  readonly closest?: number;
}

const { latencyMilliseconds } = givenOptions<AskedProviderOptions>();
const asked = new Map<string, number[]>();

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

/** Every token is good, and each stands for a person of its own. */
async function answer(request: IncomingMessage): Promise<string> {
  const body = await bodyOf(request);
  const token =
    request.method === 'POST'
      ? (new URLSearchParams(body).get('token') ?? '')
      : (request.headers.authorization ?? '').replace('Bearer ', '');
  asked.set(token, [...(asked.get(token) ?? []), performance.now()]);
  await sleep(latencyMilliseconds);
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const claims = { sub: `person of ${token}`, client_id: 'bench', scope: 'mcp:read', aud: 'bench', exp };
  return JSON.stringify({ active: true, token_type: 'Bearer', ...claims });
}

const port = await listen(() => (request, response) => {
  answer(request).then(
    (text) => response.writeHead(200, { 'content-type': 'application/json' }).end(text),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});

function report(): Asked {
  const each = [...asked.values()];
  const between = each.flatMap((times) => times.slice(1).map((time, index) => time - times[index]!));
  return {
    times: each.reduce((sum, times) => sum + times.length, 0),
    tokens: each.length,
    most: Math.max(0, ...each.map((times) => times.length)),
    closest: between.length > 0 ? Math.min(...between) : undefined,
  };
}

serveParent({ port: () => port, asked: report });
