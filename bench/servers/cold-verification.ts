// The program that verifies tokens nobody has shown before: through the gate, and by a loop over `jose.jwtVerify`.
import { performance } from 'node:perf_hooks';
import { systemClock } from '@portcullis/auth/core/clock';
import { ignoreEvents } from '@portcullis/auth/core/events';
import type { Gate } from '@portcullis/auth/core/passage';
import { systemRandom } from '@portcullis/auth/core/random';
import type { RequestView } from '@portcullis/auth/core/request-view';
import { openKeyRing } from '@portcullis/auth/keys/ring';
import { ringStorage } from '@portcullis/auth/store/ring-storage';
import { decodeJwt, importJWK, type JWTVerifyOptions, jwtVerify } from 'jose';
import { logIn } from '../load/login.ts';
import type { Lap } from '../measure/rounds.ts';
import { givenOptions, serveParent } from '../processes/serve-parent.ts';
import type { StoreName } from '../stores/open-store.ts';
import { openBenchAuth } from './bench-auth.ts';

export interface ColdOptions {
  readonly store: StoreName;
  readonly tokens: number;
  /** Sessions that the tokens belong to. */
  readonly sessions: number;
}

const { store: storeName, tokens: count, sessions } = givenOptions<ColdOptions>();
const { auth, store, masterSecret, endpoints, send } = await openBenchAuth(8000, storeName);
const gate = auth.gate();
// A second look at the same ring: what it signs is signed with the key of the server.
const ring = await openKeyRing({
  storage: ringStorage(store),
  masterSecret,
  clock: systemClock,
  random: systemRandom,
  onEvent: ignoreEvents,
  deployment: 'portcullis',
});
const tokens = await makeTokens();
const [jwk] = ring.publicKeys();
const key = await importJWK(jwk!, 'ES256');
const expected: JWTVerifyOptions = {
  issuer: endpoints.origin,
  audience: gate.resource,
  algorithms: ['ES256'],
  typ: 'at+jwt',
  requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id'],
  clockTolerance: 30,
};
let next = 0;

/** Logs in for each session, shows its token once, and signs more of the kind, each with a `jti` of its own. */
async function makeTokens(): Promise<readonly string[]> {
  const claims: Record<string, unknown>[] = [];
  for (let session = 0; session < sessions; session += 1) {
    const { access_token: token } = await logIn(send, endpoints);
    await mustPass(gate, token);
    claims.push({ ...decodeJwt(token) });
  }
  return Array.from({ length: count }, (_, index) =>
    ring.sign('at+jwt', { ...claims[index % sessions]!, jti: `token-${index}` }),
  );
}

async function mustPass(by: Gate, token: string): Promise<void> {
  const passage = await by.guard(viewOf(token));
  if (!passage.allowed) throw new Error(`refused: ${passage.response.body}`);
}

function viewOf(token: string): RequestView {
  const headers: Readonly<Record<string, string>> = {
    host: 'localhost:8000',
    authorization: `Bearer ${token}`,
  };
  return {
    method: 'POST',
    target: '/mcp',
    header: (name) => headers[name] ?? null,
    headerCount: (name) => (name in headers ? 1 : 0),
  };
}

async function lap(batch: readonly string[], verify: (token: string) => Promise<unknown>): Promise<Lap> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (const token of batch) await verify(token);
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const cpuMilliseconds = (user + system) / 1000;
  return {
    perSecond: (batch.length * 1000) / milliseconds,
    cpuEach: cpuMilliseconds / batch.length,
    busy: cpuMilliseconds / milliseconds,
    generatorBusy: 0,
  };
}

serveParent({
  /** The next tokens, once each by both. */
  async round({ size, oursFirst }: { readonly size: number; readonly oursFirst: boolean }) {
    const batch = tokens.slice(next, next + size);
    if (batch.length < size) throw new Error('no tokens are left');
    next += size;
    const byGate = () => lap(batch, (token) => mustPass(gate, token));
    const byJose = () => lap(batch, (token) => jwtVerify(token, key, expected));
    if (oursFirst) {
      const ours = await byGate();
      return { ours, theirs: await byJose() };
    }
    const theirs = await byJose();
    return { ours: await byGate(), theirs };
  },
});
