import { systemClock } from '../core/clock.ts';
import { ignoreEvents } from '../core/events.ts';
import { OperatorError } from '../core/operator-error.ts';
import { systemRandom } from '../core/random.ts';
import { singleFlight } from '../core/single-flight.ts';
import { clientAuthentication, oauthClient } from './client-authentication.ts';
import { type KeySet, keySet } from './key-set.ts';
import type { Provider } from './provider.ts';
import { getRequest, type ProviderCall, providerCall } from './provider-call.ts';
import { ProviderFault } from './provider-fault.ts';
import { discoverMetadata, metadataInForce } from './provider-metadata.ts';
import type { ProviderCopy, ProviderOptions, ProviderParts } from './provider-options.ts';
import { type ProviderSettings, providerSettings, settingProblem } from './provider-settings.ts';

type Document = Readonly<Record<string, unknown>>;

/**
 * Gets to know a provider: reads its metadata and keys, or takes the last good copy when it is away.
 * @throws OperatorError when the settings are wrong, when the provider says something that can not be used, or when it is away and there is
 * no copy.
 */
export async function openProvider(options: ProviderOptions, parts: ProviderParts): Promise<Provider> {
  const settings = providerSettings(options);
  const { clock = systemClock, random = systemRandom, onEvent = ignoreEvents, cache } = parts;
  const call = providerCall(parts.fetch, settings.timeoutSeconds);
  const known: { metadata?: Document; keys?: Document } = {};
  const copy = await cache?.load(settings.issuer).catch(() => undefined);

  const save = () => {
    const { metadata, keys } = known;
    cache?.save(settings.issuer, { metadata, keys }).catch(() => {
      onEvent({
        type: 'notice',
        message: 'The copy of the provider metadata could not be kept.',
        detail: { issuer: settings.issuer },
      });
    });
  };
  const usingCopy = (what: string, fault: ProviderFault) =>
    onEvent({
      type: 'notice',
      message: `The identity provider can not be asked for its ${what}; the last good copy is used.`,
      detail: { issuer: settings.issuer, operation: fault.operation, kind: fault.kind, ...fault.detail },
    });

  const first = await firstMetadata(settings, call, copy, usingCopy);
  known.metadata = first.document;
  let metadata = metadataOrStop(settings, first.document);
  const keys = metadata.jwks_uri
    ? keySet({
        read: async () => (await call('keys', [], getRequest(metadata.jwks_uri!))).text,
        clock,
        maxAgeSeconds: settings.keysMaxAgeSeconds,
        cooldownSeconds: settings.keysCooldownSeconds,
        copy: copy?.keys,
        onRead: (document) => {
          known.keys = document;
          save();
        },
        onStale: (fault) => usingCopy('keys', fault),
      })
    : undefined;
  known.keys = copy?.keys;
  if (settings.openid) await firstKeys(settings, keys, copy, usingCopy);
  if (first.fresh) save();

  const flights = singleFlight<void>();
  let metadataAt = first.fresh ? clock.now() : Number.NEGATIVE_INFINITY;
  /** Never waited for: what is known goes on being used. */
  async function rereadMetadata(): Promise<void> {
    metadataAt = clock.now();
    try {
      const document = await discoverMetadata(settings, call);
      metadata = metadataInForce(settings, document);
      known.metadata = document;
      save();
    } catch (error) {
      metadataAt = clock.now() - (settings.metadataMaxAgeSeconds - RETRY_SECONDS) * 1000;
      usingCopy('metadata', asFault(error));
    }
  }

  return {
    settings,
    call,
    clock,
    random,
    keys,
    client: oauthClient(settings, clock),
    metadata() {
      const due = clock.now() - metadataAt > settings.metadataMaxAgeSeconds * 1000;
      if (settings.discovery !== false && due) void flights.run('metadata', rereadMetadata);
      return metadata;
    },
    authentication: () => clientAuthentication(settings, metadata),
  };
}

/** How long a failed reading of the metadata is not tried again. */
const RETRY_SECONDS = 60;

async function firstMetadata(
  settings: ProviderSettings,
  call: ProviderCall,
  copy: ProviderCopy | undefined,
  usingCopy: (what: string, fault: ProviderFault) => void,
): Promise<{ readonly document?: Document; readonly fresh: boolean }> {
  try {
    return { document: await discoverMetadata(settings, call), fresh: true };
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    // An answer that is well-formed and wrong is a wrong setting; a copy must not hide it.
    if (error.kind === 'invalid' || !copy?.metadata) throw stopOf(settings, error);
    usingCopy('metadata', error);
    return { document: copy.metadata, fresh: false };
  }
}

function metadataOrStop(settings: ProviderSettings, document: Document | undefined) {
  try {
    return metadataInForce(settings, document);
  } catch (error) {
    throw error instanceof ProviderFault ? stopOf(settings, error) : error;
  }
}

async function firstKeys(
  settings: ProviderSettings,
  keys: KeySet | undefined,
  copy: ProviderCopy | undefined,
  usingCopy: (what: string, fault: ProviderFault) => void,
): Promise<void> {
  try {
    await keys?.refresh();
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    if (!copy?.keys) throw stopOf(settings, error);
    usingCopy('keys', error);
  }
}

function asFault(error: unknown): ProviderFault {
  if (error instanceof ProviderFault) return error;
  return new ProviderFault('invalid', 'discovery', { why: 'the document can not be used' }, { cause: error });
}

/** What the runtime says of a certificate whose authority it does not know. */
const UNKNOWN_AUTHORITY = /SELF_SIGNED|UNABLE_TO_|CERT_UNTRUSTED|INVALID_CA/;
/** And of one that is over, not yet good, or for another name. */
const BAD_CERTIFICATE = /CERT_|ERR_TLS/;

function remedyOf({ detail }: ProviderFault): string {
  const why = typeof detail.why === 'string' ? detail.why : '';
  if (UNKNOWN_AUTHORITY.test(why))
    return 'Name the authority of its certificate among those that this server trusts (`outbound.ca`), or have the provider show its whole chain.';
  if (BAD_CERTIFICATE.test(why)) return 'Use the address that its certificate is for, or have it renewed.';
  return 'Check the address and the network, or start again when it is back.';
}

function stopOf(settings: ProviderSettings, fault: ProviderFault): OperatorError {
  const away = fault.kind === 'unavailable';
  const detail = JSON.stringify(fault.detail);
  return new OperatorError(
    [
      settingProblem(
        settings,
        settings.issuerSetting,
        away
          ? `The identity provider ${settings.issuer} can not be reached (${fault.operation}: ${detail}), and there is no copy of what it said before.`
          : `The identity provider ${settings.issuer} gave an answer that can not be used (${fault.operation}: ${detail}).`,
        away ? remedyOf(fault) : 'Compare issuer, discovery and endpoints with what the provider documents.',
      ),
    ],
    { cause: fault },
  );
}
