import { createServer, type Server } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Auth } from '@portcullis/auth';
import { type GuardedRequest, nodeListener } from '@portcullis/auth/adapters/node';
import { Refusal } from '@portcullis/auth/core/refusal';
import type { RefusalReason } from '@portcullis/auth/core/refusal-reasons';
import { isLoopbackHost } from '@portcullis/auth/core/url';
import { checkHosts, type HostCheck } from '@portcullis/auth/http/host-check';
import { pageHeaders } from '@portcullis/auth/pages/page-headers';
import type { Logger } from '../log/logger.ts';
import { createSqlMcpServer } from '../mcp/sql-server.ts';
import { identifyPerson, identifyService } from '../mcp/tool-caller.ts';
import type { Settings } from '../settings/names.ts';
import type { Database } from '../sql/database.ts';
import { DatabaseError } from '../sql/database-error.ts';
import { type LandingSignIn, landingPage } from './landing.ts';
import type { WaysIn } from './ways-in.ts';

const HSTS_SECONDS = 180 * 86_400;

export interface HttpAppOptions {
  /** The settings in force. */
  readonly settings: Settings;
  /** Who lets people in, by those settings. */
  readonly ways: WaysIn;
  /** The gate and the issuer. */
  readonly auth: Auth;
  /** What the tools ask; without one, only `whoami` is there. */
  readonly database: Database | undefined;
  /** Where the server says what it does. */
  readonly logger: Logger;
  /** The version that clients are told. */
  readonly version: string;
}

export interface HttpApp {
  readonly server: Server;
  /** Stops listening, lets requests finish for `graceMilliseconds`, then cuts what is left. */
  close(graceMilliseconds: number): Promise<void>;
}

/** Everything the program answers over HTTP: health, the landing page, the endpoints of the issuer, and the guarded MCP endpoint. */
export function createHttpApp(options: HttpAppOptions): HttpApp {
  const { auth, logger } = options;
  const mcp = createMcpHandler(() => mcpServer(options), {
    onerror: (error) => logger.debug('mcp', { error: error.message }),
  });
  const otherwise = pagesAndHealth(options);
  const listener = nodeListener(
    auth,
    toNodeHandler(mcp) as (request: GuardedRequest, response: unknown) => Promise<void>,
    { otherwise },
  );
  const secure = options.settings.publicUrl.startsWith('https:');
  let closing = false;
  const server = createServer(
    { requestTimeout: 60_000, headersTimeout: 20_000, maxHeaderSize: 32_768 },
    (request, response) => {
      // RFC 6797 §7.1: on every answer, those of the gate and the pages too.
      if (secure) response.setHeader('strict-transport-security', `max-age=${HSTS_SECONDS}`);
      // A connection that was busy when we began to close is idle only now, and would be waited for.
      response.once('close', () => closing && server.closeIdleConnections());
      listener(request, response);
    },
  );
  return {
    server,
    async close(graceMilliseconds) {
      closing = true;
      listener.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await mcp.close();
      const timer = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
      await closed;
      clearTimeout(timer);
    },
  };
}

function mcpServer({ settings, database, logger, version }: HttpAppOptions) {
  const { maxRows, maxBytes, timeoutSeconds, identity } = settings.database;
  return createSqlMcpServer({
    database,
    identify: identity === 'service' ? identifyService : identifyPerson,
    limits: { maxRows, maxBytes, timeoutSeconds },
    version,
    report: ({ tool, error, caller }) => {
      const subject = caller?.identity.subject;
      logger.warn('a tool call failed', { tool, subject, ...faultOf(error) });
      // What the database says can quote the statement and the rows: that is for those who asked to see it.
      logger.debug('a tool call failed, in full', {
        tool,
        subject,
        error: String(error),
        cause: causeText(error),
      });
    },
  });
}

/** What the log says of a failure. What the database says of a statement can quote it, and the rows: that is left out. */
function faultOf(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof DatabaseError && error.kind === 'statement') {
    return { kind: error.kind, sqlState: error.sqlState };
  }
  return { error: error instanceof Error ? error.message : String(error), cause: causeText(error) };
}

function causeText(error: unknown): string | undefined {
  return error instanceof Error && error.cause !== undefined ? String(error.cause) : undefined;
}

function pagesAndHealth({ settings, ways, auth, database, logger }: HttpAppOptions) {
  const mount = new URL(settings.publicUrl).pathname.replace(/\/$/, '');
  const page = landingPage({
    resourceName: settings.resource.name,
    url: `${settings.publicUrl}/mcp`,
    signIns: landingSignIns(ways),
    ...(auth.issuer === undefined ? {} : { loginCheckUrl: `${settings.publicUrl}/login-check` }),
    needsToken: settings.auth && !ways.clientsSignIn,
  });
  const pageHead = pageHeaders(page);
  const { publicUrl, host, allowedHosts, allowedOrigins } = settings;
  const hosts = checkHosts({ publicUrl, loopbackBind: isLoopbackHost(host), allowedHosts, allowedOrigins });

  return async (request: GuardedRequest, response: import('node:http').ServerResponse): Promise<void> => {
    const [target = '/'] = (request.url ?? '/').split('?', 1);
    const path = mount && target.startsWith(mount) ? target.slice(mount.length) || '/' : target;
    const reading = request.method === 'GET' || request.method === 'HEAD';
    const send = (status: number, headers: Record<string, string>, body: string) =>
      void response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
    const plain = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
    const refuse = (reason: RefusalReason, detail = {}) => {
      const answer = auth.refuse(new Refusal(reason, detail), 'page');
      return send(answer.status, { ...answer.headers, 'access-control-allow-origin': '*' }, answer.body);
    };
    if (!['/', '/livez', '/readyz'].includes(path)) return refuse('request.not-found');
    if (!reading) return refuse('request.method', { allow: 'GET, HEAD' });
    if (path === '/livez') return send(200, plain, 'ok\n');
    if (path === '/' && !isFor(hosts, request.headers.host)) return refuse('request.host');
    if (path === '/') return send(200, pageHead, page.html);
    const problem = await notReady(auth, database, logger);
    return problem
      ? send(503, { ...plain, 'retry-after': '5' }, `${problem}\n`)
      : send(200, plain, 'ready\n');
  };
}

/** Whoever asks after health may know the server by any name; the page is for those who know its own. */
function isFor(hosts: HostCheck, host: string | undefined): boolean {
  try {
    hosts.host(host ?? null);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return false;
  }
}

/** Which part is not ready, without saying why: the log has that. */
async function notReady(
  auth: Auth,
  database: Database | undefined,
  logger: Logger,
): Promise<string | undefined> {
  const parts: readonly [problem: string, ready: () => Promise<void> | undefined][] = [
    ['the state can not be read', () => auth.ready()],
    ['the database does not answer', () => database?.ready()],
  ];
  for (const [problem, ready] of parts) {
    try {
      await ready();
    } catch (error) {
      logger.warn('not ready', { problem, error });
      return problem;
    }
  }
  return undefined;
}

function landingSignIns({ providers, developmentPeople, elsewhere }: WaysIn): readonly LandingSignIn[] {
  return [
    ...[...providers, ...elsewhere].map((title) => ({ title })),
    ...(developmentPeople.length > 0 ? [{ title: 'a development account', developmentPeople }] : []),
  ];
}
