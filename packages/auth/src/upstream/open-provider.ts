import { systemClock } from '../core/clock.ts';
import { type EventSink, ignoreEvents } from '../core/events.ts';
import { systemRandom } from '../core/random.ts';
import { clientAuthentication, oauthClient } from './client-authentication.ts';
import type { Provider } from './provider.ts';
import { providerCall } from './provider-call.ts';
import { ProviderDocuments } from './provider-documents.ts';
import { ProviderFault } from './provider-fault.ts';
import type { ProviderOptions, ProviderParts } from './provider-options.ts';
import { type ProviderSettings, providerSettings } from './provider-settings.ts';
import { stopOf } from './provider-stop.ts';

/**
 * How long a start waits for a provider that it has a copy of. A provider that is well answers within it, and so a wrong setting still stops
 * the start. Longer would keep a replica from its work, and those who watch over it may take it for dead.
 */
const WAIT_MILLISECONDS = 1500;

/**
 * Gets to know a provider: reads its metadata and keys, or takes the last good copy when it is away or slow.
 * @throws OperatorError when the settings are wrong, when the provider says something that can not be used, or when it is away and there is
 * no copy.
 */
export async function openProvider(options: ProviderOptions, parts: ProviderParts): Promise<Provider> {
  const settings = providerSettings(options);
  const { clock = systemClock, random = systemRandom, onEvent = ignoreEvents, cache } = parts;
  const call = providerCall(parts.fetch, settings.timeoutSeconds);
  const copy = await cache?.load(settings.issuer).catch(() => undefined);
  const documents = new ProviderDocuments({ settings, call, clock, onEvent, cache, copy });
  const unusable = faultOf(() => documents.takeCopy());
  if (!unusable && documents.complete) await startOnCopy(documents, settings, { onEvent, wait: parts.wait });
  else await startAfresh(documents, settings, copy?.metadata && { unusable });
  return {
    settings,
    call,
    clock,
    random,
    get keys() {
      return documents.keys;
    },
    client: oauthClient(settings, clock),
    metadata: () => documents.metadata(),
    authentication: () => clientAuthentication(settings, documents.metadata()),
  };
}

interface Waiting {
  readonly onEvent: EventSink;
  readonly wait?: (milliseconds: number) => Promise<void>;
}

/** Asks for both at the same time. What does not come in time is taken over when it comes. */
async function startOnCopy(
  documents: ProviderDocuments,
  settings: ProviderSettings,
  { onEvent, wait = pause }: Waiting,
): Promise<void> {
  let inTime = true;
  const readKeys = async () => {
    if (settings.openid) await documents.keys?.freshen();
  };
  const readMetadata = async () => {
    if (settings.discovery === false) return;
    // An answer that is well-formed and wrong is a wrong setting; a copy must not hide it. Later nobody is sent away for it.
    await documents.rereadMetadata((fault) => inTime && fault.kind === 'invalid');
    // They may name another place.
    await readKeys();
  };
  const read = Promise.all([readMetadata(), readKeys()]).then(() => true);
  try {
    if (await Promise.race([read, wait(WAIT_MILLISECONDS).then(() => false)])) return;
  } catch (error) {
    throw error instanceof ProviderFault ? stopOf(settings, error) : error;
  } finally {
    inTime = false;
  }
  onEvent({
    type: 'notice',
    message: 'The identity provider takes long to answer; the last good copy is used until it does.',
    detail: { issuer: settings.issuer, waitedSeconds: WAIT_MILLISECONDS / 1000 },
  });
}

/** Both are needed. `copied`: there are metadata of an earlier run, which may be of no use. */
async function startAfresh(
  documents: ProviderDocuments,
  settings: ProviderSettings,
  copied: { readonly unusable?: ProviderFault } | undefined,
): Promise<void> {
  try {
    await documents.readMetadata();
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    if (error.kind === 'invalid' || !copied) throw stopOf(settings, error);
    if (copied.unusable) throw stopOf(settings, copied.unusable);
    documents.tellCopyUsed('metadata', error);
  }
  try {
    if (settings.openid) await documents.keys?.freshen();
  } catch (error) {
    throw error instanceof ProviderFault ? stopOf(settings, error) : error;
  }
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  });

function faultOf(work: () => void): ProviderFault | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof ProviderFault) return error;
    throw error;
  }
  return undefined;
}
