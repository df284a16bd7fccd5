import { createHmac } from 'node:crypto';
import { deriveKey, LABELS } from './derive.ts';
import type { MasterSecret } from './master-secret.ts';

/** HMAC-SHA-256 of `data` under the key with this label. */
export type MacMaker = (label: string, data: Uint8Array) => Uint8Array;

/** What all MAC keys of a master secret come from. It says nothing of the secret, nor of any other key. */
export function macRoot(secret: MasterSecret): Uint8Array {
  return deriveKey(secret.bytes, LABELS.macRoot);
}

export function macMaker(root: Uint8Array): MacMaker {
  const keys = new Map<string, Uint8Array>();
  return (label, data) => {
    let key = keys.get(label);
    if (key === undefined) {
      key = deriveKey(root, LABELS.mac + label);
      keys.set(label, key);
    }
    return createHmac('sha256', key).update(data).digest();
  };
}
