import type { EventSink } from '../core/events.ts';
import type { PlainResponse } from '../core/passage.ts';
import type { Random } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';
import type { WebRequest } from '../core/web-request.ts';
import { respond } from './answer.ts';
import { type BodyLimits, readBody } from './body.ts';
import { preflight } from './cors.ts';
import { refusalAsJson, refusalAsPage } from './refusal-answer.ts';
import { reportRefusal } from './report-refusal.ts';
import type { Answer, Exchange, Route } from './route.ts';

export interface DispatchOptions {
  /** How large a body may be, and how long it may take. */
  readonly limits: BodyLimits;
  /** Where randomness comes from. */
  readonly random: Random;
  /** Told of every decision; must not throw. */
  readonly onEvent: EventSink;
}

/** Runs one route: method, body, handler; whatever goes wrong becomes a standard answer with an incident id. */
export async function dispatch(
  route: Route,
  request: WebRequest,
  path: string,
  address: string | undefined,
  options: DispatchOptions,
): Promise<PlainResponse> {
  if (request.method === 'OPTIONS' && route.cors) return preflight(route.methods);
  try {
    const answer = await route.handle(await readExchange(route, request, path, address, options.limits));
    return withoutBodyForHead(respond(answer, route.cors), request.method);
  } catch (error) {
    const answer = refuse(error, route.audience, route.id, options);
    return withoutBodyForHead(respond(answer, route.cors), request.method);
  }
}

/** Any error as an answer; the log gets the reason, the client a code. Faults of ours are 503, so that no client takes them for a log-out. */
export function refuse(
  error: unknown,
  audience: 'person' | 'program',
  at: string,
  options: Pick<DispatchOptions, 'random' | 'onEvent'>,
): Answer {
  const { refusal, incident } = reportRefusal(error, at, options);
  return audience === 'person' ? refusalAsPage(refusal, incident) : refusalAsJson(refusal, incident);
}

async function readExchange(
  route: Route,
  request: WebRequest,
  path: string,
  address: string | undefined,
  limits: BodyLimits,
): Promise<Exchange> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (!route.methods.some((allowed) => allowed === method)) {
    throw new Refusal('request.method', {
      seen: request.method.slice(0, 20),
      allow: [...route.methods, 'OPTIONS'].join(', '),
    });
  }
  const body = method === 'POST' && route.body !== 'none' ? await readBody(request, route.body, limits) : '';
  const query = new URL(request.url).search.slice(1);
  return { method, path, query, headers: request.headers, body, address };
}

function withoutBodyForHead(response: PlainResponse, method: string): PlainResponse {
  return method === 'HEAD' ? { ...response, body: '' } : response;
}
