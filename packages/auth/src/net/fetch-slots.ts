export interface FetchSlotsOptions {
  /** Most fetches at a time. */
  readonly max: number;
  /** Most of them to one host: one that never answers holds no more than its share. */
  readonly maxPerHost: number;
}

/** Room for so many fetches at a time. */
export function fetchSlots({ max, maxPerHost }: FetchSlotsOptions) {
  const hosts = new Map<string, number>();
  let taken = 0;
  return {
    /** Room for one fetch, and how to give it back, once; `undefined` when there is none. */
    take(url: string): (() => void) | undefined {
      const host = hostOf(url);
      const there = hosts.get(host) ?? 0;
      if (taken >= max || there >= maxPerHost) return undefined;
      taken += 1;
      hosts.set(host, there + 1);
      return () => {
        taken -= 1;
        const left = (hosts.get(host) ?? 1) - 1;
        if (left > 0) hosts.set(host, left);
        else hosts.delete(host);
      };
    },
  };
}

/** Without its port: whoever has a host has 65,535 of them. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}
