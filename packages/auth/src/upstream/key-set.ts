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
  /** Told when the set can not be read again, and the one from before is used on. */
  readonly onStale?: (fault: ProviderFault) => void;
}

export interface KeySet {
  /**
   * The key for a signature, as `jose` asks for it. Throws `ProviderFault`: `invalid` when the provider has no such key, `unavailable` when
   * nobody can tell now. An `invalid` with `retryAfterSeconds` comes from a set that was read a moment ago, and is not read again before: the
   * provider may have got the key since. Whose token it is decides what that means.
   */
  readonly key: (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;
  /** Is there any set, read or copied? */
  readonly known: boolean;
  /** Reads the set now, unless that failed a moment ago. Throws `ProviderFault`. */
  refresh(): Promise<void>;
  /** Reads the set if it is time to. Throws `ProviderFault` when it can not be read, and there is none to go on with. */
  freshen(): Promise<void>;
  /** The set is somewhere else now: it is read again at the next use, whatever came of the last reading. */
  expire(): void;
}

type LocalKeys = ReturnType<typeof createLocalJWKSet>;

/** How long a failed reading is not tried again. */
const RETRY_SECONDS = 5;

/** Keys older than this are trusted by nobody, even while the provider is away. */
const MAX_STALE_SECONDS = 86_400;

export function keySet(options: KeySetOptions): KeySet {
  const { clock, cooldownSeconds } = options;
  const reading = keyReading(options);
  let unknownAt = Number.NEGATIVE_INFINITY;

  /** Answers with how many seconds it is not read again, when it was read for another key before. */
  async function refreshForUnknownKey(): Promise<number | undefined> {
    if (!reading.isUnderWay()) {
      const seconds = cooldownSeconds - secondsSince(clock, unknownAt);
      if (seconds > 0) {
        reading.throwFailure();
        return Math.ceil(seconds);
      }
      unknownAt = clock.now();
    }
    await reading.refresh();
    return undefined;
  }

  return {
    refresh: reading.refresh,
    get known() {
      return reading.current() !== undefined;
    },
    async freshen() {
      await reading.freshened();
    },
    expire: reading.expire,
    async key(header, token) {
      const readsBefore = reading.count();
      const found = await pick(await reading.freshened(), header, token);
      if (found) return found;
      // What was read only now would say nothing else a moment later.
      let retryAfterSeconds: number | undefined;
      if (reading.count() === readsBefore) retryAfterSeconds = await refreshForUnknownKey();
      else unknownAt = clock.now();
      const current = reading.current();
      const second = current && (await pick(current, header, token));
      if (second) return second;
      const detail = { why: 'no key fits', alg: header.alg };
      throw new ProviderFault('invalid', 'keys', detail, { retryAfterSeconds });
    },
  };
}

/** The set that was read last, and when it is read again for its age. */
function keyReading(options: KeySetOptions) {
  const { clock } = options;
  const flights = singleFlight<void>();
  let current = copiedKeys(options.copy);
  // A copy from an earlier run is read again at the first use; its age counts from now, because nobody was asked in between.
  let readAt = clock.now();
  let stale = true;
  let failed: { readonly at: number; readonly fault: ProviderFault } | undefined;
  let reads = 0;
  let told: ProviderFault | undefined;

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
    if (flights.size === 0 && failed && secondsSince(clock, failed.at) < RETRY_SECONDS) throw failed.fault;
    await flights.run('keys', read);
  }

  /** Once for each reading that failed, however many had waited for it. */
  function tellStale(fault: unknown): void {
    if (!(fault instanceof ProviderFault) || fault === told) return;
    told = fault;
    options.onStale?.(fault);
  }

  return {
    refresh,
    current: () => current,
    /** How many times it was read well. */
    count: () => reads,
    isUnderWay: () => flights.size > 0,
    throwFailure() {
      if (failed) throw failed.fault;
    },
    expire() {
      stale = true;
      failed = undefined;
    },
    /** Reads again if it is time to; a failure matters only when there is nothing to go on with. */
    async freshened(): Promise<LocalKeys> {
      if (!current || stale || secondsSince(clock, readAt) > options.maxAgeSeconds) {
        await refresh().catch((fault) => {
          if (!current || secondsSince(clock, readAt) > MAX_STALE_SECONDS) throw fault;
          tellStale(fault);
        });
      }
      if (!current) throw new ProviderFault('unavailable', 'keys', { why: 'no key set was read yet' });
      return current;
    },
  };
}

const secondsSince = (clock: Clock, moment: number) => Math.max(0, clock.now() - moment) / 1000;

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
    // A key that can not be read says nothing about the token; an algorithm that is none of these does.
    const kind = error instanceof errors.JOSENotSupported ? 'invalid' : 'misconfigured';
    throw new ProviderFault(kind, 'keys', { why: 'the key can not be used', alg: header.alg });
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
  const keys = document.keys.filter(isUsable);
  // A set without any must not take the place of a good one, nor make good tokens look bad.
  if (keys.length === 0) throw new ProviderFault('misconfigured', 'keys', { why: 'no key can be used' });
  return { keys };
}

/** RFC 7518 §6, RFC 8037 §2: what a public key of each kind is made of. A symmetric one would be public: it can verify nothing. */
const KEY_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
};

function isUsable(key: unknown): boolean {
  if (!isObject(key) || typeof key.kty !== 'string' || !Object.hasOwn(KEY_MEMBERS, key.kty)) return false;
  return KEY_MEMBERS[key.kty]!.every((name) => typeof key[name] === 'string');
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
