import type { Caller } from './identity.ts';
import type { RequestView } from './request-view.ts';
import type { WebRequest } from './web-request.ts';

/** A response that any runtime can send. */
export interface PlainResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `Set-Cookie` lines, one each. */
  readonly cookies?: readonly string[];
  /** Empty: none. */
  readonly body: string;
}

/** What a gate says: the caller, or the answer to give in place of the resource. */
export type Passage =
  | {
      readonly allowed: true;
      readonly caller: Caller;
      /** Headers for whatever the resource answers: who may read it (CORS). */
      readonly headers: Readonly<Record<string, string>>;
      /** The caller as things stand later, for a stream that stays open; throws once the token ended or was revoked. */
      readonly admit: () => Caller | Promise<Caller>;
    }
  | { readonly allowed: false; readonly response: PlainResponse };

/** The guard of one resource. */
export interface Gate {
  /** The resource identifier: exactly the URL that people type into their client. */
  readonly resource: string;
  /** Decides one request: at once when the token is known, else after verification. Never throws. */
  guard(request: RequestView): Passage | Promise<Passage>;
  /** The answer for a caller that lacks scopes for an operation: 403 with everything it needs, in one challenge. */
  insufficientScope(caller: Caller, needed: readonly string[]): PlainResponse;
  /** The answer when serving a caller came to a `Refusal`, or went wrong: 401 with a challenge when a token is needed, 503 when waiting helps. */
  refuse(error: unknown, request?: RequestView): PlainResponse;
}

/** What the adapters need of an `Auth`. */
export interface Door {
  /** The answer for whatever went wrong outside: with an incident id, and a line in the log that says what. `at`: where. */
  refuse(error: unknown, at: string): PlainResponse;
  /** The gate of the resource at a path (mount path included or stripped), when there is one. */
  gateAt(path: string): Gate | undefined;
  /** The gate of the resource that a router might take a path for, however it is written, or that the path is below of. */
  gateOver(path: string): Gate | undefined;
  /** Answers everything that is ours but not a resource: metadata, registration, pages, tokens. `undefined`: not ours. */
  handle(request: WebRequest, peerAddress?: string): Promise<Response | undefined>;
  /** As `handle`, for runtimes that send answers more cheaply than by a web `Response`. */
  answer(request: WebRequest, peerAddress?: string): Promise<PlainResponse | undefined>;
}
