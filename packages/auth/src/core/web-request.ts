/** What is needed of a web-standard `Request`: a real one will do, and so will what a runtime can offer for less. */
export interface WebRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: HeaderReader;
  readonly body: BodySource | null;
}

export interface HeaderReader {
  /** The value of a header (lower-case name), or `null`. */
  get(name: string): string | null;
}

/** A body that has not been read. */
export interface BodySource {
  getReader(): BodyReader;
}

export interface BodyReader {
  read(): Promise<IteratorResult<Uint8Array, unknown>>;
  /** Nobody reads on. */
  cancel(): Promise<unknown>;
}
