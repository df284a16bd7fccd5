// RFC 7517 §5: the key set of a provider, read when needed and kept; unknown key ids can not make us read it over and over.
import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose';
import type { Clock } from '../core/clock.ts';
import { isObject, parseJson } from '../core/json-text.ts';
import { singleFlight } from '../core/single-flight.ts';
import { ProviderFault } from './provider-fault.ts';

const MAX_KEYS = 100;

export interface KeySetOptions {
  /** Reads the key set from the provider; the text of the answer. */
  readonly read: () => Promise<string>;
  /** Where the time comes from. */
  readonly clock: Clock;
  /** A copy is read again when it is older, and used on when that fails. */
  readonly maxAgeSeconds: number;
  /** Unknown key ids cause no second reading within. */
  readonly cooldownSeconds: number;
  /** A last good copy from an earlier run. */
  readonly copy?: Readonly<Record<string, unknown>>;
  /** Told of every set that was read well. */
  readonly onRead?: (keys: Readonly<Record<string, unknown>>) => void;
}

export interface KeySet {
  /**
   * The key for a signature, as `jose` asks for it. Throws `ProviderFault`: `invalid` when the provider has no such key, `unavailable` when
   * nobody can tell now.
   */
  readonly key: (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;
  /** Reads the set now, unless that failed a moment ago. Throws `ProviderFault`. */
  refresh(): Promise<void>;
}

type LocalKeys = ReturnType<typeof createLocalJWKSet>;

/** How long a failed reading is not tried again. */
const RETRY_SECONDS = 5;

/** Keys older than this are trusted by nobody, even while the provider is away. */
const MAX_STALE_SECONDS = 86_400;

export function keySet(options: KeySetOptions): KeySet {
  const { clock } = options;
  const flights = singleFlight<void>();
  let current = copiedKeys(options.copy);
  // A copy from an earlier run is read again at the first use; its age counts from now, because nobody was asked in between.
  let readAt = clock.now();
  let stale = true;
  let failed: { readonly at: number; readonly fault: ProviderFault } | undefined;
  let unknownAt = Number.NEGATIVE_INFINITY;
  let reads = 0;

  const secondsSince = (moment: number) => Math.max(0, clock.now() - moment) / 1000;

  async function read(): Promise<void> {
    try {
      const document = parseKeySet(await options.read());
      current = localKeys(document);
      readAt = clock.now();
      reads += 1;
      stale = false;
      failed = undefined;
      options.onRead?.(document);
    } catch (error) {
      failed = { at: clock.now(), fault: asFault(error) };
      throw failed.fault;
    }
  }

  async function refresh(): Promise<void> {
    if (flights.size === 0 && failed && secondsSince(failed.at) < RETRY_SECONDS) throw failed.fault;
    await flights.run('keys', read);
  }

  async function refreshForUnknownKey(): Promise<void> {
    if (flights.size > 0) return flights.run('keys', read);
    if (secondsSince(unknownAt) < options.cooldownSeconds) {
      if (failed) throw failed.fault;
      return;
    }
    unknownAt = clock.now();
    await refresh();
  }

  /** Reads again if it is time to; a failure matters only when there is nothing to go on with. */
  async function freshened(): Promise<LocalKeys> {
    if (!current || stale || secondsSince(readAt) > options.maxAgeSeconds) {
      await refresh().catch((fault) => {
        if (!current || secondsSince(readAt) > MAX_STALE_SECONDS) throw fault;
      });
    }
    if (!current) throw new ProviderFault('unavailable', 'keys', { why: 'no key set was read yet' });
    return current;
  }

  return {
    refresh,
    async key(header, token) {
      const readsBefore = reads;
      const found = await pick(await freshened(), header, token);
      if (found) return found;
      // What was read only now would say nothing else a moment later.
      if (reads === readsBefore) await refreshForUnknownKey();
      else unknownAt = clock.now();
      const second = current && (await pick(current, header, token));
      if (second) return second;
      throw new ProviderFault('invalid', 'keys', { why: 'no key fits', alg: header.alg });
    },
  };
}

async function pick(
  keys: LocalKeys,
  header: JWSHeaderParameters,
  token: FlattenedJWSInput,
): Promise<CryptoKey | undefined> {
  try {
    return await keys(header, token);
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return undefined;
    if (error instanceof errors.JWKSMultipleMatchingKeys) {
      throw new ProviderFault('invalid', 'keys', { why: 'several keys fit, and the token names none' });
    }
    throw new ProviderFault('invalid', 'keys', { why: 'the key can not be used', alg: header.alg });
  }
}

function parseKeySet(text: string): Readonly<Record<string, unknown>> {
  const document = parseJson(text);
  if (!isObject(document) || !Array.isArray(document.keys)) {
    throw new ProviderFault('misconfigured', 'keys', { why: 'the answer is no key set' });
  }
  if (document.keys.length > MAX_KEYS) {
    throw new ProviderFault('misconfigured', 'keys', { why: `more than ${MAX_KEYS} keys` });
  }
  // A symmetric key here would be public: it can verify nothing.
  return {
    keys: document.keys.filter((key) => isObject(key) && typeof key.kty === 'string' && key.kty !== 'oct'),
  };
}

function localKeys(document: Readonly<Record<string, unknown>>): LocalKeys {
  return createLocalJWKSet(document as unknown as JSONWebKeySet);
}

function copiedKeys(copy: Readonly<Record<string, unknown>> | undefined): LocalKeys | undefined {
  try {
    return copy && localKeys(copy);
  } catch {
    return undefined;
  }
}

function asFault(error: unknown): ProviderFault {
  if (error instanceof ProviderFault) return error;
  return new ProviderFault('misconfigured', 'keys', { why: 'the key set can not be used' }, { cause: error });
}
