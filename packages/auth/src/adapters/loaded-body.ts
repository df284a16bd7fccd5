import type { BodySource } from '../core/web-request.ts';

/** A body that is there as a whole, once somebody asks for it. */
export function loadedBody(load: () => Uint8Array | Promise<Uint8Array>): BodySource {
  return {
    getReader() {
      let loaded = false;
      return {
        async read() {
          if (loaded) return { done: true, value: undefined };
          loaded = true;
          return { done: false, value: await load() };
        },
        cancel: async () => undefined,
      };
    },
  };
}
