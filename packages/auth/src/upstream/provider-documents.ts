import type { Clock } from '../core/clock.ts';
import type { EventSink } from '../core/events.ts';
import { singleFlight } from '../core/single-flight.ts';
import { type KeySet, keySet } from './key-set.ts';
import { getRequest, type ProviderCall } from './provider-call.ts';
import { ProviderFault } from './provider-fault.ts';
import { discoverMetadata, metadataInForce, type ProviderMetadata } from './provider-metadata.ts';
import type { ProviderCache, ProviderCopy } from './provider-options.ts';
import type { ProviderSettings } from './provider-settings.ts';

export interface ProviderDocumentsOptions {
  /** Whose documents they are, and how long they are good. */
  readonly settings: ProviderSettings;
  /** What the provider is asked with. */
  readonly call: ProviderCall;
  /** Where the time comes from. */
  readonly clock: Clock;
  /** Told when a copy is used or can not be kept. */
  readonly onEvent: EventSink;
  /** Where the last good copy is kept. Default: nowhere. */
  readonly cache?: ProviderCache;
  /** What was kept there in an earlier run. Default: nothing. */
  readonly copy?: ProviderCopy;
}

/** How long a failed reading of the metadata is not tried again. */
const RETRY_SECONDS = 60;

/** What a provider says of itself, its metadata and its keys: read, kept for the next start, and read again when it is old. */
export class ProviderDocuments {
  readonly #options: ProviderDocumentsOptions;
  readonly #keys: KeySet;
  readonly #flights = singleFlight<void>();
  #metadata: ProviderMetadata | undefined;
  #metadataAt = Number.NEGATIVE_INFINITY;
  #latest: ProviderCopy;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: ProviderDocumentsOptions) {
    const { settings, clock, copy } = options;
    this.#options = options;
    this.#latest = { keys: copy?.keys };
    this.#keys = keySet({
      read: () => this.#readKeys(),
      clock,
      maxAgeSeconds: settings.keysMaxAgeSeconds,
      cooldownSeconds: settings.keysCooldownSeconds,
      copy: copy?.keys,
      onRead: (keys) => {
        this.#latest = { ...this.#latest, keys };
        this.#save();
      },
      onStale: (fault) => this.tellCopyUsed('keys', fault),
    });
  }

  /** Puts the copied metadata in force, as if they had just been read. @throws ProviderFault when there are none, or they are not acceptable */
  takeCopy(): void {
    const { settings, copy } = this.#options;
    if (settings.discovery !== false && !copy?.metadata)
      throw new ProviderFault('unavailable', 'discovery', { why: 'there is no copy' });
    const document = settings.discovery === false ? undefined : copy?.metadata;
    this.#metadata = metadataInForce(settings, document);
    this.#latest = { ...this.#latest, metadata: document };
  }

  /** Is everything known that signing in needs? */
  get complete(): boolean {
    return this.#metadata !== undefined && (!this.#options.settings.openid || this.#keys.known);
  }

  /** Absent when the provider names no key set. */
  get keys(): KeySet | undefined {
    return this.#metadata?.jwks_uri === undefined ? undefined : this.#keys;
  }

  /** What is in force, once something is; too old, it is read again behind the scenes. */
  metadata(): ProviderMetadata {
    const { settings, clock } = this.#options;
    const due = clock.now() - this.#metadataAt > settings.metadataMaxAgeSeconds * 1000;
    if (settings.discovery !== false && due) void this.rereadMetadata();
    return this.#metadata!;
  }

  /** @throws ProviderFault, and what was in force stays so. */
  async readMetadata(): Promise<void> {
    const { settings, call, clock } = this.#options;
    this.#metadataAt = clock.now();
    try {
      const document = await discoverMetadata(settings, call);
      const metadata = metadataInForce(settings, document);
      if (this.#metadata && this.#metadata.jwks_uri !== metadata.jwks_uri) this.#keys.expire();
      this.#metadata = metadata;
      this.#latest = { ...this.#latest, metadata: document };
      this.#save();
    } catch (error) {
      this.#metadataAt = clock.now() - (settings.metadataMaxAgeSeconds - RETRY_SECONDS) * 1000;
      throw error;
    }
  }

  /**
   * Reads the metadata, once for all who ask at the same time. A failure is told, and what was in force stays so.
   * @param stops a fault that is thrown instead. Default: none.
   */
  rereadMetadata(stops: (fault: ProviderFault) => boolean = () => false): Promise<void> {
    return this.#flights.run('metadata', async () => {
      try {
        await this.readMetadata();
      } catch (error) {
        const fault = asFault(error);
        if (stops(fault)) throw fault;
        this.tellCopyUsed('metadata', fault);
      }
    });
  }

  tellCopyUsed(what: 'metadata' | 'keys', { operation, kind, detail }: ProviderFault): void {
    const { onEvent, settings } = this.#options;
    const why =
      kind === 'invalid'
        ? `The identity provider gave an answer that must not be used for its ${what}`
        : `The identity provider can not be asked for its ${what}`;
    onEvent({
      type: 'notice',
      message: `${why}; the last good copy is used.`,
      detail: { issuer: settings.issuer, operation, kind, ...detail },
    });
  }

  /** Metadata that came meanwhile may name another place: what the old one says then counts no more. */
  async #readKeys(): Promise<string> {
    const place = this.#metadata?.jwks_uri;
    const hasMoved = () => this.#metadata?.jwks_uri !== place;
    try {
      const { text } = await this.#options.call('keys', [], getRequest(place!));
      if (!hasMoved()) return text;
    } catch (error) {
      if (!hasMoved()) throw error;
    }
    return this.#readKeys();
  }

  /** One after the other, so that the latest is what stays. Half of what a start needs is no copy. */
  #save(): void {
    const { cache, settings, onEvent } = this.#options;
    if (!cache || !this.complete) return;
    this.#saving = this.#saving
      .then(() => cache.save(settings.issuer, this.#latest))
      .catch(() =>
        onEvent({
          type: 'notice',
          message: 'The copy of the provider metadata could not be kept.',
          detail: { issuer: settings.issuer },
        }),
      );
  }
}

function asFault(error: unknown): ProviderFault {
  if (error instanceof ProviderFault) return error;
  return new ProviderFault('invalid', 'discovery', { why: 'the document can not be used' }, { cause: error });
}
