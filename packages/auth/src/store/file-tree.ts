import { type Clock, systemClock } from '../core/clock.ts';
import { type Random, systemRandom } from '../core/random.ts';
import { createChain } from './file-chain.ts';
import { createDiscard } from './file-discard.ts';
import { createFolderFlush } from './file-flush.ts';
import { createLayout } from './file-layout.ts';
import { prepareFolder, probeFolder } from './file-probe.ts';
import { createSweep, listKeys } from './file-sweep.ts';
import { createTemporaryFiles } from './file-temporary.ts';
import { createTipReader, liveRecord, storedValue } from './file-tip.ts';
import { createWriter } from './file-writer.ts';
import { type Store, StoreUnavailable } from './store.ts';

export interface FileStoreOptions {
  /** The folder that state lies in; made when missing. It must be on a file system of this machine. */
  readonly folder: string;
  /** What expiry is measured against. Default: the system clock. */
  readonly clock?: Clock;
  /** Default: the random numbers of the system. */
  readonly random?: Random;
  /** Seconds by a clock that never goes back; for tests of writers that stand still. Default: `performance.now()`. */
  readonly monotonicSeconds?: () => number;
}

/** A tree of files that all processes of one machine can share: nothing to install, and nothing is lost by a crash. */
export async function openFileStore(options: FileStoreOptions): Promise<Store> {
  const { folder, clock = systemClock, random = systemRandom } = options;
  const monotonicSeconds = options.monotonicSeconds ?? (() => performance.now() / 1000);
  const flushFolder = createFolderFlush();
  await prepareFolder(folder, random, flushFolder);
  const durability = await probeFolder(folder, random, flushFolder);
  const layout = createLayout(folder, flushFolder);
  const temporary = createTemporaryFiles(layout.temporary, clock, random);
  const discard = createDiscard();
  const tips = createTipReader(layout, clock, monotonicSeconds);
  const chain = createChain({
    layout,
    tips,
    temporary,
    discard,
    flushFolder,
    clock,
    random,
    monotonicSeconds,
  });
  const sweep = createSweep({ layout, chain, clock, monotonicSeconds });
  const writer = createWriter({ chain, tips, clock, monotonicSeconds });
  const expiry = (ttlSeconds: number): number => clock.now() + ttlSeconds * 1000;
  let closed = false;

  const guarded = async <R>(work: () => Promise<R>): Promise<R> => {
    if (closed) throw new StoreUnavailable('The state folder has been closed.');
    try {
      return await work();
    } catch (error) {
      throw error instanceof Error && 'syscall' in error ? unavailable(folder, error) : error;
    }
  };

  return {
    name: 'file',
    get: (kind, key) => guarded(async () => storedValue(tips.read(kind, key), clock)),
    put: (kind, key, bytes, ttlSeconds, index) =>
      guarded(() => writer.put(kind, { key, bytes, expiresAt: expiry(ttlSeconds), index })),
    create: (kind, key, bytes, ttlSeconds, index) =>
      guarded(() => writer.create(kind, { key, bytes, expiresAt: expiry(ttlSeconds), index })),
    take: (kind, key) => guarded(() => writer.take(kind, key)),
    update: (kind, key, version, bytes, ttlSeconds) =>
      guarded(async () => {
        const tip = tips.read(kind, key);
        if (storedValue(tip, clock)?.version !== version) return false;
        const index = liveRecord(tip, clock)?.index;
        return chain.append(tip, { key, bytes, expiresAt: expiry(ttlSeconds), index });
      }),
    increment: (kind, key, ttlSeconds) => guarded(() => writer.increment(kind, key, ttlSeconds)),
    delete: (kind, key) => guarded(() => writer.remove(kind, key)),
    list: (kind, page = {}) => guarded(() => listKeys({ layout, clock, monotonicSeconds }, kind, page)),
    sweep: (limit) => guarded(() => sweep(limit)),
    durability: async () => durability,
    ping: () =>
      guarded(async () => {
        layout.requireTree();
        await flushFolder(folder);
      }),
    async close() {
      if (closed) return;
      closed = true;
      temporary.close();
      await discard.finish();
    },
  };
}

/** A fault of the operating system: the store can not be read or written, and nothing is known about the record. */
function unavailable(folder: string, cause: Error): StoreUnavailable {
  const code = 'code' in cause ? String(cause.code) : 'unknown fault';
  return new StoreUnavailable(`The state folder ${folder} can not be used now (${code}).`, { cause });
}
