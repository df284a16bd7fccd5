import type { ServerResponse } from 'node:http';

type Admit = () => unknown;

/** Ends responses that stay open beyond the token they were asked for with: when it expires, or is revoked. */
export function watchOpenStreams(checkSeconds: number) {
  const open = new Map<ServerResponse, { readonly admit: Admit; readonly round: number }>();
  let round = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  async function check(): Promise<void> {
    round += 1;
    for (const [response, watched] of open) {
      // Younger than one round: the gate has just looked.
      if (watched.round >= round - 1) continue;
      try {
        await watched.admit();
      } catch {
        response.destroy();
      }
    }
  }

  return {
    watch(response: ServerResponse, admit: Admit): void {
      if (!timer) {
        timer = setInterval(() => void check(), checkSeconds * 1000);
        timer.unref();
      }
      open.set(response, { admit, round });
      response.once('close', () => open.delete(response));
    },
    /** Stops looking; open streams stay as they are. */
    close(): void {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
