import { readFileSync, statfsSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { OperatorError } from '../core/operator-error.ts';
import { FOLDERS_CAN_BE_FLUSHED } from './file-flush.ts';
import type { Durability } from './store.ts';

export interface FileSystem {
  readonly name: string;
  readonly durability: Durability;
}

/** The numbers that statfs(2) of Linux gives. */
const IN_MEMORY = new Map([
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
]);
const NETWORK = new Map([
  [0x6969, 'nfs'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb3'],
  [0x517b, 'smb'],
  [0x01021997, '9p'],
  [0x00c36400, 'ceph'],
  [0x0bd00bd0, 'lustre'],
  [0x5346414f, 'afs'],
]);
/** Between this program and the disk stands another that we know nothing about. */
const UNKNOWN_BELOW = new Map([
  [0x65735546, 'fuse'],
  [0x6a656a63, 'virtiofs or another fuse'],
]);
const OVERLAY = 0x794c7630;

/** Mount options of NFS without which one machine may see the past of another, or acknowledge what is not written. */
const NFS_NEEDS: readonly (readonly string[])[] = [['noac', 'actimeo=0'], ['lookupcache=none'], ['hard']];

/**
 * What a folder lies on, and what that promises.
 * @throws OperatorError when it is a network file system that is not mounted in a way that keeps the promises.
 */
export function fileSystemAt(folder: string): FileSystem {
  const type = statfsSync(folder).type;
  const network = NETWORK.get(type);
  if (network !== undefined) return networkFileSystem(folder, network);
  const memory = IN_MEMORY.get(type);
  if (memory !== undefined) {
    return describe(
      memory,
      `Files in ${folder}, in the memory of this machine (${memory}): a reboot loses all.`,
      {
        survivesRestart: true,
        survivesPowerCut: false,
      },
    );
  }
  const below = UNKNOWN_BELOW.get(type);
  if (below !== undefined) {
    return describe(below, `Files in ${folder} (${below}): a restart loses nothing; a power cut may.`, {
      survivesRestart: true,
      survivesPowerCut: false,
    });
  }
  const overlay = type === OVERLAY ? ', in the layer of a container: a new container begins empty' : '';
  const flushed = FOLDERS_CAN_BE_FLUSHED
    ? 'flushed with every write'
    : 'but a power cut may lose the last writes';
  return describe('local disk', `Files in ${folder}${overlay}, ${flushed}.`, {
    survivesRestart: true,
    survivesPowerCut: FOLDERS_CAN_BE_FLUSHED,
  });
}

function networkFileSystem(folder: string, name: string): FileSystem {
  const options = name === 'nfs' ? mountOptions(folder) : [];
  const missing = NFS_NEEDS.filter((choices) => !choices.some((choice) => options.includes(choice)));
  if (name === 'nfs' && missing.length === 0) {
    return describe(name, `Files in ${folder}, on a network file system (nfs); others may use them too.`, {
      survivesRestart: true,
      survivesPowerCut: false,
      shared: true,
    });
  }
  throw new OperatorError([
    {
      setting: 'state',
      source: folder,
      message: `The folder is on a network file system (${name}) that may show the past, or does not link safely.`,
      remedy:
        'Use a local disk, or a store that is made to be shared; an NFS mount needs the options hard, noac and lookupcache=none.',
    },
  ]);
}

function describe(
  name: string,
  description: string,
  promises: Omit<Durability, 'description' | 'shared'> & { readonly shared?: boolean },
): FileSystem {
  return { name, durability: { description, shared: false, ...promises } };
}

/** The options of the mount that a folder lies in, as Linux lists them. */
function mountOptions(folder: string): readonly string[] {
  let table: string;
  try {
    table = readFileSync('/proc/self/mounts', 'utf8');
  } catch {
    return [];
  }
  return mountOptionsIn(table, resolve(folder));
}

/** Of nested mounts the innermost counts, of several on one point the last. */
export function mountOptionsIn(table: string, folder: string): readonly string[] {
  let best = '';
  let found: readonly string[] = [];
  for (const line of table.split('\n')) {
    const [, point, , options] = line.split(' ');
    if (point === undefined || options === undefined) continue;
    const path = point.replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const inside = folder === path || folder.startsWith(path.endsWith(sep) ? path : path + sep);
    if (!inside || path.length < best.length) continue;
    best = path;
    found = options.split(',');
  }
  return found;
}
