import { execFileSync } from 'node:child_process';
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FetchFault } from './fetch-fault.ts';
import { type GuardedFetchOptions, guardedFetch } from './guarded-fetch.ts';
import type { Resolver } from './guarded-lookup.ts';

/** A key and a certificate of its own for the names used here, made anew for every run. */
function makeCertificate(): { readonly key: string; readonly cert: string } {
  const names = 'subjectAltName=DNS:docs.example,DNS:rebind.example,DNS:localhost,IP:127.0.0.1';
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const args = [
    'req',
    '-x509',
    ...curve,
    '-days',
    '2',
    '-subj',
    '/CN=test',
    '-addext',
    names,
    '-keyout',
    '-',
    '-out',
    '-',
  ];
  const pem = execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const cut = pem.indexOf('-----BEGIN CERTIFICATE');
  return { key: pem.slice(0, cut), cert: pem.slice(cut) };
}

const certificate = makeCertificate();
const requests: {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}[] = [];
let connections = 0;
let unanswered: ServerResponse[] = [];

const MEGABYTE = 1024 * 1024;
const ANSWERS: Record<string, (response: ServerResponse) => void> = {
  '/json': (r) =>
    r.writeHead(200, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] }).end('{"ok":true}'),
  '/redirect': (r) => r.writeHead(302, { location: 'https://docs.example/json' }).end(),
  '/empty': (r) => r.writeHead(204).end(),
  '/missing': (r) => r.writeHead(404).end('no'),
  '/never': (r) => void unanswered.push(r),
  '/slow-body': (r) => {
    unanswered.push(r);
    r.writeHead(200, { 'content-type': 'application/json' }).write('{');
  },
  '/huge': (r) => {
    r.writeHead(200);
    const more = () => {
      while (!r.destroyed && r.write(Buffer.alloc(MEGABYTE)));
    };
    r.on('drain', more);
    more();
  },
  '/declared-huge': (r) => r.writeHead(200, { 'content-length': String(100 * MEGABYTE) }).write('x'),
  '/gzip': (r) =>
    r
      .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
      .end(gzipSync('{"ok":true}')),
  '/br': (r) => r.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync('text')),
  '/bomb': (r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50 * MEGABYTE))),
  '/broken-gzip': (r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end('this is no gzip'),
  '/no-http': (r) => void r.socket?.end('this is no HTTP\r\n\r\n'),
  '/zstd': (r) => r.writeHead(200, { 'content-encoding': 'zstd' }).end('x'),
  '/cut': (r) => {
    r.writeHead(200, { 'content-length': '100' }).write('x');
    r.socket?.end();
  },
};

function listener(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const path = request.url ?? '';
    requests.push({ path, headers: request.headers, body });
    (ANSWERS[path] ?? ANSWERS['/missing']!)(response);
  });
}

const secure = createHttps({ key: certificate.key, cert: certificate.cert }, listener);
const plain = createHttp(listener);
let securePort = 0;
let plainPort = 0;

const listen = (server: Server) =>
  new Promise<number>((done) => {
    server.on('connection', () => connections++);
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });

beforeAll(async () => {
  [securePort, plainPort] = await Promise.all([listen(secure), listen(plain)]);
});
afterAll(() => {
  for (const server of [secure, plain]) {
    server.closeAllConnections();
    server.close();
  }
});
beforeEach(() => {
  requests.length = 0;
  connections = 0;
  for (const response of unanswered) response.destroy();
  unanswered = [];
});

const local: Resolver = async () => [{ address: '127.0.0.1', family: 4 }];

/** A stranger's fetch that takes this machine for the public internet. */
const stranger = (over: Partial<GuardedFetchOptions> = {}) =>
  guardedFetch({
    trust: 'stranger',
    ca: certificate.cert,
    resolver: local,
    publicRanges: ['127.0.0.1'],
    strangerPorts: [securePort, plainPort],
    ...over,
  });
const operator = (over: Partial<GuardedFetchOptions> = {}) =>
  guardedFetch({ trust: 'operator', ca: certificate.cert, resolver: local, ...over });
const docs = (path: string) => `https://docs.example:${securePort}${path}`;

async function fault(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return 'no fault';
  } catch (error) {
    if (error instanceof FetchFault) return error.kind;
    throw error;
  }
}

describe("a stranger's URL", () => {
  it('is fetched over https, by its name', async () => {
    const response = await stranger()(docs('/json'), { headers: { accept: 'application/json' } });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true });
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(requests[0]?.headers).toMatchObject({
      host: `docs.example:${securePort}`,
      'accept-encoding': 'identity',
    });
  });

  it('[G8] is not followed elsewhere', async () => {
    const response = await stranger()(docs('/redirect'));
    expect([response.status, response.headers.get('location')]).toEqual([302, 'https://docs.example/json']);
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['plain http', () => `http://docs.example:${plainPort}/json`, 'url'],
    ['another scheme', () => 'ftp://docs.example/json', 'url'],
    ['a file', () => 'file:///etc/passwd', 'url'],
    ['user information', () => `https://u:p@docs.example:${securePort}/json`, 'url'],
    ['no URL', () => 'docs.example', 'url'],
    ['another port', () => 'https://docs.example:6379/', 'url'],
    ['a private address', () => `https://10.0.0.1:${securePort}/`, 'address'],
    ['a private address in disguise', () => `https://0x0a.1:${securePort}/`, 'address'],
    ['a metadata service', () => `https://169.254.169.254:${securePort}/`, 'address'],
    ['a mapped address', () => `https://[::ffff:127.0.0.1]:${securePort}/`, 'address'],
    ['IPv6 loopback', () => `https://[::1]:${securePort}/`, 'address'],
  ])('is refused for %s', async (_, url, kind) => {
    expect(await fault(stranger()(url()))).toBe(kind);
    expect(connections).toBe(0);
  });

  it('may name port 443 alone, unless told otherwise', async () => {
    expect(await fault(stranger({ strangerPorts: undefined })(docs('/json')))).toBe('url');
  });

  it.each([
    ['loopback', ['127.0.0.1']],
    ['a private network', ['192.168.1.1']],
    ['one address of many', ['93.184.216.34', '10.0.0.1']],
    ['IPv6 loopback', ['::1']],
    ['NAT64 of loopback', ['64:ff9b::7f00:1']],
    ['what is no address', ['localhost']],
  ])('is refused when its name leads to %s', async (_, addresses) => {
    const resolver: Resolver = async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    expect(await fault(stranger({ resolver, publicRanges: [] })(docs('/json')))).toBe('address');
    expect(connections).toBe(0);
  });

  it('[G8] is asked of the address that was looked at, though the name has moved on', async () => {
    const answers = ['127.0.0.1', '10.0.0.1', '10.0.0.1'];
    let asked = 0;
    const resolver: Resolver = async () => [{ address: answers[asked++] ?? '', family: 4 }];
    const fetch = stranger({ resolver });
    const first = await fetch(`https://rebind.example:${securePort}/json`);
    expect([first.status, asked]).toEqual([200, 1]);
    // No connection is kept from which the second request could profit.
    expect(await fault(fetch(`https://rebind.example:${securePort}/json`))).toBe('address');
    expect(connections).toBe(1);
  });

  it('is a fault of the network when the name does not resolve', async () => {
    const resolver: Resolver = async () => Promise.reject(new Error('ENOTFOUND'));
    expect(await fault(stranger({ resolver })(docs('/json')))).toBe('network');
    expect(await fault(stranger({ resolver: async () => [] })(docs('/json')))).toBe('network');
  });

  it('is a fault of the network when the certificate is not trusted or for another name', async () => {
    expect(await fault(stranger({ ca: undefined })(docs('/json')))).toBe('network');
    expect(await fault(stranger()(`https://other.example:${securePort}/json`))).toBe('network');
    expect(requests).toHaveLength(0);
  });

  it.each([
    ['a body without end', '/huge', 'too-large'],
    ['a content coding that was not asked for', '/gzip', 'encoding'],
    ['a small answer that unpacks to a large one', '/bomb', 'encoding'],
    ['an answer that never comes', '/never', 'timeout'],
    ['a body that never ends', '/slow-body', 'timeout'],
    ['a body of which only the size came', '/declared-huge', 'timeout'],
    ['a connection that breaks', '/cut', 'network'],
  ])('is given up: %s', async (_, path, kind) => {
    expect(await fault(stranger({ timeoutMilliseconds: 400 })(docs(path)))).toBe(kind);
  });

  it('[G8] stops reading at the limit to the byte', async () => {
    const length = '{"ok":true}'.length;
    expect((await stranger({ maxBodyBytes: length })(docs('/json'))).status).toBe(200);
    expect(await fault(stranger({ maxBodyBytes: length - 1 })(docs('/json')))).toBe('too-large');
  });

  it('ends when the caller takes it back', async () => {
    const controller = new AbortController();
    const answer = fault(stranger()(docs('/never'), { signal: controller.signal }));
    controller.abort();
    expect(await answer).toBe('aborted');
  });
});

it("[G8] never opens a connection for a stranger's URL that leads inside, whatever it looks like", async () => {
  const resolver: Resolver = async () => [{ address: '10.0.0.1', family: 4 }];
  const fetch = stranger({ resolver, publicRanges: [] });
  const piece = fc.constantFrom(
    ...[
      'https://',
      'http://',
      'HTTPS:',
      '//',
      '\\\\',
      '@',
      '#',
      '?',
      ':',
      '/',
      `:${securePort}`,
      ':443',
      'x',
      '%00',
      '\t',
    ],
    ...[
      '127.0.0.1',
      '0x7f.1',
      '2130706433',
      '0177.0.0.1',
      '[::1]',
      '[::ffff:7f00:1]',
      'localhost',
      'docs.example',
      '１２７.0.0.1',
    ],
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 6 }),
      fc.constantFrom('', `https://`),
      async (pieces, start) => {
        expect(['url', 'address', 'network']).toContain(await fault(fetch(start + pieces.join(''))));
      },
    ),
    { numRuns: 1000 },
  );
  expect(connections).toBe(0);
});

describe("an operator's URL", () => {
  it('may be on this machine, over http and https', async () => {
    expect((await operator()(`http://127.0.0.1:${plainPort}/json`)).status).toBe(200);
    expect((await operator()(`http://idp.internal:${plainPort}/json`)).status).toBe(200);
    expect((await operator()(docs('/json'))).status).toBe(200);
  });

  it('is refused for plain http to a public address', async () => {
    const resolver: Resolver = async () => [{ address: '93.184.216.34', family: 4 }];
    expect(await fault(operator({ resolver })('http://idp.example/'))).toBe('address');
    expect(await fault(operator()('http://93.184.216.34/'))).toBe('address');
    expect(await fault(operator()('ftp://127.0.0.1/'))).toBe('url');
  });

  it('is sent the form and the headers it is given', async () => {
    await operator()(`http://127.0.0.1:${plainPort}/json`, {
      method: 'POST',
      headers: { authorization: 'Basic x' },
      body: new URLSearchParams({ a: 'b c' }),
    });
    expect(requests[0]).toMatchObject({
      body: 'a=b+c',
      headers: {
        authorization: 'Basic x',
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
      },
    });
  });

  it('is asked over connections that are kept', async () => {
    const fetch = operator();
    for (let i = 0; i < 6; i++) await fetch(`http://127.0.0.1:${plainPort}/json`);
    expect(requests).toHaveLength(6);
    expect(connections).toBeLessThanOrEqual(2);
  });

  it('may answer without a body, and with any status', async () => {
    expect((await operator()(docs('/empty'))).status).toBe(204);
    expect((await operator()(docs('/missing'))).status).toBe(404);
    expect((await operator()(docs('/redirect'))).status).toBe(302);
  });

  it('is unpacked, and counted after unpacking', async () => {
    const response = await operator()(docs('/gzip'));
    expect([await response.json(), response.headers.get('content-encoding')]).toEqual([{ ok: true }, null]);
    expect(await (await operator()(docs('/br'))).text()).toBe('text');
    expect(await fault(operator()(docs('/bomb')))).toBe('too-large');
    expect(await fault(operator()(docs('/broken-gzip')))).toBe('network');
    expect(await fault(operator()(docs('/zstd')))).toBe('encoding');
  });

  it('is a fault of the network where nobody listens', async () => {
    expect(await fault(operator()('http://127.0.0.1:1/'))).toBe('network');
  });

  it('says by a name what the network did, and nothing where there is none', async () => {
    const told = async (path: string) => await operator()(docs(path)).catch((error: Error) => error.message);
    expect(await told('/cut')).toMatch(/ can not be reached \([A-Z_]+\)\.$/);
    expect(await told('/no-http')).toMatch(/ can not be reached \(NO_HTTP\)\.$/);
  });
});

describe('an outbound proxy', () => {
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createHttp();
  let proxyUrl = '';

  beforeAll(async () => {
    proxy.on('connect', (request, socket: Socket) => {
      tunnels.push(request.url ?? '');
      const upstream = connect(securePort, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const each of [socket, upstream]) sockets.add(each.on('error', () => {}));
    });
    proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  beforeEach(() => {
    tunnels.length = 0;
  });

  it('is asked for the name, and sees nothing inside', async () => {
    const nowhere: Resolver = async () => Promise.reject(new Error('no DNS here'));
    expect((await stranger({ proxyUrl, resolver: nowhere })(docs('/json'))).status).toBe(200);
    expect((await operator({ proxyUrl, resolver: nowhere })(docs('/json'))).status).toBe(200);
    expect(tunnels).toEqual([`docs.example:${securePort}`, `docs.example:${securePort}`]);
  });

  it('is not asked for what may not be reached', async () => {
    const inside: Resolver = async () => [{ address: '10.0.0.1', family: 4 }];
    expect(await fault(stranger({ proxyUrl, resolver: inside })(docs('/json')))).toBe('address');
    expect(await fault(stranger({ proxyUrl })('https://169.254.169.254/'))).toBe('url');
    expect(
      await fault(stranger({ proxyUrl, publicRanges: [] })(`https://localhost:${securePort}/json`)),
    ).toBe('address');
    expect(tunnels).toEqual([]);
  });

  it('is left out for hosts that are named, to the letter or by what they end with, and for no others', async () => {
    for (const direct of ['docs.example', 'DOCS.example', '.example'])
      expect((await operator({ proxyUrl, directHosts: [direct] })(docs('/json'))).status).toBe(200);
    expect(tunnels).toEqual([]);
    for (const other of ['ocs.example', 'example', 's.example', '.docs.example', 'docs'])
      expect((await operator({ proxyUrl, directHosts: [other] })(docs('/json'))).status).toBe(200);
    expect(tunnels).toHaveLength(5);
  });

  it('is asked for a name that only looks like an address of this machine', async () => {
    const nowhere: Resolver = async () => Promise.reject(new Error('no DNS here'));
    // The certificate is for another name: the way it took is what counts.
    await fault(stranger({ proxyUrl, resolver: nowhere })(`https://127.evil.example:${securePort}/json`));
    expect(tunnels).toEqual([`127.evil.example:${securePort}`]);
  });

  it('is left out for this machine', async () => {
    expect((await operator({ proxyUrl })(`http://127.0.0.1:${plainPort}/json`)).status).toBe(200);
    expect(tunnels).toEqual([]);
  });
});

it('refuses to start with a range that is none', () => {
  expect(() => stranger({ publicRanges: ['10.0.0.0/99'] })).toThrow(TypeError);
});
