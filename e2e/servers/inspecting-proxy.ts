import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface InspectingProxyOptions {
  /** Hosts that there is a way to through the proxy. Others are refused. */
  readonly hosts: readonly string[];
  /** Where a request for a real address goes on this machine. */
  reach(url: string): string;
}

/** The proxy of a company: it wants a password, opens what passes, and shows a certificate of its own for every host. */
export interface InspectingProxy {
  /** With user name and password. */
  readonly url: string;
  /** The certificate that has to be trusted, in PEM. */
  readonly ca: string;
  /** What passed, such as `POST https://idp.example/token`. */
  readonly passed: readonly string[];
  /** Connections that came without the password. */
  readonly refused: () => number;
  close(): Promise<void>;
}

const CREDENTIALS = 'portcullis:in-the-house';

export async function startInspectingProxy({
  hosts,
  reach,
}: InspectingProxyOptions): Promise<InspectingProxy> {
  const { key, cert } = makeCertificate(hosts);
  const passed: string[] = [];
  const sockets = new Set<Socket>();
  let refused = 0;
  const inside = https.createServer({ key, cert }, (request, response) => {
    void (async () => {
      const url = `https://${request.headers.host}${request.url}`;
      passed.push(`${request.method} ${url.split('?')[0]}`);
      const body = Buffer.concat(await request.toArray());
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const answer = await fetch(reach(url), {
        method: request.method,
        headers: headers as Record<string, string>,
        redirect: 'manual',
        ...(body.length > 0 ? { body } : {}),
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'text/plain',
      });
      response.end(bytes);
    })().catch(() => response.destroy());
  });
  const outside = http.createServer((_request, response) => void response.writeHead(400).end());
  outside.on('connect', (request, socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    const wanted = `Basic ${Buffer.from(CREDENTIALS).toString('base64')}`;
    const [host = ''] = (request.url ?? '').split(':');
    if (request.headers['proxy-authorization'] !== wanted) {
      refused += 1;
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    } else if (!hosts.includes(host)) socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    else {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      inside.emit('connection', socket);
    }
  });
  outside.listen(0, '127.0.0.1');
  await once(outside, 'listening');
  const { port } = outside.address() as AddressInfo;
  return {
    url: `http://${CREDENTIALS}@127.0.0.1:${port}`,
    ca: cert,
    passed,
    refused: () => refused,
    async close() {
      for (const socket of sockets) socket.destroy();
      outside.close();
      await once(outside, 'close');
    },
  };
}

/** One certificate for all hosts, which is its own authority. */
function makeCertificate(hosts: readonly string[]): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const names = [
    '-subj',
    '/CN=proxy',
    '-addext',
    `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`,
  ];
  try {
    execFileSync('openssl', ['req', '-x509', ...kind, ...names, '-keyout', key, '-out', cert], {
      stdio: 'pipe',
    });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
