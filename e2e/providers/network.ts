import type { Fetch } from '@portcullis/auth/core/fetch';
import type { BrowserFetch } from '../clients/scripted-browser.ts';

/** Leads a real address to a server of this machine. */
export type Reach = (url: string) => string;

export interface Network {
  /** The way out of our server. */
  readonly fromServer: Fetch;
  /** The way of a client, and of the browser. */
  readonly fromClient: BrowserFetch;
  /** All that client and browser got from our server, headers included. */
  received(): string;
  /** Every token that the provider gave to our server. */
  readonly providerTokens: readonly string[];
  /** From now on this server answers at its public address. */
  connect(publicUrl: string, origin: string): void;
}

const TOKENS = ['access_token', 'refresh_token', 'id_token'];

/** As much of the internet as a login needs: real addresses, and nothing that leaves this machine. */
export function network(reachProvider: Reach): Network {
  const ours = new Map<string, string>();
  const texts: (() => string)[] = [];
  const providerTokens: string[] = [];
  const placeOf = (url: string): string => {
    const { origin } = new URL(url);
    const server = ours.get(origin);
    const place = server === undefined ? reachProvider(url) : server + url.slice(origin.length);
    if (new URL(place).hostname !== '127.0.0.1') throw new Error(`nobody answers for ${url}`);
    return place;
  };
  return {
    providerTokens,
    received: () => texts.map((text) => text()).join('\n'),
    connect: (publicUrl, origin) => void ours.set(new URL(publicUrl).origin, origin),
    async fromServer(url, init) {
      const response = await fetch(placeOf(url), { ...init, redirect: 'manual' });
      const body = await response.text();
      for (const name of TOKENS) {
        const value = new RegExp(`(?:"${name}":"|(?:^|&)${name}=)([^"&]+)`).exec(body)?.[1];
        if (value !== undefined) providerTokens.push(value);
      }
      return new Response(body || null, response);
    },
    async fromClient(url, init) {
      const response = await fetch(placeOf(url), { ...init, redirect: 'manual' });
      if (!ours.has(new URL(url).origin)) return response;
      const head = JSON.stringify([...response.headers]);
      const [body, text] = overheard(response.body);
      texts.push(() => `${response.status} ${head}\n${text()}`);
      return new Response(body, response);
    },
  };
}

/** The same stream, and what has come through it so far: some never end. */
function overheard(
  body: ReadableStream<Uint8Array> | null,
): [ReadableStream<Uint8Array> | null, () => string] {
  if (!body) return [null, () => ''];
  const decoder = new TextDecoder();
  let text = '';
  const tap = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, out) {
      text += decoder.decode(chunk, { stream: true });
      out.enqueue(chunk);
    },
  });
  return [body.pipeThrough(tap), () => text];
}
