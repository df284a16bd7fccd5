/** A record of the test provider: what it stores is opaque here, but for the fields it is looked up by. */
interface Payload {
  readonly grantId?: string;
  readonly uid?: string;
  consumed?: number;
  readonly [member: string]: unknown;
}

interface Adapter {
  upsert(id: string, payload: Payload, expiresIn?: number): Promise<void>;
  find(id: string): Promise<Payload | undefined>;
  findByUid(uid: string): Promise<Payload | undefined>;
  findByUserCode(): Promise<undefined>;
  consume(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
}

/** The storage of one test provider, in memory and apart from that of every other. */
export function oidcRecords(): (model: string) => Adapter {
  const models = new Map<string, Map<string, { readonly payload: Payload; readonly endsAt: number }>>();
  return (model) => {
    const records = models.get(model) ?? new Map<string, { payload: Payload; endsAt: number }>();
    models.set(model, records);
    const byUid = new Map<string, string>();
    const byGrant = new Map<string, Set<string>>();
    const live = (id: string) => {
      const record = records.get(id);
      return record && record.endsAt > Date.now() ? record.payload : undefined;
    };
    return {
      async upsert(id, payload, expiresIn = Number.POSITIVE_INFINITY) {
        records.set(id, { payload, endsAt: Date.now() + expiresIn * 1000 });
        if (payload.uid !== undefined) byUid.set(payload.uid, id);
        if (payload.grantId !== undefined) {
          byGrant.set(payload.grantId, (byGrant.get(payload.grantId) ?? new Set()).add(id));
        }
      },
      find: async (id) => live(id),
      async findByUid(uid) {
        const id = byUid.get(uid);
        return id === undefined ? undefined : live(id);
      },
      findByUserCode: async () => undefined,
      async consume(id) {
        const payload = live(id);
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        records.delete(id);
      },
      async revokeByGrantId(grantId) {
        for (const id of byGrant.get(grantId) ?? []) records.delete(id);
        byGrant.delete(grantId);
      },
    };
  };
}
