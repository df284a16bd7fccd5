// RFC 9111 §4.2 and §5.2: JSON documents from elsewhere, kept for as long as their server says, within bounds.
import type { Clock } from '../core/clock.ts';
import type { Fetch } from '../core/fetch.ts';
import { FetchFault } from './fetch-fault.ts';
import { fetchSlots } from './fetch-slots.ts';
import { freshForSeconds } from './freshness.ts';
import { keptEntries } from './kept-entries.ts';
import { readLimitedResponse } from './response-body.ts';

export interface DocumentFetchOptions {
  /** The way out: for a stranger's documents a `guardedFetch` with `trust: 'stranger'`, or a fetch that has them at hand. */
  readonly fetch: Fetch;
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Longest document, in bytes. Default: 65,536. */
  readonly maxBodyBytes?: number;
  /** How long a failure is remembered before the same URL is tried again, in seconds. Default: 60. */
  readonly cooldownSeconds?: number;
  /** Shortest time a document is kept, whatever its server says, in seconds. Default: 30. */
  readonly minFreshSeconds?: number;
  /** Longest time, in seconds. Default: 86,400. */
  readonly maxFreshSeconds?: number;
  /** How long when its server says nothing, in seconds. Default: 300. */
  readonly defaultFreshSeconds?: number;
  /** Most URLs remembered, good and bad. Default: 1,000. */
  readonly maxEntries?: number;
  /** Most URLs that are kept apart from these (`keep`). Default: 500. */
  readonly maxKept?: number;
  /** Most of them of one host. Default: 20. */
  readonly maxKeptPerHost?: number;
  /** Most fetches at a time; one more fails at once, and is not remembered. URLs that are kept have as many of their own. Default: 20. */
  readonly maxConcurrent?: number;
  /** Most of them to one host. Default: all. */
  readonly maxConcurrentPerHost?: number;
}

export interface FetchedDocument {
  readonly url: string;
  /** The parsed JSON; its shape is still to be checked. */
  readonly body: unknown;
  /** Milliseconds since 1970. */
  readonly fetchedAt: number;
  readonly freshUntil: number;
}

export type DocumentFaultKind = 'unreachable' | 'status' | 'content-type' | 'too-large' | 'not-json' | 'busy';

export class DocumentFault extends Error {
  override readonly name = 'DocumentFault';
  readonly kind: DocumentFaultKind;
  /** When it makes sense to ask again. */
  readonly retryAfterSeconds: number;
  /** The status of the answer, where that is what was wrong: 404 says that there is no such document, 503 says nothing about it. */
  readonly status?: number;

  constructor(
    kind: DocumentFaultKind,
    message: string,
    retryAfterSeconds: number,
    options?: { cause?: unknown; status?: number },
  ) {
    super(message, options);
    this.kind = kind;
    this.retryAfterSeconds = retryAfterSeconds;
    this.status = options?.status;
  }
}

export interface DocumentFetch {
  /**
   * The document, from memory while it is fresh. Any number of callers at one time make one request.
   * `newerThan` (milliseconds since 1970): also ask when the one in memory was fetched at that time or before; but not again within the
   * cool-down, so that nobody can make us ask at will.
   * @throws DocumentFault
   */
  get(url: string, options?: { readonly newerThan?: number }): Promise<FetchedDocument>;
  /** This URL has proved its worth: no URLs that have not push it out of memory, or take its turn. Unknown ones are not kept. */
  keep(url: string): void;
  /** Forgets what is known of a URL. */
  forget(url: string): void;
}

interface Entry {
  /** The last good copy. */
  readonly document?: FetchedDocument;
  /** How the last attempt went wrong; absent when it went well. */
  readonly fault?: DocumentFault;
  /** Until when the last attempt stands for the next. */
  readonly coolUntil: number;
}

export function documentFetch(options: DocumentFetchOptions): DocumentFetch {
  const { clock } = options;
  const cooldownSeconds = options.cooldownSeconds ?? 60;
  const entries = keptEntries<Entry>({
    max: options.maxEntries ?? 1000,
    maxKept: options.maxKept ?? 500,
    maxKeptPerHost: options.maxKeptPerHost ?? 20,
  });
  const max = options.maxConcurrent ?? 20;
  const maxPerHost = options.maxConcurrentPerHost ?? max;
  const slots = { common: fetchSlots({ max, maxPerHost }), kept: fetchSlots({ max, maxPerHost }) };
  const running = new Map<string, Promise<FetchedDocument>>();

  async function run(url: string, giveBack: () => void): Promise<FetchedDocument> {
    let outcome: { readonly document?: FetchedDocument; readonly fault?: DocumentFault };
    try {
      outcome = { document: await fetchDocument(url, options) };
    } catch (error) {
      outcome = { document: entries.get(url)?.document, fault: asFault(error, cooldownSeconds) };
    }
    entries.set(url, { ...outcome, coolUntil: clock.now() + cooldownSeconds * 1000 });
    running.delete(url);
    giveBack();
    if (outcome.fault || !outcome.document) throw outcome.fault;
    return outcome.document;
  }

  return {
    async get(url, { newerThan = -1 } = {}) {
      const known = entries.get(url);
      const now = clock.now();
      const fresh = known?.document && now < known.document.freshUntil ? known.document : undefined;
      if (fresh && fresh.fetchedAt > newerThan) return fresh;
      if (known && now < known.coolUntil) {
        if (known.fault) throw known.fault;
        if (fresh) return fresh;
      }
      const same = running.get(url);
      if (same) return same;
      const giveBack = slots[entries.isKept(url) ? 'kept' : 'common'].take(url);
      if (!giveBack) throw new DocumentFault('busy', 'Too many documents are being fetched.', 5);
      const started = run(url, giveBack);
      running.set(url, started);
      return started;
    },
    keep: entries.keep,
    forget(url) {
      entries.delete(url);
    },
  };
}

async function fetchDocument(url: string, options: DocumentFetchOptions): Promise<FetchedDocument> {
  const cooldown = options.cooldownSeconds ?? 60;
  const fault = (kind: DocumentFaultKind, message: string) => new DocumentFault(kind, message, cooldown);
  const response = await options.fetch(url, { headers: { accept: 'application/json' } });
  const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isJson = /^application\/(?:[a-z0-9!#$&^_.+-]+\+)?json$/.test(mediaType);
  if (response.status !== 200 || !isJson) {
    await response.body?.cancel().catch(() => {});
    const { status } = response;
    if (status !== 200)
      throw new DocumentFault('status', `The answer has status ${status}.`, cooldown, { status });
    throw fault('content-type', `The answer is ${shownType(mediaType) || 'of no type'}, not JSON.`);
  }
  const text = await readLimitedResponse(response, options.maxBodyBytes ?? 65_536);
  if (text === 'too-large') throw fault('too-large', 'The document is too long.');
  if (text === 'not-utf8') throw fault('not-json', 'The document is not UTF-8.');
  const fetchedAt = options.clock.now();
  const fresh = freshForSeconds(response.headers, options.defaultFreshSeconds ?? 300);
  const bounded = Math.min(Math.max(fresh, options.minFreshSeconds ?? 30), options.maxFreshSeconds ?? 86_400);
  return { url, body: parseJson(text.text, fault), fetchedAt, freshUntil: fetchedAt + bounded * 1000 };
}

function parseJson(
  text: string,
  fault: (kind: DocumentFaultKind, message: string) => DocumentFault,
): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw fault('not-json', 'The document is not JSON.');
  }
}

/** For the log: RFC 9110 §5.5 lets a header have bytes beyond ASCII, controls among them. */
function shownType(mediaType: string): string {
  return mediaType.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}

function asFault(error: unknown, retryAfterSeconds: number): DocumentFault {
  if (error instanceof DocumentFault) return error;
  const message = error instanceof Error ? error.message : 'The document can not be fetched.';
  const kind = error instanceof FetchFault ? KINDS[error.kind] : undefined;
  return new DocumentFault(kind ?? 'unreachable', message, retryAfterSeconds, { cause: error });
}

/** What the way out itself finds wrong with an answer. It is so again the next time, unlike what happens on the way. */
const KINDS: Readonly<Partial<Record<FetchFault['kind'], DocumentFaultKind>>> = {
  'too-large': 'too-large',
  encoding: 'content-type',
};
