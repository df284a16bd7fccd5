import type { Clock } from '../core/clock.ts';
import { fromUtf8, utf8 } from '../core/encoding.ts';
import type { FileChain, NewRecord } from './file-chain.ts';
import { WRITER_GIVES_UP_SECONDS } from './file-times.ts';
import { isClosing, liveRecord, storedValue, type Tip, type TipReader } from './file-tip.ts';
import type { RecordKind } from './record-kinds.ts';
import { type StoredValue, StoreUnavailable } from './store.ts';

/** The methods of a store that look and write until they got through, or know that they can not. */
export interface FileWriter {
  put(kind: RecordKind, record: NewRecord): Promise<void>;
  create(kind: RecordKind, record: NewRecord): Promise<boolean>;
  take(kind: RecordKind, key: string): Promise<StoredValue | undefined>;
  increment(kind: RecordKind, key: string, ttlSeconds: number): Promise<number>;
  remove(kind: RecordKind, key: string): Promise<boolean>;
}

export interface FileWriterParts {
  readonly chain: FileChain;
  readonly tips: TipReader;
  readonly clock: Clock;
  readonly monotonicSeconds: () => number;
}

export function createWriter({ chain, tips, clock, monotonicSeconds }: FileWriterParts): FileWriter {
  const inTurn = createTurns();

  /** `attempt` answers `undefined` when somebody else was faster. */
  async function until<R>(
    kind: RecordKind,
    key: string,
    attempt: (tip: Tip) => Promise<{ readonly done: R } | undefined>,
  ): Promise<R> {
    const start = monotonicSeconds();
    while (monotonicSeconds() - start <= WRITER_GIVES_UP_SECONDS) {
      const tip = tips.read(kind, key);
      if (isClosing(tip, clock)) {
        await chain.dissolve(tip);
        continue;
      }
      const result = await attempt(tip);
      if (result !== undefined) return result.done;
    }
    throw new StoreUnavailable('A record changes faster than it can be written.');
  }

  return {
    put: (kind, record) =>
      inTurn(kind, record.key, () =>
        until(kind, record.key, async (tip) =>
          (await chain.append(tip, record)) ? { done: undefined } : undefined,
        ),
      ),
    create: (kind, record) =>
      until(kind, record.key, async (tip) => {
        if (liveRecord(tip, clock) !== undefined) return { done: false };
        return (await chain.append(tip, record)) ? { done: true } : undefined;
      }),
    take: (kind, key) =>
      until(kind, key, async (tip) => {
        const value = storedValue(tip, clock);
        if (value === undefined) return { done: undefined };
        return (await chain.bury(tip, true)) ? { done: value } : undefined;
      }),
    increment: (kind, key, ttlSeconds) =>
      inTurn(kind, key, () =>
        until(kind, key, async (tip) => {
          const record = liveRecord(tip, clock);
          const sum = record === undefined ? 1 : Number(fromUtf8(record.bytes)) + 1;
          const expiresAt = record?.expiresAt ?? clock.now() + ttlSeconds * 1000;
          const next = { key, bytes: utf8(String(sum)), expiresAt, index: undefined };
          return (await chain.append(tip, next)) ? { done: sum } : undefined;
        }),
      ),
    remove: (kind, key) =>
      until(kind, key, async (tip) => {
        // What is damaged may be deleted: that is how an operator gets rid of it.
        if (tip.file?.state !== 'damaged' && liveRecord(tip, clock) === undefined) return { done: false };
        return (await chain.bury(tip, true)) ? { done: true } : undefined;
      }),
  };
}

/** Writers of one key in this process wait for each other, where all of them are to get through. */
function createTurns(): <R>(kind: RecordKind, key: string, work: () => Promise<R>) => Promise<R> {
  const turns = new Map<string, Promise<unknown>>();
  return (kind, key, work) => {
    const name = `${kind}/${key}`;
    const turn = (turns.get(name) ?? Promise.resolve()).then(work, work);
    turns.set(name, turn);
    const done = (): void => {
      if (turns.get(name) === turn) turns.delete(name);
    };
    turn.then(done, done);
    return turn;
  };
}
