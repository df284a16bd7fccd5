// The program that makes the load: in a process of its own, so that the process under test has nothing else to do.
import { serveParent } from '../processes/serve-parent.ts';
import { openConnection, type Send } from './connection.ts';
import { flood } from './flood.ts';
import { type Endpoints, logIn, refresh } from './login.ts';
import { tokenFlood } from './token-flood.ts';

export interface LoginLoad {
  readonly port: number;
  readonly endpoints: Endpoints;
  /** Browsers at a time. */
  readonly workers: number;
  /** How long; 0: each browser once. */
  readonly seconds: number;
}

interface Done {
  readonly done: number;
  readonly seconds: number;
}

/** `prepare` once for each worker, then `work` over and over until the time is up; each gets the token that the one before it left. */
async function repeat(
  load: LoginLoad,
  prepare: (send: Send) => Promise<string>,
  work: (send: Send, token: string) => Promise<string>,
): Promise<Done> {
  const { host } = new URL(load.endpoints.origin);
  const connections = Array.from({ length: load.workers }, () => openConnection(load.port, host));
  const tokens = await Promise.all(connections.map(({ send }) => prepare(send)));
  const start = performance.now();
  let done = 0;
  await Promise.all(
    connections.map(async ({ send, close }, index) => {
      let token = tokens[index]!;
      do {
        token = await work(send, token);
        done += 1;
      } while (performance.now() - start < load.seconds * 1000);
      close();
    }),
  );
  return { done, seconds: (performance.now() - start) / 1000 };
}

serveParent({
  flood,
  tokenFlood,
  logIns: (load: LoginLoad) =>
    repeat(
      load,
      async () => '',
      async (send) => (await logIn(send, load.endpoints)).access_token,
    ),
  refreshes: (load: LoginLoad) =>
    repeat(
      load,
      async (send) => (await logIn(send, load.endpoints)).refresh_token,
      async (send, token) => (await refresh(send, load.endpoints, token)).refresh_token,
    ),
});
