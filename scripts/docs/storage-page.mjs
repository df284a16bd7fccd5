// docs/reference/storage.md, from the table of records.
import { RECORD_KINDS } from '../../packages/auth/dist/store/record-kinds.js';
import { page } from './markdown.mjs';

const INTRODUCTION = `Every kind of record that is kept, whatever the store. Each value is sealed before it reaches the store; a key that is itself a secret is hashed first. What is not listed here is not stored.`;

export function storagePage() {
  return page('Storage', INTRODUCTION, Object.entries(RECORD_KINDS).map(entry));
}

function entry([kind, row]) {
  return [
    `## ${kind}`,
    row.purpose,
    [
      `- Key: ${row.key}${row.keyIsSecret ? '; a secret, so the store sees its SHA-256 hash' : ''}`,
      `- Lifetime: ${row.lifetime}`,
      `- What a thief would have if the seal were broken: ${row.secrecy}`,
      `- Can be listed by: ${row.indexes.length > 0 ? row.indexes.join(', ') : 'nothing'}`,
    ].join('\n'),
  ].join('\n\n');
}
