import type { BrowserFetch } from './scripted-browser.ts';

/** What every driver of a client takes and gives, so that one set of tests runs through all of them. */
export interface ConnectOptions {
  readonly mcpUrl: string;
  /** Who to sign in as. */
  readonly person: string;
  /** How the client is known to the server. Default: it registers itself. */
  readonly identification?: Identification;
  /** How the browser of the person gets anywhere. Default: as any request does. */
  readonly browserFetch?: BrowserFetch;
}

export type Identification =
  | { readonly kind: 'registration' }
  | { readonly kind: 'document'; readonly url: string }
  | {
      readonly kind: 'static';
      readonly clientId: string;
      readonly clientSecret?: string;
      /** Where it is registered. Default: the server that it connects to. */
      readonly issuer?: string;
    };

/** A client that has logged in. */
export interface Connection {
  callTool(name: string, args?: Record<string, unknown>): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export type Connect = (options: ConnectOptions) => Promise<Connection>;

/** What a tool answered, for programs. Throws when the tool failed. */
export function structured(result: unknown): Record<string, unknown> {
  const { isError, structuredContent, content } = result as {
    isError?: boolean;
    structuredContent?: Record<string, unknown>;
    content?: unknown;
  };
  if (isError || !structuredContent) throw new Error(`the tool failed: ${JSON.stringify(content)}`);
  return structuredContent;
}
