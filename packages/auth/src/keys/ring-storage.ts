/** Where the wrapped ring is kept: one value. `store/ring-storage.ts` makes one of a `Store`. */
export interface RingStorage {
  /** `undefined` only when there is certainly none. */
  load(): Promise<{ readonly bytes: Uint8Array; readonly version: string } | undefined>;
  /** Writes only when there is none; `false` when somebody else was first. */
  create(bytes: Uint8Array): Promise<boolean>;
  /** Replaces exactly this version; `false` when somebody else wrote in between. */
  replace(version: string, bytes: Uint8Array): Promise<boolean>;
}
