import { TOKEN_PLACE, type TokenFlood, type TokenFloodOptions } from '../load/token-flood.ts';
import { compare, type Line } from '../measure/report.ts';
import { alternate, type Lap } from '../measure/rounds.ts';
import { type Child, startChild } from '../processes/child.ts';
import type { Asked } from '../servers/asked-provider.ts';
import type { VerifiedBy } from '../servers/verified-resource.ts';
import { mcpRequest } from './guarded.ts';
import type { Plan } from './plan.ts';
import { lapOf } from './throughput.ts';

const LATENCY_MILLISECONDS = 100;
/** As verifiers have it by default. */
const CACHE_SECONDS = 60;
/** Fewer than the 100 tokens that a verifier asks about at the same time by default. */
const CONNECTIONS = 96;
const TARGET = 0.9;
const KNOWN_TOKENS = 500;
const FRESH_ONE_IN = 20;
/** Enough for 40,000 requests a second; what is left over is used in the next lap. */
const FRESH_FOR_A_SECOND = 1000;
const ASKED = ['introspection', 'provider API'] as const satisfies readonly VerifiedBy[];

interface Contender {
  readonly server: Child;
  /** The provider that its tokens are from. That of the JWTs has nothing to do. */
  readonly provider: Child;
  /** Different tokens that were shown so far. */
  readonly shown: () => number;
  readonly lap: (seconds: number) => Promise<Lap>;
}

/** Tokens that a slow provider is asked about, over JWTs that are verified here; and how often the provider was asked. */
export async function measureOpaque(plan: Plan): Promise<Line[]> {
  const generator = await startChild('../load/generator.js');
  const start = performance.now();
  const contenders = {
    JWT: await startContender('JWT', generator),
    introspection: await startContender('introspection', generator),
    'provider API': await startContender('provider API', generator),
  };
  const laps = await alternate(
    {
      JWT: contenders.JWT.lap,
      introspection: contenders.introspection.lap,
      'provider API': contenders['provider API'].lap,
    },
    { ...plan, rounds: plan.askedRounds, lapSeconds: plan.askedSeconds },
  );
  const seconds = (performance.now() - start) / 1000;
  const lines: Line[] = [];
  for (const by of ASKED) {
    const { provider, shown } = contenders[by];
    const asked = await provider.call<Asked>('asked');
    lines.push(compare(`opaque tokens by ${by} over JWTs`, TARGET, laps[by], laps.JWT, 'requests'));
    lines.push(askedLine(by, asked, shown(), seconds));
  }
  const children = Object.values(contenders).flatMap(({ server, provider }) => [server, provider]);
  await Promise.all([generator, ...children].map((child) => child.stop()));
  return lines;
}

/** Holds when every token was asked about, and none more often than once in the time that an answer counts. */
function askedLine(by: VerifiedBy, asked: Asked, shown: number, seconds: number): Line {
  const { times, tokens, most, closest = Number.POSITIVE_INFINITY } = asked;
  const allowed = Math.floor(seconds / CACHE_SECONDS) + 1;
  // A question may be late on its way; two at the same time are never far apart.
  const isTooSoon = closest < (CACHE_SECONDS * 1000) / 2;
  return {
    name: `questions to the provider, ${by}`,
    holds: tokens === shown && most <= allowed && !isTooSoon,
    figures: [
      `asked ${times} times about ${tokens} tokens of ${shown} that were shown, at most ${most} times about one (allowed: ${allowed} in ${Math.round(seconds)} s)`,
    ],
  };
}

async function startContender(by: VerifiedBy, generator: Child): Promise<Contender> {
  const provider = await startChild('../servers/asked-provider.js', {
    latencyMilliseconds: LATENCY_MILLISECONDS,
  });
  const providerPort = await provider.call<number>('port');
  const server = await startChild('../servers/verified-resource.js', { by, providerPort });
  const port = await server.call<number>('port');
  const known = await server.call<readonly string[]>('tokens', { count: KNOWN_TOKENS });
  const fresh: string[] = [];
  let freshShown = 0;
  let knownShown = 0;
  const load = { port, request: mcpRequest(port, TOKEN_PLACE), connections: CONNECTIONS, known };
  return {
    server,
    provider,
    shown: () => freshShown + knownShown,
    async lap(seconds) {
      const count = Math.max(0, Math.ceil(FRESH_FOR_A_SECOND * seconds) - fresh.length);
      fresh.push(...(await server.call<readonly string[]>('tokens', { count })));
      const options: TokenFloodOptions = { ...load, fresh, seconds, freshOneIn: FRESH_ONE_IN };
      let flood: TokenFlood | undefined;
      const lap = await lapOf(generator, server, async () => {
        flood = await generator.call<TokenFlood>('tokenFlood', options);
        return flood;
      });
      freshShown += flood?.freshShown ?? 0;
      knownShown = Math.max(knownShown, flood?.knownShown ?? 0);
      fresh.splice(0, flood?.freshShown ?? 0);
      return lap;
    },
  };
}
