import type { ServerResponse } from 'node:http';
import { stillAdmitted } from './still-admitted.ts';

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
      if (!(await stillAdmitted(watched.admit))) response.destroy();
    }
  }

  function forget(this: ServerResponse): void {
    open.delete(this);
  }

  return {
    /** Watches a response, unless it is complete by now: that is no stream, and neither is one whose client went away. */
    watch(response: ServerResponse, admit: Admit): void {
      if (response.writableEnded || response.destroyed) return;
      if (!timer) {
        // Twice in that time, since the first round may leave a stream out.
        timer = setInterval(() => void check(), checkSeconds * 500);
        timer.unref();
      }
      open.set(response, { admit, round });
      response.on('close', forget);
    },
    /** Stops looking; open streams stay as they are. */
    close(): void {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
