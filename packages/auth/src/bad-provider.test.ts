import { afterAll, beforeAll, describe, type ExpectStatic, it } from 'vitest';
import { FAULTS, type NamedFault, SAID } from './bad-answers.contract.ts';
import type { Met, OpenCall } from './bad-provider.contract.ts';
import * as calls from './bad-provider.contract.ts';
import { type BadServer, startBadServer } from './bad-server.contract.ts';
import type { AuthEvent } from './core/events.ts';
import { OperatorError } from './core/operator-error.ts';

/** Who meets the fault. */
type Meets =
  /** The operator, whose server does not start. */
  | 'start'
  /** Nobody: what was known before is used on. */
  | 'nobody'
  /** A person at a browser. */
  | 'person'
  /** A client, with a token that may be good. */
  | 'client'
  /** A client that published what went wrong itself. */
  | 'publisher';

interface Row {
  readonly open: (server: BadServer) => Promise<OpenCall>;
  readonly meets: Meets;
  /** What the operator reads that it was. */
  readonly operation: string;
  /** Which of the odd answers are as good as a good one. */
  readonly takes: readonly string[];
  /** Which of them say something definite of a token: that it is for nobody, or is another's. */
  readonly refuses?: readonly string[];
}

const OTHER_TYPES = ['the right JSON as plain text', 'the right JSON as a page', 'the right JSON of no type'];
const MORE = ['one more member without a bottom', 'members of every object'];
const TWICE = 'a member twice';
const ISSUERS = ['another issuer', 'an issuer that is no text', 'a hostile issuer'];
const ODD_TEXTS = ['null for texts', 'hostile texts', 'texts of 64 KiB'];
const SHAPES = FAULTS.filter(({ of }) => of === 'shape').map(({ name }) => name);
/** Of these only the status counts, where nothing is read from an answer. */
const BODIES = [
  'a page with 200',
  'a page that says it is JSON',
  'an empty body',
  '204',
  'JSON that stops in the middle',
  'bytes that are no text',
];

const COMMON = [...OTHER_TYPES, ...MORE];
const KEYS = [...COMMON, TWICE, ...ISSUERS];
const TABLE: Readonly<Record<string, Row>> = {
  'discovery at start': {
    open: calls.discoveryAtStart,
    meets: 'start',
    operation: 'discovery',
    takes: [...COMMON, TWICE],
  },
  'keys at start': { open: calls.keysAtStart, meets: 'start', operation: 'keys', takes: KEYS },
  'discovery, later': {
    open: calls.discoveryLater,
    meets: 'nobody',
    operation: 'discovery',
    takes: [...COMMON, TWICE],
  },
  'keys, later': { open: calls.keysLater, meets: 'nobody', operation: 'keys', takes: KEYS },
  'the exchange of a code': {
    open: calls.codeExchange,
    meets: 'person',
    operation: 'code-exchange',
    takes: KEYS,
  },
  userinfo: {
    open: calls.userinfo,
    meets: 'person',
    operation: 'userinfo',
    takes: [...COMMON, ...ISSUERS],
  },
  'userinfo without an ID token': {
    open: calls.userinfoAlone,
    meets: 'person',
    operation: 'userinfo',
    takes: [...COMMON, ...ISSUERS, 'numbers for texts'],
  },
  'questions about a person': {
    open: calls.personHook,
    meets: 'person',
    operation: 'userinfo',
    takes: SHAPES.filter(
      (name) => !['null', 'a number', 'a text', 'an empty object', 'an error with 200'].includes(name),
    ),
  },
  'a refresh': { open: calls.refreshing, meets: 'client', operation: 'refresh', takes: KEYS },
  'a revocation': {
    open: calls.revoking,
    meets: 'nobody',
    operation: 'revoke',
    takes: [...SHAPES.filter((name) => name !== 'an error with 200'), ...BODIES],
  },
  introspection: {
    open: calls.introspection,
    meets: 'client',
    operation: 'introspection',
    takes: COMMON,
    refuses: [...ODD_TEXTS, 'another issuer', 'a hostile issuer'],
  },
  'the API of a provider': {
    open: calls.providerApi,
    meets: 'client',
    operation: 'token-check',
    takes: COMMON,
    refuses: ['an empty object', ...ODD_TEXTS, 'another issuer', 'a hostile issuer'],
  },
  'keys for tokens': { open: calls.jwtKeys, meets: 'client', operation: 'keys', takes: KEYS },
  'keys for tokens, later': { open: calls.jwtKeysLater, meets: 'nobody', operation: 'keys', takes: KEYS },
  'metadata that is passed on': {
    open: calls.forwardedMetadata,
    meets: 'client',
    operation: 'forwarded-metadata',
    takes: [TWICE, 'members of every object'],
  },
  'the document of a client': {
    open: calls.clientDocument,
    meets: 'publisher',
    operation: 'client.metadata',
    takes: [TWICE, ...MORE, ...ISSUERS],
  },
  'the keys of a client': {
    open: calls.clientKeys,
    meets: 'publisher',
    operation: 'client.keys',
    takes: [TWICE, ...MORE, ...ISSUERS],
  },
};

const MEGABYTE = 1024 * 1024;
/** Far above the bound of a quarter of a second, since many tests share this machine; far below the one behind it. */
const MAX_MILLISECONDS = 10_000;
/** What may lie in the buffers of a connection beside the one megabyte that is read. */
const MAX_TAKEN_BYTES = 24 * MEGABYTE;
const MAX_EVENT_LENGTH = 3000;
/** Nothing that ends a line, draws, hides, or turns the direction of a text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

let server: BadServer;
beforeAll(async () => {
  server = await startBadServer();
});
afterAll(() => server.close());

describe.each(Object.entries(TABLE))('[S4, PX-11] %s', (_name, row) => {
  it.concurrent('goes well at a good provider', async ({ expect }) => {
    const call = await row.open(server);
    expect(isGood(await call.run(false))).toBe(true);
    expect(call.events().filter(isTold)).toEqual([]);
  });

  it.concurrent.for(FAULTS.map((fault) => [fault.name, fault] as const))(
    'meets %s',
    { timeout: 30_000 },
    async ([, fault], { expect }) => {
      const call = await row.open(server);
      const [asked, taken, events] = [call.at.received.length, call.at.taken(), call.events().length];
      const isTaken = row.takes.includes(fault.name);
      call.at.fault = fault;
      const started = performance.now();
      const met = await call.run(!isTaken).catch((error: unknown) => stopped(error, expect, fault));
      expect(performance.now() - started).toBeLessThan(MAX_MILLISECONDS);
      expect(call.at.taken() - taken).toBeLessThan(MAX_TAKEN_BYTES);
      expect(server.place('elsewhere').received).toEqual([]);
      const told = call.events().slice(events);
      checkWords(told, call, expect);
      if (isTaken) {
        expect(met.status < 400 ? 'good' : met).toBe('good');
        expect(told.filter(isTold)).toEqual([]);
      } else {
        // Whoever may redirect, or fail, is asked no further; a document may have two names.
        expect(call.at.received.length - asked).toBeLessThanOrEqual(2);
        expect(met.said).not.toContain(SAID);
        expect(met.said).not.toMatch(/<script|evil\.example/i);
        checkOutcome(row, fault, { met, told }, expect);
      }
      call.at.fault = undefined;
      if (call.again) expect(isGood(await call.again())).toBe(true);
      expect(call.events().filter(({ type }) => type === 'session.ended')).toHaveLength(
        row.operation === 'revoke' ? 1 : 0,
      );
    },
  );
});

interface Outcome {
  readonly met: Met;
  readonly told: readonly AuthEvent[];
}

function checkOutcome(row: Row, fault: NamedFault, outcome: Outcome, expect: ExpectStatic): void {
  const { met, told } = outcome;
  if (row.meets === 'start') {
    expect(met.status).toBe(STOPPED);
    expect(met.said).toContain(`(${row.operation}: `);
    return;
  }
  if (row.meets === 'publisher') {
    checkPublisher(row, fault, outcome, expect);
    return;
  }
  if (row.refuses?.includes(fault.name)) {
    expect(met.status).toBe(401);
    expect(told).toMatchObject([{ type: 'request.refused', reason: expect.stringMatching(/^token\./) }]);
    return;
  }
  const [report, ...more] = told.filter(isTold).map(reportOf);
  expect(more).toEqual([]);
  expect(report?.operation).toBe(row.operation);
  const isAway = fault.of === 'away';
  if (row.operation === 'forwarded-metadata') expect(report?.kind).toMatch(/^[a-z-]+$/);
  else expect(report?.kind).toMatch(isAway ? /^unavailable$/ : /^(misconfigured|invalid)$/);
  const isRefused = row.meets === 'person' && report?.kind === 'invalid';
  expect(met.status).toBe(row.meets === 'nobody' ? 200 : isRefused ? 403 : 503);
  if (met.status !== 503) return;
  expect(met.said).toMatch(/retry-after\W+\d/);
  expect(met.said).not.toContain('www-authenticate');
}

/** What a client published itself is held against it, but for what may be over in a moment. */
function checkPublisher(row: Row, fault: NamedFault, { met, told }: Outcome, expect: ExpectStatic): void {
  const isAway = fault.of === 'away';
  const status = row.operation === 'client.keys' ? 401 : 400;
  expect(met.status).toBe(isAway ? 503 : status);
  const reason = `${row.operation}-${isAway ? 'unreachable' : 'invalid'}`;
  expect(told).toMatchObject([{ type: 'request.refused', reason }]);
}

const STOPPED = 0;

/** A start that was stopped, as the operator reads it. */
function stopped(error: unknown, expect: ExpectStatic, fault: NamedFault): Met {
  if (!(error instanceof OperatorError)) throw error;
  const [problem, ...more] = error.problems;
  expect(more).toEqual([]);
  expect(problem?.setting).toBe('upstream.issuer');
  expect(problem?.remedy).toMatch(fault.network === 'certificate' ? /outbound\.ca/ : /^(Check|Compare) /);
  expect(error.message).toMatch(/^[\x20-\x7e]{50,1500}$/);
  // The operator may read what the provider said, made printable; it is shown to nobody else.
  return {
    status: STOPPED,
    said: error.message.replaceAll(/<script>|words-of-the-provider|evil\.example/g, ''),
  };
}

const isGood = ({ status }: Met) => status === 200 || status === 303;

/** What the operator is told of a failure: one line for each. A refusal that follows from it is the client's. */
function isTold(event: AuthEvent): boolean {
  if (event.type === 'upstream.failed' || event.type === 'notice') return true;
  return event.type === 'request.refused' && event.detail.operation === 'forwarded-metadata';
}

function reportOf(event: AuthEvent): { readonly operation: unknown; readonly kind: unknown } | undefined {
  if (event.type === 'upstream.failed') return event;
  const detail = event.type === 'notice' || event.type === 'request.refused' ? event.detail : undefined;
  return detail && { operation: detail.operation, kind: detail.kind };
}

/** Short, on one line, and without what nobody may know. */
function checkWords(told: readonly AuthEvent[], { secrets }: OpenCall, expect: ExpectStatic): void {
  for (const event of told) {
    const text = JSON.stringify(event);
    expect(text.length).toBeLessThan(MAX_EVENT_LENGTH);
    const words = textsOf(event).join('|');
    expect(INVISIBLE.test(words) ? words : 'visible').toBe('visible');
    for (const secret of secrets)
      for (const spelling of [secret, encodeURIComponent(secret), btoa(`this-server:${secret}`)])
        expect(text.includes(spelling) ? `${text} has ${spelling}` : 'none').toBe('none');
  }
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
