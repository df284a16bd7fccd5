import { execFileSync } from 'node:child_process';
import { constants } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Fetch } from './core/fetch.ts';
import { guardedFetch } from './net/guarded-fetch.ts';
import type { Resolver } from './net/guarded-lookup.ts';

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a fault is made from. */
export interface BadExchange {
  readonly received: ReceivedRequest;
  /** The text of the answer, were all well. */
  readonly good: string;
  readonly response: ServerResponse;
  /** A host of its own that nothing may be asked of. */
  readonly elsewhere: string;
}

export interface Fault {
  readonly name: string;
  /** Goes wrong before anything is said. */
  readonly network?: 'refused' | 'dns' | 'certificate';
  /** Only a bound on the time ends it. */
  readonly waits?: true;
  readonly answer?: (exchange: BadExchange) => void;
}

/** A host of its own, for one operation of one provider. */
export interface Place {
  /** `https://<name>:<port>` */
  readonly origin: string;
  /** The JSON of a good answer, by the path without the query. */
  good: (path: string, received: ReceivedRequest) => unknown;
  /** From now on this goes wrong, whatever is asked for. */
  fault: Fault | undefined;
  readonly received: ReceivedRequest[];
  /** Bytes that a client took, over all its connections. */
  taken(): number;
}

export interface BadServer {
  place(name: string): Place;
  /** The real way out, with a short bound where a fault only waits. `also`: hosts that are really a place. */
  fetch(trust: 'operator' | 'stranger', also?: Readonly<Record<string, Place>>): Fetch;
  close(): Promise<void>;
}

const SHORT_MILLISECONDS = 250;
const LONG_MILLISECONDS = 15_000;

/** A provider over real TLS that does at each of its hosts what a test says. */
export async function startBadServer(): Promise<BadServer> {
  const [trusted, stranger] = [makeCertificate('*.bad.example'), makeCertificate('*.bad.example')];
  const places = new Map<string, Place>();
  const untrusted = createSecureContext(stranger);
  const trustedContext = createSecureContext(trusted);
  const server = createServer({
    ...trusted,
    // Every connection shows its certificate: none goes on from an earlier one.
    maxVersion: 'TLSv1.2',
    secureOptions: constants.SSL_OP_NO_TICKET,
    SNICallback: (name, done) =>
      done(null, places.get(name)?.fault?.network === 'certificate' ? untrusted : trustedContext),
  });
  server.on('tlsClientError', () => {});
  server.on('clientError', () => {});
  server.on('request', (request, response) => {
    const host = (request.headers.host ?? '').split(':')[0]!;
    const place = places.get(host) as OpenPlace;
    place.sockets.add(request.socket);
    request.socket.on('error', () => {});
    response.on('error', () => {});
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const received = { path: request.url ?? '', headers: request.headers, body };
      place.received.push(received);
      const good = JSON.stringify(place.good(received.path.split('?')[0]!, received) ?? {});
      response.setHeader('connection', 'close');
      const { answer } = place.fault ?? {};
      if (answer) answer({ received, good, response, elsewhere: `https://elsewhere.bad.example:${port}` });
      else response.writeHead(200, { 'content-type': 'application/json' }).end(good);
    });
  });
  const port = await new Promise<number>((done) => {
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });

  const resolver: Resolver = async (name) => {
    const network = places.get(name)?.fault?.network;
    if (network === 'dns')
      throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    // Nothing listens at the second address.
    return [{ address: network === 'refused' ? '127.0.0.2' : '127.0.0.1', family: 4 }];
  };

  const bounded = (trust: 'operator' | 'stranger', timeoutMilliseconds: number) =>
    guardedFetch({
      trust,
      ca: trusted.cert,
      resolver,
      timeoutMilliseconds,
      publicRanges: ['127.0.0.0/8'],
      strangerPorts: [port],
    });
  const both = (trust: 'operator' | 'stranger') => ({
    patient: bounded(trust, LONG_MILLISECONDS),
    hasty: bounded(trust, SHORT_MILLISECONDS),
  });
  const fetches = { operator: both('operator'), stranger: both('stranger') };

  return {
    place(name) {
      const host = `${name}.bad.example`;
      const known = places.get(host);
      if (known) return known;
      const made = openPlace(`https://${host}:${port}`);
      places.set(host, made);
      return made;
    },
    fetch(trust, also = {}) {
      const { patient, hasty } = fetches[trust];
      return (text, init) => {
        const url = new URL(text);
        const target = also[url.hostname] ? also[url.hostname]!.origin + url.pathname + url.search : text;
        const waits = places.get(new URL(target).hostname)?.fault?.waits;
        return (waits ? hasty : patient)(target, init);
      };
    },
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface OpenPlace extends Place {
  readonly sockets: Set<{ readonly bytesWritten: number }>;
}

function openPlace(origin: string): OpenPlace {
  const sockets: OpenPlace['sockets'] = new Set();
  return {
    origin,
    good: () => ({}),
    fault: undefined,
    received: [],
    sockets,
    taken: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
  };
}

/** A key and a certificate of its own, made anew for every run. */
function makeCertificate(name: string): { readonly key: string; readonly cert: string } {
  const words =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout - -out -'.split(' ');
  const args = [...words, '-subj', '/CN=test', '-addext', `subjectAltName=DNS:${name}`];
  const pem = execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const cut = pem.indexOf('-----BEGIN CERTIFICATE');
  return { key: pem.slice(0, cut), cert: pem.slice(cut) };
}
