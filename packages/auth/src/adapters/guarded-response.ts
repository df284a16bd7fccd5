import type { Passage } from '../core/passage.ts';
import { Refusal } from '../core/refusal.ts';
import { stillAdmitted } from './still-admitted.ts';

type Allowed = Extract<Passage, { readonly allowed: true }>;

export interface GuardedResponseOptions {
  /** Seconds between two looks at a response that stays open: so long it may outlive its token. Default 5. */
  readonly streamCheckSeconds?: number;
}

/** What a resource answered, with the headers of the gate, and a body that ends when the caller is not let in any more. */
export function guardedResponse(
  response: Response,
  { headers: added, admit }: Pick<Allowed, 'headers' | 'admit'>,
  { streamCheckSeconds = 5 }: GuardedResponseOptions = {},
): Response {
  const { body, status, statusText } = response;
  if (!body && Object.keys(added).length === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(added)) headers.set(name, value);
  // Whoever reads events expects that a stream ends. Anything else that ends early must not look whole.
  const mayEnd = /^text\/event-stream\b/i.test(headers.get('content-type') ?? '');
  const guarded = body && whileAdmitted(body, admit, { mayEnd, checkSeconds: streamCheckSeconds });
  return new Response(guarded, { status, statusText, headers });
}

function whileAdmitted(
  body: ReadableStream<Uint8Array>,
  admit: () => unknown,
  { mayEnd, checkSeconds }: { readonly mayEnd: boolean; readonly checkSeconds: number },
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let over = false;
  let timer: ReturnType<typeof setInterval> | undefined;

  function stop(): void {
    over = true;
    clearInterval(timer);
  }

  async function check(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if ((await stillAdmitted(admit)) || over) return;
    stop();
    if (mayEnd) controller.close();
    else controller.error(new Refusal('token.session-ended'));
    // Whoever writes learns that nobody reads on; what they say to that changes nothing.
    reader.cancel().catch(() => undefined);
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        timer = setInterval(() => void check(controller), checkSeconds * 1000);
        // Where there is such a thing, an open stream does not keep the process alive.
        (timer as { unref?: () => void }).unref?.();
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (over) return;
          if (!done) return controller.enqueue(value);
          stop();
          controller.close();
        } catch (error) {
          stop();
          throw error;
        }
      },
      cancel(reason) {
        stop();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
