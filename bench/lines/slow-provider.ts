import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { openConnection } from '../load/connection.ts';
import { CLIENT_ID, logIn, REDIRECT_URI } from '../load/login.ts';
import { listTools } from '../load/mcp-call.ts';
import type { Line } from '../measure/report.ts';
import { spreadOf, spreadText } from '../measure/spread.ts';
import { type Child, startChild } from '../processes/child.ts';
import { freePort, type Question, serving } from '../processes/portcullis.ts';
import { ourEndpoints } from '../servers/bench-auth.ts';
import { temporaryFolder } from '../stores/open-store.ts';
import type { Plan } from './plan.ts';

/** Of the provider: for its metadata, and again for its keys. */
const DELAY_MILLISECONDS = 1000;
/** A start may take longer than one at a fast provider by the answers it waits for, and by this, which is for a busy machine. */
const SLACK_MILLISECONDS = 1000;

const STATES = ['last good copy', 'empty state'] as const;
type State = (typeof STATES)[number];

/** How many answers of the provider follow one another. With a copy the metadata and the keys are asked for at the same time. */
const ANSWERS_IN_TURN: Readonly<Record<State, number>> = { 'last good copy': 1, 'empty state': 2 };

/** Milliseconds from the start of the process. */
interface Seen {
  readonly live: number;
  readonly guarded: number;
}

/** What all starts have in common. */
interface Place {
  readonly provider: Child;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** A home folder whose state holds the last good copy of the provider, and the session of the token. */
  readonly home: string;
  readonly token: string;
}

/** `portcullis serve` in front of a provider that takes a second for each answer about itself, beside one that takes none. */
export async function measureSlowProvider(plan: Plan): Promise<Line[]> {
  const place = await firstRun();
  const lines: Line[] = [];
  for (const state of STATES) {
    const [fast, slow]: [Seen[], Seen[]] = [[], []];
    for (let round = 0; round < plan.providerStarts; round += 1) {
      fast.push(await startOnce(place, state, 0));
      slow.push(await startOnce(place, state, DELAY_MILLISECONDS));
    }
    lines.push(lineOf(state, fast, slow));
  }
  await place.provider.stop();
  return lines;
}

/** A login, so that there is a session, a token, and a state that knows the provider. */
async function firstRun(): Promise<Place> {
  const provider = await startChild('../servers/sign-in-provider.js');
  const [home, port] = [temporaryFolder(), await freePort()];
  const environment = {
    PORTCULLIS_UPSTREAM_PRESET: 'keycloak',
    PORTCULLIS_UPSTREAM_REALM_URL: `http://localhost:${await provider.call<number>('port')}/realms/main`,
    PORTCULLIS_UPSTREAM_CLIENT_ID: 'portcullis',
    PORTCULLIS_UPSTREAM_CLIENT_SECRET: 'a secret of the bench',
    PORTCULLIS_CLIENTS: JSON.stringify([{ id: CLIENT_ID, redirectUris: [REDIRECT_URI] }]),
  };
  const token = await serving(
    { home, port, state: join(home, 'state'), environment },
    async ({ answered }) => {
      await answered({ path: '/livez', status: 200 });
      const { send, close } = openConnection(port, `localhost:${port}`);
      const tokens = await logIn(send, ourEndpoints(port), throughProvider);
      close();
      return tokens.access_token;
    },
  );
  return { provider, port, environment, home, token };
}

/** The provider asks nothing, and sends the browser back. */
async function throughProvider(url: URL): Promise<URL | undefined> {
  if (!url.pathname.startsWith('/realms/')) return undefined;
  const { headers } = await fetch(url, { redirect: 'manual' });
  return new URL(headers.get('location') ?? '');
}

/** The second question is only asked when the first was answered. Without the state, the token is of no session. */
async function startOnce(place: Place, state: State, milliseconds: number): Promise<Seen> {
  const { provider, port, environment, token } = place;
  await provider.call('answerAfter', { milliseconds });
  const home = temporaryFolder();
  if (state === 'last good copy') cpSync(place.home, home, { recursive: true });
  const { headers, body } = listTools();
  const guarded: Question = {
    path: '/mcp',
    headers: { ...headers, authorization: `Bearer ${token}` },
    body,
    status: state === 'last good copy' ? 200 : 401,
  };
  return serving({ home, port, state: join(home, 'state'), environment }, async ({ answered }) => {
    const live = await answered({ path: '/livez', status: 200 });
    return { live, guarded: await answered(guarded) };
  });
}

function lineOf(state: State, fast: readonly Seen[], slow: readonly Seen[]): Line {
  const text = (seen: readonly Seen[]) => {
    const of = (pick: (each: Seen) => number) => `${spreadText(spreadOf(seen.map(pick)), 0)} ms`;
    return `${of((each) => each.live)} to /livez, ${of((each) => each.guarded)} to a guarded request`;
  };
  const waits = spreadOf(slow.map((each, round) => each.guarded - fast[round]!.guarded));
  const allowed = ANSWERS_IN_TURN[state] * DELAY_MILLISECONDS + SLACK_MILLISECONDS;
  return {
    name: `start at a slow provider over a fast one, ${state}`,
    ratio: spreadOf(slow.map((each, round) => fast[round]!.guarded / each.guarded)),
    holds: waits.median <= allowed,
    figures: [
      `slow provider ${text(slow)}`,
      `fast provider ${text(fast)}`,
      `longer by ${spreadText(waits, 0)} ms (allowed: ${allowed}); the provider takes ${DELAY_MILLISECONDS} ms for each of its two answers`,
    ],
  };
}
