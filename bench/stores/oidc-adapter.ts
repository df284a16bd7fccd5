import type { RecordKind } from '@portcullis/auth/store/record-kinds';
import type { Store } from '@portcullis/auth/store/store';

/** What `oidc-provider` stores; opaque here, but for what it is found by. */
interface Payload {
  readonly uid?: string;
  readonly grantId?: string;
  readonly exp?: number;
  consumed?: number;
}

/** Its models, on the kinds of record that are most like them. */
const KINDS: Readonly<Record<string, RecordKind>> = {
  Session: 'session',
  Interaction: 'transaction',
  AuthorizationCode: 'code',
  RefreshToken: 'upstream-tokens',
  Grant: 'metadata-document',
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The adapter of `oidc-provider` on a `Store`, with as little work as its contract allows: one operation of the store for each call, two for
 * `consume`, and nothing is sealed.
 */
export function oidcAdapter(store: Store) {
  return (model: string) => {
    const kind = KINDS[model] ?? 'client';
    const keyOf = (id: string) => `${model}:${id}`;
    const parse = (bytes: Uint8Array) => JSON.parse(decoder.decode(bytes)) as Payload;
    const find = async (id: string) => {
      const stored = await store.get(kind, keyOf(id));
      return stored && parse(stored.bytes);
    };
    const keysWith = async (name: string, value: string) =>
      (await store.list(kind, { index: { name, value } })).keys;
    return {
      find,
      async upsert(id: string, payload: Payload, expiresIn = 86_400) {
        const index = {
          ...(payload.uid ? { uid: payload.uid } : {}),
          ...(payload.grantId ? { grant: payload.grantId } : {}),
        };
        await store.put(kind, keyOf(id), encoder.encode(JSON.stringify(payload)), expiresIn, index);
      },
      async consume(id: string) {
        const stored = await store.get(kind, keyOf(id));
        if (!stored) return;
        const now = Math.floor(Date.now() / 1000);
        const payload: Payload = { ...parse(stored.bytes), consumed: now };
        const ttl = (payload.exp ?? now + 86_400) - now;
        await store.update(kind, keyOf(id), stored.version, encoder.encode(JSON.stringify(payload)), ttl);
      },
      destroy: async (id: string) => void (await store.delete(kind, keyOf(id))),
      async findByUid(uid: string) {
        const [key] = await keysWith('uid', uid);
        return key === undefined ? undefined : find(key.slice(model.length + 1));
      },
      findByUserCode: async () => undefined,
      async revokeByGrantId(grantId: string) {
        for (const key of await keysWith('grant', grantId)) await store.delete(kind, key);
      },
    };
  };
}
