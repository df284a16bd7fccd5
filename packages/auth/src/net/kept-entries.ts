import { hostOf } from './fetch-slots.ts';

export interface KeptEntriesOptions {
  /** Most entries that are not kept. The one that was written longest ago goes first. */
  readonly max: number;
  /** Most entries that are kept. The one that deserved it longest ago goes first, back among the others. */
  readonly maxKept: number;
  /** Most entries that are kept of one host. */
  readonly maxKeptPerHost: number;
}

/** What is known of URLs, in two parts: what strangers name at will pushes nothing out that has proved its worth. */
export function keptEntries<V>({ max, maxKept, maxKeptPerHost }: KeptEntriesOptions) {
  const common = new Map<string, V>();
  const kept = new Map<string, V>();

  function setCommon(url: string, value: V): void {
    common.delete(url);
    common.set(url, value);
    const [oldest] = common.keys();
    if (common.size > max && oldest !== undefined) common.delete(oldest);
  }

  function release(url: string): void {
    const value = kept.get(url);
    kept.delete(url);
    if (value !== undefined) setCommon(url, value);
  }

  function makeRoom(host: string): void {
    const ofHost = [...kept.keys()].filter((each) => hostOf(each) === host);
    if (ofHost.length >= maxKeptPerHost) release(ofHost[0]!);
    const [oldest] = kept.keys();
    if (kept.size >= maxKept && oldest !== undefined) release(oldest);
  }

  return {
    get: (url: string): V | undefined => kept.get(url) ?? common.get(url),
    isKept: (url: string): boolean => kept.has(url),
    set(url: string, value: V): void {
      if (kept.has(url)) kept.set(url, value);
      else setCommon(url, value);
    },
    delete(url: string): void {
      kept.delete(url);
      common.delete(url);
    },
    /** From now on only others that are kept can push it out, and those that deserved it later last. Nothing happens when nothing is known of it. */
    keep(url: string): void {
      const value = kept.get(url) ?? common.get(url);
      if (value === undefined) return;
      if (!kept.delete(url)) makeRoom(hostOf(url));
      common.delete(url);
      kept.set(url, value);
    },
  };
}
