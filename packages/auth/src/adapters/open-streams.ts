import type { ServerResponse } from 'node:http';
import { Refusal } from '../core/refusal.ts';
import { REFUSALS } from '../core/refusal-reasons.ts';

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
      } catch (error) {
        // When nobody can tell, the stream stays: it ends with its token at the latest, or when the state can be read again.
        if (!isUnknown(error)) response.destroy();
      }
    }
  }

  function forget(this: ServerResponse): void {
    open.delete(this);
  }

  return {
    watch(response: ServerResponse, admit: Admit): void {
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

function isUnknown(error: unknown): boolean {
  return error instanceof Refusal && REFUSALS[error.reason].status === 503;
}
