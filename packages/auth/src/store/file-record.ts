import { equalBytes, fromUtf8, sha256, utf8 } from '../core/encoding.ts';
import type { IndexValues } from './store.ts';

/** One version of a record, as a file holds it. What the store itself must know stands in a header outside the seal. */
export interface RecordFile {
  readonly state: 'record';
  readonly key: string;
  /** Random; tells this version from one that had the same number in an earlier life of the key. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly index: IndexValues | undefined;
  readonly bytes: Uint8Array;
}

/** The version that says: here was a record, and it is gone. */
export interface TombstoneFile {
  readonly state: 'tombstone';
  /** Milliseconds since 1970; up to a minute before the record went. */
  readonly writtenAt: number;
}

interface Header {
  readonly at: number;
  readonly key?: string;
  readonly id?: string;
  readonly exp?: number;
  readonly idx?: IndexValues;
  readonly len?: number;
}

// Magic and format, length of the header, first bytes of its SHA-256, header (JSON), the sealed bytes.
const MAGIC = utf8('PCR1');
const CHECK_BYTES = 8;
const PRELUDE_BYTES = MAGIC.byteLength + 4 + CHECK_BYTES;

export function encodeRecordFile(record: Omit<RecordFile, 'state'>): Uint8Array {
  const { key, id, writtenAt, expiresAt, index, bytes } = record;
  return encode({ key, id, at: writtenAt, exp: expiresAt, idx: index, len: bytes.byteLength }, bytes);
}

export function encodeTombstoneFile(writtenAt: number): Uint8Array {
  return encode({ at: writtenAt }, new Uint8Array());
}

/** `undefined`: damaged. */
export function decodeFile(file: Uint8Array): RecordFile | TombstoneFile | undefined {
  if (file.byteLength < PRELUDE_BYTES || !equalBytes(file.subarray(0, MAGIC.byteLength), MAGIC))
    return undefined;
  const headerBytes = new DataView(file.buffer, file.byteOffset).getUint32(MAGIC.byteLength);
  const end = PRELUDE_BYTES + headerBytes;
  if (end > file.byteLength) return undefined;
  const header = file.subarray(PRELUDE_BYTES, end);
  if (!equalBytes(file.subarray(PRELUDE_BYTES - CHECK_BYTES, PRELUDE_BYTES), checkOf(header)))
    return undefined;
  // The check has shown that this is what was written: the shape needs no proof.
  const { at, key, id, exp, idx, len } = JSON.parse(fromUtf8(header)) as Header;
  if (key === undefined || id === undefined || exp === undefined)
    return { state: 'tombstone', writtenAt: at };
  const bytes = file.subarray(end);
  if (bytes.byteLength !== len) return undefined;
  return { state: 'record', key, id, writtenAt: at, expiresAt: exp, index: idx, bytes };
}

function encode(header: Header, bytes: Uint8Array): Uint8Array {
  const text = utf8(JSON.stringify(header));
  const file = new Uint8Array(PRELUDE_BYTES + text.byteLength + bytes.byteLength);
  file.set(MAGIC);
  new DataView(file.buffer).setUint32(MAGIC.byteLength, text.byteLength);
  file.set(checkOf(text), PRELUDE_BYTES - CHECK_BYTES);
  file.set(text, PRELUDE_BYTES);
  file.set(bytes, PRELUDE_BYTES + text.byteLength);
  return file;
}

function checkOf(header: Uint8Array): Uint8Array {
  return sha256(header).subarray(0, CHECK_BYTES);
}
