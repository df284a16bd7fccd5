/** A real server that others made, which the suites of this folder run against. */
export interface Service {
  /** How it is called in the summary. */
  readonly title: string;
  /** Does `.ci/run` install what it needs? Then `CI=true` fails without it. */
  readonly inPipeline: boolean;
  /** Gets it ready below a folder that is kept from run to run, and says where it is. Throws `NotHere` when this machine lacks something. */
  prepare(cache: string): Promise<Prepared>;
}

export interface Prepared {
  readonly version: string;
  /** The file or folder to start it from. Empty for what is imported. */
  readonly path: string;
}

/** What a suite is told: where its server is, or why there is none. */
export type Provided = Prepared | { readonly missing: string };

/** Something is not installed. Everything else that goes wrong is a failure. */
export class NotHere extends Error {}

declare module 'vitest' {
  interface ProvidedContext {
    services: Readonly<Record<string, Provided>>;
  }
}
