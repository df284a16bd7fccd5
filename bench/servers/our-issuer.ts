// The program that is our authorization server.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nodeListener } from '@portcullis/auth/adapters/node';
import { logIn } from '../load/login.ts';
import { givenOptions, serveParent } from '../processes/serve-parent.ts';
import type { StoreName } from '../stores/open-store.ts';
import { type BenchAuth, openBenchAuth } from './bench-auth.ts';
import { listen } from './listen.ts';

export interface IssuerOptions {
  readonly store: StoreName;
}

/** Bytes that the store was given to keep, and those of the files it made of them. */
export interface Stored {
  readonly given: number;
  readonly onDisk?: number;
}

let opened: BenchAuth | undefined;
const port = await listen(async (chosen) => {
  opened = await openBenchAuth(chosen, givenOptions<IssuerOptions>().store);
  return nodeListener(opened.auth, (_request, response) => response.writeHead(404).end());
});
const { store, folder, send, endpoints } = opened!;

/** `part`: the part of the tree that is looked at. Default: all of it. */
async function storedBy(work: () => Promise<unknown>, part = ''): Promise<Stored> {
  const size = () => (folder === undefined ? 0 : sizeOf(join(folder, part)));
  const before = size();
  store.takeOperations();
  await work();
  const given = store.takeOperations().bytes;
  return folder === undefined ? { given } : { given, onDisk: size() - before };
}

function sizeOf(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, entry) =>
        sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}

async function register(): Promise<void> {
  const body = JSON.stringify({
    redirect_uris: ['http://127.0.0.1/callback'],
    client_name: 'Bench',
    token_endpoint_auth_method: 'none',
  });
  const reply = await send('POST', '/register', { 'content-type': 'application/json' }, body);
  if (reply.status !== 201) throw new Error(`/register: ${reply.status} ${reply.body}`);
}

/** What one session takes by itself, and what one whole login gives the store: its transaction, its code twice, its session. */
async function session(): Promise<{ readonly session: Stored; readonly login: number }> {
  // The first makes folders, and the record of the client.
  await logIn(send, endpoints);
  const { given: login, onDisk } = await storedBy(() => logIn(send, endpoints), 'records/session');
  const { keys } = await store.list('session', { limit: 1 });
  const record = await store.get('session', keys[0]!);
  return { session: { given: record!.bytes.byteLength, onDisk }, login };
}

serveParent({
  port: () => port,
  endpoints: () => endpoints,
  operations: () => store.takeOperations(),
  registration: () => storedBy(register),
  session,
});
