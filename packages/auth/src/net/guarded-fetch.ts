// Node-only: the one way out. RFC 9110 §15.4 lets a client not follow redirects, and this one never does.
import { createSecureContext, rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici';
import type { Fetch, FetchInit } from '../core/fetch.ts';
import { isLoopbackHost, parseUrl } from '../core/url.ts';
import {
  type AddressRange,
  isInRange,
  isPublicAddress,
  literalAddress,
  parseAddressRange,
} from './address.ts';
import { FetchFault } from './fetch-fault.ts';
import { guardedLookup, type Resolver, systemResolver } from './guarded-lookup.ts';
import { readDecoded, readLimited } from './limited-body.ts';

export interface GuardedFetchOptions {
  /**
   * Who chose the URL. `stranger`: anybody on the internet (the URL of a metadata document); https only, public addresses only, chosen
   * ports only, no content coding. `operator`: whoever runs this server (an identity provider); private addresses are fine, and plain http
   * to them. Calling a stranger's URL an operator's lets anybody look into the network of this machine.
   */
  readonly trust: 'operator' | 'stranger';
  /** For the whole exchange: look-up, connection, answer and body. Milliseconds; default 10,000 for an operator's URL, 5,000 for a stranger's. */
  readonly timeoutMilliseconds?: number;
  /** Longest body accepted, in bytes after decoding. Default: 1,048,576 for an operator's URL, 65,536 for a stranger's. */
  readonly maxBodyBytes?: number;
  /** Certificate authorities in PEM that are trusted beside those of the runtime, for an identity provider with a private one. Default: none. */
  readonly ca?: string | readonly string[];
  /**
   * An outbound http(s) proxy. It resolves names itself, so for a stranger's URL it must refuse private addresses: what this machine can
   * look up is still checked here, the rest is the proxy's. Loopback hosts are never sent to it. Default: none.
   */
  readonly proxyUrl?: string;
  /** Hosts that are reached directly although there is a proxy; `.example.com` is every host below that name. Default: none but loopback. */
  readonly directHosts?: readonly string[];
  /** Ports that a stranger's URL may name. Default: 443 alone, since most services that are not web servers listen elsewhere. */
  readonly strangerPorts?: readonly number[];
  /** Addresses or CIDR ranges that count as public, for clients inside a closed network. Default: none. */
  readonly publicRanges?: readonly string[];
  /** How names are resolved. Default: the operating system. */
  readonly resolver?: Resolver;
}

interface Rules {
  readonly stranger: boolean;
  readonly timeoutMilliseconds: number;
  readonly maxBodyBytes: number;
  readonly ports: readonly number[];
  readonly isPublic: (address: string) => boolean;
  readonly resolver: Resolver;
}

/**
 * A fetch that keeps to the rules above. Redirects come back as they are; the body is read whole before the answer is given; what fails is
 * thrown as `FetchFault`.
 */
export function guardedFetch(options: GuardedFetchOptions): Fetch {
  const rules = readRules(options);
  const dispatcherFor = dispatchers(options, rules);
  return async (text, init = {}) => {
    const url = checkUrl(text, rules);
    if (goesByProxy(options, url.hostname)) await checkBeforeProxy(url, rules);
    const { dispatcher, done } = dispatcherFor(url);
    try {
      return await exchange(url, init, dispatcher, rules);
    } finally {
      done();
    }
  };
}

function readRules(options: GuardedFetchOptions): Rules {
  const stranger = options.trust === 'stranger';
  const ranges = (options.publicRanges ?? []).map((text): AddressRange => {
    const range = parseAddressRange(text);
    if (!range) throw new TypeError(`publicRanges: ${text} is no address and no CIDR range.`);
    return range;
  });
  return {
    stranger,
    timeoutMilliseconds: options.timeoutMilliseconds ?? (stranger ? 5000 : 10_000),
    maxBodyBytes: options.maxBodyBytes ?? (stranger ? 65_536 : 1_048_576),
    ports: options.strangerPorts ?? [443],
    isPublic: (address) => isPublicAddress(address) || isInRange(address, ranges),
    resolver: options.resolver ?? systemResolver,
  };
}

/** What can be said of a URL before any name is resolved. A literal address never reaches the look-up, so it is judged here. */
function checkUrl(text: string, rules: Rules): URL {
  const url = parseUrl(text);
  if (!url) throw new FetchFault('url', 'This is no URL.');
  if (url.username || url.password)
    throw new FetchFault('url', 'A URL with user information is not fetched.');
  if (url.protocol !== 'https:' && (rules.stranger || url.protocol !== 'http:'))
    throw new FetchFault('url', `${url.protocol} is not fetched.`);
  if (rules.stranger && !rules.ports.includes(Number(url.port || 443)))
    throw new FetchFault('url', `Port ${url.port} is not fetched.`);
  const address = literalAddress(url.hostname);
  if (address !== undefined && !isAllowed(url.protocol, address, rules))
    throw new FetchFault('address', `${address} may not be reached by ${url.protocol}`);
  return url;
}

/** Strangers reach public addresses only; an operator's plain http only those that are not. */
function isAllowed(scheme: string, address: string, rules: Rules): boolean {
  if (rules.stranger) return rules.isPublic(address);
  return scheme === 'https:' || !rules.isPublic(address);
}

async function checkBeforeProxy(url: URL, rules: Rules): Promise<void> {
  const addresses = await rules.resolver(url.hostname).catch(() => []);
  const forbidden = addresses.find(({ address }) => !isAllowed(url.protocol, address, rules));
  if (forbidden) throw new FetchFault('address', `${url.hostname} leads to ${forbidden.address}.`);
}

type DispatcherFor = (url: URL) => { readonly dispatcher: Dispatcher; readonly done: () => void };

/** Connections to an operator's hosts are kept. A stranger's is closed at once: any number of hosts leaves nothing behind. */
function dispatchers(options: GuardedFetchOptions, rules: Rules): DispatcherFor {
  // Read once: some hundred and fifty certificates at every connection would cost it twenty milliseconds.
  const trusted =
    options.ca === undefined
      ? {}
      : { secureContext: createSecureContext({ ca: [...rootCertificates, ...[options.ca].flat()] }) };
  const timeout = rules.timeoutMilliseconds;
  const agent = (scheme: 'http:' | 'https:') => {
    const allowed = (address: string) => isAllowed(scheme, address, rules);
    return new Agent({
      connect: { lookup: guardedLookup(rules.resolver, allowed), ...trusted, timeout },
      ...(rules.stranger ? { pipelining: 0, connections: 1 } : {}),
    });
  };
  const viaProxy = (uri: string) =>
    new ProxyAgent({
      uri,
      requestTls: { ...trusted, timeout },
      proxyTls: { ...trusted, timeout },
      proxyTunnel: true,
    });
  const kept = new Map<string, Dispatcher>();
  return (url) => {
    const proxied = goesByProxy(options, url.hostname);
    const scheme = url.protocol === 'http:' ? 'http:' : 'https:';
    const make = () => (proxied && options.proxyUrl ? viaProxy(options.proxyUrl) : agent(scheme));
    if (rules.stranger) {
      const dispatcher = make();
      return { dispatcher, done: () => void dispatcher.destroy().catch(() => {}) };
    }
    const key = `${scheme}${proxied}`;
    const dispatcher = kept.get(key) ?? make();
    kept.set(key, dispatcher);
    return { dispatcher, done: () => {} };
  };
}

function goesByProxy({ proxyUrl, directHosts = [] }: GuardedFetchOptions, hostname: string): boolean {
  const isDirect = (host: string) =>
    host.startsWith('.') ? hostname.endsWith(host.toLowerCase()) : hostname === host.toLowerCase();
  return proxyUrl !== undefined && !isLocal(hostname) && !directHosts.some(isDirect);
}

/** Names that only look like it are for the proxy. */
function isLocal(hostname: string): boolean {
  const address = literalAddress(hostname);
  return hostname === 'localhost' || (address !== undefined && isLoopbackHost(hostname));
}

async function exchange(url: URL, init: FetchInit, dispatcher: Dispatcher, rules: Rules): Promise<Response> {
  const deadline = AbortSignal.timeout(rules.timeoutMilliseconds);
  const signal = init.signal ? AbortSignal.any([deadline, init.signal]) : deadline;
  try {
    const answer = await request(url, {
      method: (init.method ?? 'GET') as Dispatcher.HttpMethod,
      headers: headersOf(init),
      body: init.body === undefined ? undefined : String(init.body),
      dispatcher,
      signal,
    });
    return await readAnswer(answer, rules);
  } catch (error) {
    throw asFault(error, url, { deadline, caller: init.signal });
  }
}

function headersOf(init: FetchInit): Record<string, string> {
  const headers = new Headers({ 'accept-encoding': 'identity', ...init.headers });
  if (init.body instanceof URLSearchParams && !headers.has('content-type'))
    headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
  return Object.fromEntries(headers);
}

async function readAnswer(
  { body, headers: raw, statusCode }: Dispatcher.ResponseData,
  rules: Rules,
): Promise<Response> {
  // Whoever destroys a body before its end makes it emit an error, which would end the process if nobody listened.
  body.on('error', () => {});
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(raw))
      for (const each of [value ?? []].flat()) headers.append(name, each);
    const bytes = await readBody(body, headers.get('content-encoding'), rules);
    headers.delete('content-encoding');
    headers.delete('content-length');
    const bodiless = statusCode === 204 || statusCode === 205 || statusCode === 304;
    return new Response(bodiless ? null : bytes, { status: statusCode, headers });
  } finally {
    if (!body.readableEnded) body.destroy();
  }
}

async function readBody(body: Dispatcher.ResponseData['body'], contentEncoding: string | null, rules: Rules) {
  const coding = contentEncoding?.trim().toLowerCase() || 'identity';
  if (coding === 'identity') return await readLimited(body, rules.maxBodyBytes);
  if (rules.stranger)
    throw new FetchFault('encoding', 'The answer came in a content coding that was not asked for.');
  return await readDecoded(body, coding, rules.maxBodyBytes);
}

function asFault(
  error: unknown,
  url: URL,
  signals: { readonly deadline: AbortSignal; readonly caller?: AbortSignal },
): FetchFault {
  const inner = error instanceof Error && error.cause instanceof FetchFault ? error.cause : error;
  if (inner instanceof FetchFault) return inner;
  if (signals.caller?.aborted)
    return new FetchFault('aborted', 'The request was taken back.', { cause: error });
  const code = codeOf(error);
  if (signals.deadline.aborted || code.includes('TIMEOUT'))
    return new FetchFault('timeout', `${url.host} did not answer in time.`, { cause: error });
  return new FetchFault('network', `${url.host} can not be reached${code ? ` (${code})` : ''}.`, {
    cause: error,
  });
}

/** A name such as `ECONNREFUSED` that the runtime gives an error. What is no HTTP has none of that form. */
function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
  return error instanceof Error && error.name === 'HTTPParserError' ? 'NO_HTTP' : '';
}
