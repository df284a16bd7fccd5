// RFC 7591 §3.2.1: clients that registered themselves, found by an id that describes them or, when that was too long, by a stored record.
import { lengthPrefixed, sha256, toBase64Url, utf8 } from '../../core/encoding.ts';
import { Refusal } from '../../core/refusal.ts';
import { usesSecret } from '../../protocol/client-metadata.ts';
import { withStore } from '../../sessions/guarded-store.ts';
import type { Collection } from '../../store/collection.ts';
import type { Client, ClientSource } from './client.ts';
import type { Registration, SelfDescribingIds } from './self-describing-id.ts';

const STORED_PREFIX = 'pcs1.';
const NEVER_APPROVED_SECONDS = 86_400;
/** Registrations that have to be stored, a day: enough for any number of people, too few to fill a disk. */
const MAX_STORED_A_DAY = 1000;

/** A client as the store keeps it: written at its first approval, so that clients can be listed, or at once when its id can not hold it. */
export interface ClientRecord {
  readonly clientId: string;
  readonly kind: Client['kind'];
  readonly name?: string;
  readonly registration?: Registration;
  /** Milliseconds since 1970; absent while nobody approved it. */
  readonly firstApprovedAt?: number;
  readonly lastApprovedAt?: number;
}

export interface RegisteredClientsOptions {
  /** Makes and reads ids that carry the registration. */
  readonly ids: SelfDescribingIds;
  /** Where they are kept, sealed. */
  readonly records: Collection<ClientRecord>;
  /** Adds one to a counter in the store and returns the sum. */
  readonly count: (key: string, ttlSeconds: number) => Promise<number>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export type RegisteredClients = ClientSource & {
  /** The id of a registration. The same registration always gets the same id. */
  register(registration: Registration): Promise<string>;
};

export function registeredClients(options: RegisteredClientsOptions): RegisteredClients {
  const { ids, records } = options;

  function toClient(id: string, registration: Registration): Client {
    const { name, redirectUris, authenticationMethod, grantTypes, keys } = registration;
    const sharesSecret = usesSecret(authenticationMethod);
    const hasSecret = (secret: string) => sharesSecret && ids.isSecretOf(id, secret);
    return { id, kind: 'registered', name, redirectUris, authenticationMethod, keys, grantTypes, hasSecret };
  }

  return {
    async find(clientId) {
      const registration = ids.decode(clientId);
      if (registration) return toClient(clientId, registration);
      if (!/^pcs1\.[A-Za-z0-9_-]{43}$/.test(clientId)) return undefined;
      const held = await withStore(() => records.get(clientId));
      return held?.value.registration && toClient(clientId, held.value.registration);
    },

    async register(registration) {
      const id = ids.encode(registration);
      if (id !== undefined) return id;
      const digest = sha256(lengthPrefixed([utf8(JSON.stringify(registration))]));
      const storedId = STORED_PREFIX + toBase64Url(digest);
      const known = await withStore(() => records.get(storedId));
      if (known) {
        // It would otherwise end a day after the first time, in the middle of this login.
        if (known.value.firstApprovedAt === undefined)
          await withStore(() => records.update(storedId, known, known.value, NEVER_APPROVED_SECONDS));
        return storedId;
      }
      const today = Math.floor(options.now() / 86_400_000);
      const made = await withStore(() => options.count(`stored-registrations:${today}`, 86_400));
      if (made > MAX_STORED_A_DAY)
        throw new Refusal('request.rate-limited', { storedToday: made }, { retryAfterSeconds: 3600 });
      const record: ClientRecord = {
        clientId: storedId,
        kind: 'registered',
        name: registration.name,
        registration,
      };
      await withStore(() => records.create(storedId, record, NEVER_APPROVED_SECONDS));
      return storedId;
    },
  };
}
