import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import type { FileChain } from './file-chain.ts';
import { type FileLayout, foundIn, removeIfThere, SHARDS, shardOf, versionPath } from './file-layout.ts';
import type { RecordFile } from './file-record.ts';
import { SUPERSEDED_STAYS_SECONDS, TOMBSTONE_SOURCE_SECONDS, TOMBSTONE_STAYS_SECONDS } from './file-times.ts';
import { liveRecord, readVersion, type Tip, tombstoneAge } from './file-tip.ts';
import { pageLimit } from './paging.ts';
import { RECORD_KINDS, type RecordKind } from './record-kinds.ts';

const KINDS = Object.keys(RECORD_KINDS) as RecordKind[];
/** Keys looked at in one call, for each record that may be deleted, and at least. */
const LOOKED_AT_FOR_EACH = 20;
const MIN_LOOKED_AT = 2000;
/** So much is done before others have a turn. */
const KEYS_IN_A_TURN = 50;
const FOLDERS_IN_A_TURN = 64;
/** The time in a file may be as much older than the file is. */
const SUPERSEDED_BY_ITS_TIME_SECONDS = SUPERSEDED_STAYS_SECONDS + TOMBSTONE_SOURCE_SECONDS;

export interface SweepParts {
  readonly layout: FileLayout;
  readonly chain: FileChain;
  readonly clock: Clock;
  readonly monotonicSeconds: () => number;
}

/** Walks through the tree a part at a time; each call goes on where the last one stopped. */
export function createSweep(parts: SweepParts): (limit: number) => Promise<number> {
  const { layout, chain, clock } = parts;
  let position = 0;

  async function sweepKey(tip: Tip, older: readonly number[]): Promise<boolean> {
    const { file } = tip;
    if (file === undefined || file.state === 'damaged') return false;
    if (file.state === 'record' && file.expiresAt <= clock.now()) return chain.bury(tip, false);
    if (tombstoneAge(tip, clock) >= TOMBSTONE_STAYS_SECONDS) await chain.dissolve(tip);
    else if (clock.now() - file.writtenAt >= SUPERSEDED_BY_ITS_TIME_SECONDS * 1000) {
      for (const version of older) removeIfThere(versionPath(tip.place, version));
    }
    return false;
  }

  return async (limit) => {
    const folders = KINDS.length * SHARDS;
    const mayLookAt = Math.max(MIN_LOOKED_AT, limit * LOOKED_AT_FOR_EACH);
    let swept = 0;
    let lookedAt = 0;
    for (let visited = 0; visited < folders && swept < limit && lookedAt < mayLookAt; visited += 1) {
      const kind = KINDS[Math.floor(position / SHARDS)]!;
      const folder = layout.shardFolder(kind, position % SHARDS);
      const seenAt = parts.monotonicSeconds();
      for (const { name, versions } of foundIn(folder)) {
        if (swept >= limit) return swept;
        lookedAt += 1;
        if (lookedAt % KEYS_IN_A_TURN === 0) await nextTurn();
        const tip = readVersion({ kind, folder, name }, versions.at(-1)!, layout, seenAt);
        if (
          await sweepKey(
            tip,
            versions.filter((version) => version < tip.version),
          )
        )
          swept += 1;
      }
      position = (position + 1) % folders;
      if (visited % FOLDERS_IN_A_TURN === 0) await nextTurn();
    }
    return swept;
  };
}

export interface ListPage {
  readonly index?: { readonly name: string; readonly value: string };
  readonly cursor?: string;
  readonly limit?: number;
}

/** Looks at every record of a kind, in the order of names: for administration, not for requests. The cursor is the last name shown. */
export async function listKeys(
  parts: Omit<SweepParts, 'chain'>,
  kind: RecordKind,
  page: ListPage,
): Promise<{ readonly keys: readonly string[]; readonly cursor?: string }> {
  const { layout, clock } = parts;
  const limit = pageLimit(page.limit);
  const after = page.cursor ?? '';
  const keys: string[] = [];
  let last = '';
  let lookedAt = 0;
  layout.requireTree();
  for (let shard = isName(after) ? shardOf(after) : 0; shard < SHARDS; shard += 1) {
    const folder = layout.shardFolder(kind, shard);
    const seenAt = parts.monotonicSeconds();
    for (const { name, versions } of foundIn(folder)) {
      if (name <= after) continue;
      lookedAt += 1;
      if (lookedAt % KEYS_IN_A_TURN === 0) await nextTurn();
      const record = liveRecord(readVersion({ kind, folder, name }, versions.at(-1)!, layout, seenAt), clock);
      if (record === undefined || !matches(record, page.index)) continue;
      if (keys.length === limit) return { keys, cursor: last };
      keys.push(record.key);
      last = name;
    }
    if (shard % FOLDERS_IN_A_TURN === 0) await nextTurn();
  }
  return { keys };
}

function matches(record: RecordFile, index: ListPage['index']): boolean {
  return index === undefined || record.index?.[index.name] === index.value;
}

function isName(cursor: string): boolean {
  return /^[0-9a-f]{2}/.test(cursor);
}
