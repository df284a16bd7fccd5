import type { Clock } from '../core/clock.ts';
import type { EventSink } from '../core/events.ts';
import type { Caller } from '../core/identity.ts';
import { OperatorError } from '../core/operator-error.ts';
import type { Random } from '../core/random.ts';
import type { UpstreamToken } from '../core/upstream-token.ts';
import { browserCookies } from '../http/browser-cookie.ts';
import type { HostCheck } from '../http/host-check.ts';
import type { Route } from '../http/route.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { openKeyRing } from '../keys/ring.ts';
import { BASELINE_SCOPE } from '../protocol/scope.ts';
import { type CodeRecord, openCodes } from '../sessions/codes.ts';
import { withStore } from '../sessions/guarded-store.ts';
import { DEFAULT_LIFETIMES } from '../sessions/lifetimes.ts';
import type { SessionRecord } from '../sessions/session.ts';
import { Sessions } from '../sessions/sessions.ts';
import { openTransactions, type Transaction } from '../sessions/transactions.ts';
import { DEVELOPMENT_SIGN_IN_ID } from '../sign-in/development-people.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { memoryStore } from '../store/memory.ts';
import { ringStorage } from '../store/ring-storage.ts';
import { openRecords, type Records } from '../store/sealed.ts';
import type { Store } from '../store/store.ts';
import type { ProviderCache, ProviderCopy } from '../upstream/provider-options.ts';
import { ownTokenVerifier } from '../verify/own-token.ts';
import type { Verifier } from '../verify/verifier.ts';
import { openClients } from './clients/open-clients.ts';
import { approvals } from './context/approvals.ts';
import type { IssuerContext } from './context/issuer-context.ts';
import { rememberedApprovals } from './context/remembered-approvals.ts';
import { UpstreamSessions } from './context/upstream-sessions.ts';
import { upstreamTokenOf } from './context/upstream-token.ts';
import type { GrantOptions, IssuerOptions, StateOptions } from './issuer-options.ts';
import { checkConsentSignIns, type IssuerPlace, issuerPlace } from './issuer-place.ts';
import { issuerRoutes } from './routes.ts';

/** What the operator asked for. */
export interface IssuerSettings extends StateOptions, GrantOptions {
  /** Which clients are known, and how people sign in. */
  readonly issuer: IssuerOptions;
}

/** What the authorization server shares with the gates of its resources. */
export interface IssuerSurroundings {
  readonly publicUrl: string;
  readonly mount: string;
  readonly resources: readonly { readonly path: string; readonly name: string; readonly resource: string }[];
  readonly baselineScopes: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: EventSink;
}

export interface Issuer {
  readonly issuer: string;
  readonly routes: readonly Route[];
  /** Verifies the tokens it issued. */
  readonly verifier: Verifier;
  /** Calls back when tokens that were believed have to be looked at again. */
  readonly onKeysChanged: (listener: () => void) => void;
  /** Can people sign in without proof? */
  readonly developmentPeople: boolean;
  /** The provider's access token of a caller who came by a token of this issuer. @throws Refusal */
  upstreamToken(caller: Caller): Promise<UpstreamToken | undefined>;
  ready(): Promise<void>;
  sweep(limit: number): Promise<number>;
  close(): Promise<void>;
}

/** Puts an authorization server together. @throws OperatorError when the options can not work */
export async function openIssuer(
  options: IssuerSettings,
  around: IssuerSurroundings,
  hosts: HostCheck,
): Promise<Issuer> {
  const { clock, onEvent } = around;
  const place = issuerPlace(options.issuer, around.publicUrl);
  const store = options.store ?? memoryStore({ clock });
  const keyRing = await openRing(options, around, store);
  const records = openRecords(store, keyRing, {
    deployment: options.deployment ?? 'portcullis',
    clock,
    onEvent,
  });
  const signIns = await openSignIns(options.issuer, around, records);
  checkConsentSignIns(place.consent, signIns);
  const context = buildContext(options, around, { place, hosts, store, keyRing, records, signIns });
  return {
    issuer: place.issuer,
    routes: issuerRoutes(
      context,
      around.resources.flatMap(({ path }) => [path, around.mount + path]),
    ),
    verifier: context.accessTokens,
    onKeysChanged: (listener) => keyRing.onChange(listener),
    developmentPeople: signIns.some(({ id }) => id === DEVELOPMENT_SIGN_IN_ID),
    upstreamToken: (caller) => upstreamTokenOf(context, caller),
    ready: () => withStore(() => store.ping()),
    sweep: (limit) => store.sweep(limit),
    close: () => store.close(),
  };
}

async function openSignIns(
  { signIns }: IssuerOptions,
  { clock, random, onEvent }: IssuerSurroundings,
  records: Records,
): Promise<readonly SignIn[]> {
  const problem = (message: string, remedy: string) =>
    new OperatorError([{ setting: 'signIns', source: 'options of createAuth', message, remedy }]);
  if (signIns.length === 0) {
    throw problem('There is no way to sign in.', 'Configure an identity provider, or development people.');
  }
  const providerCache = providerCopies(records);
  const opened = await openAll(
    signIns.map(
      (each) => async () =>
        typeof each === 'function' ? each({ clock, random, onEvent, providerCache }) : each,
    ),
  );
  if (new Set(opened.map(({ id }) => id)).size < opened.length) {
    throw problem('Two ways to sign in have the same id.', 'Give each its own.');
  }
  return opened;
}

/** Providers are slow one beside the other, not one behind the other; what is wrong with all of them is said at once. */
async function openAll(work: readonly (() => Promise<SignIn>)[]): Promise<readonly SignIn[]> {
  const results = await Promise.allSettled(work.map((open) => open()));
  const failures = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  const other = failures.find((failure) => !(failure instanceof OperatorError));
  if (other !== undefined) throw other;
  const wrong = failures.filter((failure) => failure instanceof OperatorError);
  if (wrong.length > 0)
    throw new OperatorError(
      wrong.flatMap(({ problems }) => problems),
      { cause: wrong[0] },
    );
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

const PROVIDER_COPY_SECONDS = 30 * 86_400;

/** The last good copies of what providers say of themselves, sealed like everything else. */
function providerCopies(records: Records): ProviderCache {
  const copies = records.collection<ProviderCopy>('provider-metadata');
  return {
    load: async (issuer) => (await copies.get(issuer))?.value,
    save: (issuer, copy) => copies.put(issuer, copy, PROVIDER_COPY_SECONDS),
  };
}

/** A store that outlives the process needs a secret that does too. */
async function openRing(options: StateOptions, around: IssuerSurroundings, store: Store): Promise<KeyRing> {
  const { clock, random, onEvent } = around;
  const durability = await store.durability();
  if (!options.masterSecret && durability.survivesRestart) {
    const message = 'The store outlives this process, but the keys that open it would not.';
    throw new OperatorError([
      {
        setting: 'masterSecret',
        source: 'options of createAuth',
        message,
        remedy: 'Give a master secret: 32 random bytes, kept apart from the store.',
      },
    ]);
  }
  return openKeyRing({
    storage: ringStorage(store),
    masterSecret: options.masterSecret ?? { bytes: random.bytes(32) },
    previousMasterSecret: options.previousMasterSecret,
    origin: options.masterSecretOrigin ?? { setting: 'masterSecret', source: 'options of createAuth' },
    deployment: options.deployment ?? 'portcullis',
    clock,
    random,
    onEvent,
  });
}

/** The parts that were opened for this issuer. */
interface OpenParts {
  readonly place: IssuerPlace;
  readonly hosts: HostCheck;
  readonly store: Store;
  readonly keyRing: KeyRing;
  readonly records: Records;
  readonly signIns: readonly SignIn[];
}

function buildContext(options: IssuerSettings, around: IssuerSurroundings, parts: OpenParts): IssuerContext {
  const { publicUrl, clock, random, onEvent } = around;
  const { place, hosts, store, keyRing, records, signIns } = parts;
  const { issuer } = place;
  const lifetimes = { ...DEFAULT_LIFETIMES, ...options.lifetimes };
  const count = (key: string, ttlSeconds: number) => store.increment('counter', key, ttlSeconds);
  const known = openClients({ options: options.issuer, keyRing, issuer, clock, records, count });
  const resources = around.resources.map(({ resource, name }) => ({ resource, name }));
  const configured = new Set(resources.map(({ resource }) => resource));
  const sessions: Sessions = new Sessions({
    collection: records.collection<SessionRecord>('session'),
    count,
    issuer,
    lifetimes,
    isConfigured: (session) =>
      configured.has(session.resource) &&
      signIns.some(({ id, accepts }) => id === session.signInId && accepts(session.identity)) &&
      known.clients.isAllowed(session.clientId, session.redirectUri),
    onEnded: (id) => upstream.release(id),
    clock,
    random,
    onEvent,
  });
  const upstream: UpstreamSessions = new UpstreamSessions({
    collection: records.collection('upstream-tokens'),
    leases: records.collection('lease'),
    sessions,
    signIns,
    lifetimes,
    clock,
    random,
    onEvent,
  });
  const scopeHierarchy = options.scopeHierarchy ?? {};
  const secure = publicUrl.startsWith('https:');
  const { transactionSeconds, codeSeconds, consentSeconds } = lifetimes;
  return {
    ...place,
    publicUrl,
    remembered: rememberedApprovals({ keyRing, issuer, clock, approvalSeconds: consentSeconds }),
    resources,
    scopes: new Map(
      Object.entries(options.scopes ?? { [BASELINE_SCOPE]: 'Use the tools of this server, reading only' }),
    ),
    baselineScopes: around.baselineScopes,
    scopeHierarchy,
    registrationEnabled: options.issuer.registration ?? true,
    metadataDocumentsEnabled: (options.issuer.metadataDocuments ?? 'off') !== 'off',
    introspectionClients: options.issuer.introspectionClients ?? [],
    signIns,
    lifetimes,
    ...known,
    approvals: approvals({ keyRing, issuer, clock, pageSeconds: transactionSeconds }),
    sessions,
    codes: openCodes({
      collection: records.collection<CodeRecord>('code'),
      clock,
      random,
      codeSeconds,
      endSession: (id) => sessions.end(id, 'code-replayed'),
    }),
    transactions: openTransactions({
      collection: records.collection<Transaction>('transaction'),
      clock,
      random,
      transactionSeconds,
    }),
    upstream,
    accessTokens: ownTokenVerifier({ issuer, keyRing, sessions, scopeHierarchy, clock }),
    keyRing,
    cookies: browserCookies({ secure, path: `${around.mount}/`, maxAgeSeconds: transactionSeconds, random }),
    hosts,
    clock,
    random,
    onEvent,
  };
}
