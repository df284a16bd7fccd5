import type { Auth } from '@portcullis/auth';
import { createAuth } from '@portcullis/auth';
import type { MasterSecret } from '@portcullis/auth/keys/master-secret';
import { developmentPeople } from '@portcullis/auth/sign-in/development-people';
import type { Send } from '../load/connection.ts';
import { CLIENT_ID, type Endpoints, REDIRECT_URI } from '../load/login.ts';
import { countingStore } from '../stores/counting-store.ts';
import { openStore, type StoreName } from '../stores/open-store.ts';

export interface BenchAuth {
  readonly auth: Auth;
  readonly store: ReturnType<typeof countingStore>;
  /** Where a file tree lies. */
  readonly folder?: string;
  readonly masterSecret: MasterSecret;
  readonly endpoints: Endpoints;
  /** Asks the endpoints without a network in between. */
  readonly send: Send;
}

/** Where our endpoints are, for a server on this port. */
export function ourEndpoints(port: number): Endpoints {
  return { origin: `http://localhost:${port}`, authorize: '/authorize', token: '/token' };
}

/** An `Auth` as an operator has it, with defaults wherever there is one, on a store that counts. */
export async function openBenchAuth(port: number, storeName: StoreName): Promise<BenchAuth> {
  const opened = await openStore(storeName);
  const store = countingStore(opened.store);
  const masterSecret = { bytes: new Uint8Array(32).fill(7) };
  const endpoints = ourEndpoints(port);
  const auth = await createAuth({
    publicUrl: endpoints.origin,
    store,
    masterSecret,
    issuer: {
      signIns: [developmentPeople({ people: [{ username: 'alice' }, { username: 'bob' }] })],
      clients: [{ id: CLIENT_ID, redirectUris: [REDIRECT_URI] }],
    },
  });
  return {
    auth,
    store,
    folder: opened.folder,
    masterSecret,
    endpoints,
    send: sendWithin(auth, endpoints.origin),
  };
}

function sendWithin(auth: Auth, origin: string): Send {
  return async (method, target, headers, body) => {
    const host = new URL(origin).host;
    const request = new Request(origin + target, {
      method,
      headers: { host, ...headers },
      ...(method === 'POST' ? { body: body ?? '' } : {}),
    });
    const response = await auth.handle(request, '127.0.0.1');
    if (!response) throw new Error(`not answered: ${target}`);
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      cookies: response.headers.getSetCookie(),
      body: await response.text(),
    };
  };
}
