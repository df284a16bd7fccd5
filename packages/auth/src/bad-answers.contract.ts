import { gzipSync } from 'node:zlib';
import type { BadExchange, Fault } from './bad-server.contract.ts';

/** What a provider says, and nobody but the operator may ever read. */
export const SAID = 'words-of-the-provider';
/** Breaks lines, opens elements, and turns the direction of a text. */
export const HOSTILE = `<script>${SAID}</script>\r\nset-cookie: ${SAID}=1\r\n\u0000\u0007\u001b[31m\u0085\u009b\u202e\u2066\u200b"'>`;

const MEGABYTE = 1024 * 1024;
const PAGE = `<!doctype html><title>${SAID}</title><script>${SAID}</script>`;
/** Fifty megabytes in fifty kilobytes. */
const BOMB = gzipSync(Buffer.concat([Buffer.from('{"a":"'), Buffer.alloc(50 * MEGABYTE, 'a')]));

/** `away`: it may be over in a moment. `wrong`: no answer to the question. `shape`: JSON, but another; some questions can do with it. */
export type FaultClass = 'away' | 'wrong' | 'shape';
export type NamedFault = Fault & { readonly of: FaultClass };

type Answer = (exchange: BadExchange) => void;

const send =
  (
    status: number,
    contentType: string | undefined,
    body: string | ((exchange: BadExchange) => string),
  ): Answer =>
  (exchange) => {
    const type: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
    const text = typeof body === 'string' ? body : body(exchange);
    exchange.response.writeHead(status, type).end(text);
  };
const json = (body: string | ((exchange: BadExchange) => string)) => send(200, 'application/json', body);
const problem = (body: Readonly<Record<string, unknown>>, status = 400) =>
  send(status, 'application/json', JSON.stringify(body));
const changed = (change: (value: Record<string, unknown>) => unknown) =>
  json(({ good }) => {
    const value: unknown = JSON.parse(good);
    return JSON.stringify(
      Array.isArray(value) ? value.map(change) : change(value as Record<string, unknown>),
    );
  });

/** The same bytes again and again, for as long as somebody takes them. */
function pour(response: BadExchange['response'], bytes: Buffer): void {
  const more = () => {
    while (!response.destroyed && response.write(bytes));
  };
  response.on('drain', more);
  more();
}

/** A byte now and then. */
function drip(write: (byte: string) => void, response: BadExchange['response']): void {
  const timer = setInterval(() => write(' '), 20);
  response.socket?.once('close', () => clearInterval(timer));
}

const everyText = (value: unknown, put: (text: string) => unknown): unknown => {
  if (typeof value === 'string') return put(value);
  if (Array.isArray(value)) return value.map((each) => everyText(each, put));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, everyText(each, put)]));
};

/** An object that can not be made a text of. */
const UNWRITABLE = { toString: 1, valueOf: 1 };
const DEEP = `${'['.repeat(25_000)}${']'.repeat(25_000)}`;

const AWAY: readonly Fault[] = [
  { name: 'no answer at all', waits: true, answer: () => {} },
  {
    name: 'headers that never end',
    waits: true,
    answer: ({ response }) => {
      response.socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
      drip((byte) => response.socket?.write(byte), response);
    },
  },
  {
    name: 'a body that never ends, a byte at a time',
    waits: true,
    answer: ({ response, good }) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write(good);
      drip((byte) => response.write(byte), response);
    },
  },
  {
    name: 'an answer cut in the middle',
    answer: ({ response, good }) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': good.length + 100 });
      response.write(good, () => response.socket?.destroy());
    },
  },
  { name: 'a connection that ends without a word', answer: ({ response }) => response.socket?.destroy() },
  {
    name: 'something that is no HTTP',
    answer: ({ response }) => response.socket?.end(`${HOSTILE}\r\n\r\n`),
  },
  {
    name: 'headers of a megabyte',
    answer: ({ response }) => {
      response.socket?.write(`HTTP/1.1 200 OK\r\nx-long: ${'a'.repeat(MEGABYTE)}\r\n\r\n`);
    },
  },
  { name: 'a page with 502', answer: send(502, 'text/html', PAGE) },
  { name: '503 with hostile JSON', answer: problem({ error: HOSTILE, error_description: HOSTILE }, 503) },
  {
    name: '500 with a hostile status line and type',
    answer: ({ response }) => {
      const type = Buffer.from('content-type: text/\u0085\u009b<script>\r\ncontent-length: 0\r\n', 'latin1');
      response.socket?.write(`HTTP/1.1 500 <script>${SAID}\r\nconnection: close\r\n`);
      response.socket?.end(Buffer.concat([type, Buffer.from('\r\n')]));
    },
  },
  { name: 'a certificate that nobody trusts', network: 'certificate' },
  { name: 'a connection that is refused', network: 'refused' },
  { name: 'a name that does not resolve', network: 'dns' },
];

const redirect = (location: (exchange: BadExchange) => string, status = 302): Answer => {
  return (exchange) => {
    exchange.response.writeHead(status, { location: location(exchange), 'content-type': 'text/html' });
    exchange.response.end(PAGE);
  };
};

const WRONG: readonly Fault[] = [
  { name: 'a page with 200', answer: send(200, 'text/html', PAGE) },
  { name: 'a page that says it is JSON', answer: json(PAGE) },
  { name: 'an empty body', answer: json('') },
  { name: '204', answer: ({ response }) => void response.writeHead(204).end() },
  { name: 'JSON that stops in the middle', answer: json(({ good }) => good.slice(0, -1)) },
  {
    name: 'bytes that are no text',
    answer: ({ response }) => void response.writeHead(200).end(Buffer.alloc(99, 0xff)),
  },
  {
    name: 'a body without an end, as fast as it is taken',
    answer: ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      pour(response, Buffer.alloc(MEGABYTE, ' '));
    },
  },
  {
    name: 'a body of ten megabytes',
    answer: ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.alloc(10 * MEGABYTE, ' '));
    },
  },
  {
    name: 'a gzip bomb',
    answer: ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(BOMB);
    },
  },
  {
    name: 'a content coding that nobody knows',
    answer: ({ response, good }) => {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': '<script>' })
        .end(good);
    },
  },
  { name: 'a redirect to itself', answer: redirect(({ received }) => received.path) },
  { name: 'a redirect to another host', answer: redirect(({ elsewhere }) => `${elsewhere}/`, 307) },
  { name: 'a redirect to a private address', answer: redirect(() => 'http://127.0.0.1:1/', 308) },
  { name: 'a redirect to a metadata service', answer: redirect(() => 'http://169.254.169.254/latest', 301) },
  { name: 'an error with hostile texts', answer: problem({ error: HOSTILE, error_description: HOSTILE }) },
  {
    name: 'an error as long as a book',
    answer: problem({ error: `e${HOSTILE.repeat(1000)}`, error_description: SAID.repeat(4000) }),
  },
  {
    name: 'an error that says what was sent',
    answer: send(400, 'application/json', ({ received }) =>
      JSON.stringify({
        error: 'bad',
        error_description: `${received.headers.authorization} ${received.body}`,
      }),
    ),
  },
  {
    name: 'an error that says what was sent, at length',
    answer: send(400, 'application/json', ({ received }) =>
      JSON.stringify({ error: received.body.padStart(300, '.').slice(-300), error_description: 'x' }),
    ),
  },
];

const SHAPE: readonly Fault[] = [
  { name: 'the right JSON as plain text', answer: send(200, 'text/plain', ({ good }) => good) },
  { name: 'the right JSON as a page', answer: send(200, 'text/html', ({ good }) => good) },
  { name: 'the right JSON of no type', answer: send(200, undefined, ({ good }) => good) },
  { name: 'null', answer: json('null') },
  { name: 'a number', answer: json('7') },
  { name: 'a text', answer: json(JSON.stringify(HOSTILE)) },
  { name: 'an empty object', answer: json('{}') },
  { name: 'an empty list', answer: json('[]') },
  { name: 'a list of it', answer: json(({ good }) => `[${good}]`) },
  { name: 'a list of null', answer: json('[null]') },
  { name: 'numbers for texts', answer: changed((value) => everyText(value, () => 7)) },
  { name: 'objects for texts', answer: changed((value) => everyText(value, () => UNWRITABLE)) },
  { name: 'null for texts', answer: changed((value) => everyText(value, () => null)) },
  { name: 'hostile texts', answer: changed((value) => everyText(value, () => HOSTILE)) },
  { name: 'texts of 64 KiB', answer: changed((value) => everyText(value, () => SAID.repeat(3200))) },
  { name: 'lists without a bottom', answer: json(DEEP) },
  {
    name: 'texts without a bottom',
    answer: json(({ good }) => good.replace(/:"[^"]*"/g, `:${'['.repeat(4000)}${']'.repeat(4000)}`)),
  },
  {
    name: 'one more member without a bottom',
    answer: json(({ good }) => good.replace('{', `{"deep":${DEEP},`)),
  },
  { name: 'a member twice', answer: json(({ good }) => good.replace(/\{("\w+":)/, `{$1"${SAID}",$1`)) },
  {
    name: 'members of every object',
    answer: json(({ good }) => good.replace('{', '{"__proto__":{"sub":"x"},"constructor":1,')),
  },
  {
    name: 'another issuer',
    answer: changed((value) => ({ ...value, iss: 'https://evil.example', issuer: 'https://evil.example' })),
  },
  {
    name: 'an issuer that is no text',
    answer: changed((value) => ({ ...value, iss: UNWRITABLE, issuer: UNWRITABLE })),
  },
  { name: 'a hostile issuer', answer: changed((value) => ({ ...value, iss: HOSTILE, issuer: HOSTILE })) },
  { name: 'an error with 200', answer: problem({ error: HOSTILE, error_description: HOSTILE }, 200) },
];

export const FAULTS: readonly NamedFault[] = [
  ...AWAY.map((fault) => ({ ...fault, of: 'away' as const })),
  ...WRONG.map((fault) => ({ ...fault, of: 'wrong' as const })),
  ...SHAPE.map((fault) => ({ ...fault, of: 'shape' as const })),
];
