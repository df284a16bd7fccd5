import { connected, sendOver } from './flood.ts';

/** Stands in the request where the token goes. */
export const TOKEN_PLACE = 'THE-TOKEN';

export interface TokenFloodOptions {
  readonly port: number;
  /** The whole request, as it goes over the wire, with `TOKEN_PLACE` in it. */
  readonly request: string;
  readonly connections: number;
  readonly seconds: number;
  /** Tokens that are shown again and again. */
  readonly known: readonly string[];
  /** Tokens that were never shown; each is shown in two requests that follow each other. */
  readonly fresh: readonly string[];
  /** One request in so many carries a fresh token. */
  readonly freshOneIn: number;
}

export interface TokenFlood {
  readonly done: number;
  readonly seconds: number;
  /** How many of the fresh tokens were shown, and how many of the known. */
  readonly freshShown: number;
  readonly knownShown: number;
}

/**
 * As `flood`, with many tokens. Two requests that follow each other carry the same token, so that they often are under way together. Counts
 * answers that come within the time: what is waited for at its end counts for nobody.
 */
export async function tokenFlood(options: TokenFloodOptions): Promise<TokenFlood> {
  const { request, connections, seconds, known, fresh, freshOneIn } = options;
  const [before = '', after = ''] = request.split(TOKEN_PLACE);
  let turn = 0;
  let freshShown = 0;
  let knownPairs = 0;
  let current = '';
  const take = (): string => {
    const isFresh = (turn / 2) % freshOneIn === 0;
    const token = isFresh ? fresh[freshShown] : known[knownPairs % known.length];
    if (token === undefined) throw new Error('no tokens are left');
    if (isFresh) freshShown += 1;
    else knownPairs += 1;
    return token;
  };
  const next = (): Buffer => {
    if (turn % 2 === 0) current = take();
    turn += 1;
    return Buffer.from(before + current + after, 'latin1');
  };
  const sockets = await Promise.all(Array.from({ length: connections }, () => connected(options.port)));
  const end = performance.now() + seconds * 1000;
  let done = 0;
  await Promise.all(
    sockets.map((socket) =>
      sendOver(socket, next, () => {
        const inTime = performance.now() < end;
        if (inTime) done += 1;
        return inTime;
      }),
    ),
  );
  return { done, seconds, freshShown, knownShown: Math.min(knownPairs, known.length) };
}
