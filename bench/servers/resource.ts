// The program that serves a resource: bare or an MCP server, guarded or not.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { nodeListener } from '@portcullis/auth/adapters/node';
import { logIn } from '../load/login.ts';
import { givenOptions, serveParent } from '../processes/serve-parent.ts';
import type { StoreName } from '../stores/open-store.ts';
import { openBenchAuth } from './bench-auth.ts';
import { greeter } from './greeter.ts';
import { listen } from './listen.ts';

export interface ResourceServerOptions {
  readonly serves: 'text' | 'mcp';
  /** `unguarded`, or the store behind the gate. */
  readonly gate: 'unguarded' | StoreName;
}

const { serves, gate } = givenOptions<ResourceServerOptions>();

/** The least a server can do. */
function answerText(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '2' }).end('ok');
}

const handler: RequestListener = serves === 'text' ? answerText : greeter();
let token = 'nobody-looks-at-it';

const port = await listen(async (chosen) => {
  if (gate === 'unguarded') return handler;
  const { auth, endpoints, send } = await openBenchAuth(chosen, gate);
  token = (await logIn(send, endpoints)).access_token;
  return nodeListener(auth, handler as Parameters<typeof nodeListener>[1]);
});

serveParent({ port: () => port, token: () => token });
