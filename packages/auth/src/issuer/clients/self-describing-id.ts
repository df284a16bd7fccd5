// RFC 7591 §3.2.1: the `client_id` of a registration, which here *is* the registration: nothing is stored, so nothing can be lost or flooded.
import { fromBase64Url, fromUtf8, lengthPrefixed, toBase64Url, utf8 } from '../../core/encoding.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { ClientKeys } from '../../protocol/client-keys.ts';
import type { TokenEndpointAuthMethod } from '../../protocol/client-metadata.ts';

/** Longer ids break clients and proxies that keep them in a URL. */
export const MAX_CLIENT_ID_LENGTH = 512;

const PREFIX = 'pc1.';
const MAC_LENGTH = 43;
const ID_LABEL = 'client-id';
const SECRET_LABEL = 'client-secret';
/** Their places in this list stand in ids that are in use: nothing may move. */
const METHODS: readonly TokenEndpointAuthMethod[] = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
];

/** What a registration keeps. Two equal ones have the same id. */
export interface Registration {
  readonly redirectUris: readonly string[];
  readonly authenticationMethod: TokenEndpointAuthMethod;
  readonly grantTypes: readonly string[];
  readonly name?: string;
  /** For `private_key_jwt`. */
  readonly keys?: ClientKeys;
}

export function selfDescribingIds(keyRing: Pick<KeyRing, 'deriveMac' | 'verifyMac'>, issuer: string) {
  const macInput = (payload: string) => lengthPrefixed([issuer, payload]);

  return {
    /** The id of a registration; `undefined` when it would be too long and has to be stored instead. */
    encode(registration: Registration): string | undefined {
      const payload = toBase64Url(utf8(JSON.stringify(toArray(registration))));
      const id = `${PREFIX}${payload}.${toBase64Url(keyRing.deriveMac(ID_LABEL, macInput(payload)))}`;
      return id.length <= MAX_CLIENT_ID_LENGTH ? id : undefined;
    },

    /** The registration an id carries, when it is one of ours: the MAC is looked at before anything is parsed. */
    decode(clientId: string): Registration | undefined {
      if (clientId.length > MAX_CLIENT_ID_LENGTH || !clientId.startsWith(PREFIX)) return undefined;
      const dot = clientId.length - MAC_LENGTH - 1;
      if (clientId[dot] !== '.') return undefined;
      const payload = clientId.slice(PREFIX.length, dot);
      const mac = fromBase64Url(clientId.slice(dot + 1));
      const bytes = fromBase64Url(payload);
      if (!mac || !bytes || !keyRing.verifyMac(ID_LABEL, macInput(payload), mac)) return undefined;
      return fromArray(JSON.parse(fromUtf8(bytes)));
    },

    /** The secret of a confidential client: nothing but its id and our key. */
    secretOf: (clientId: string) =>
      toBase64Url(keyRing.deriveMac(SECRET_LABEL, lengthPrefixed([issuer, clientId]))),

    isSecretOf(clientId: string, secret: string): boolean {
      const presented = fromBase64Url(secret);
      return (
        presented !== undefined &&
        keyRing.verifyMac(SECRET_LABEL, lengthPrefixed([issuer, clientId]), presented)
      );
    },
  };
}

export type SelfDescribingIds = ReturnType<typeof selfDescribingIds>;

type RegistrationArray = [
  redirectUris: string[],
  method: number,
  grantTypes: string[],
  name?: string,
  keys?: ClientKeys,
];

function toArray(registration: Registration): RegistrationArray {
  const { redirectUris, authenticationMethod, grantTypes, name, keys } = registration;
  const short: RegistrationArray = [
    [...redirectUris],
    METHODS.indexOf(authenticationMethod),
    [...grantTypes].sort(),
  ];
  if (name !== undefined || keys) short.push(name ?? '');
  if (keys) short.push(keys);
  return short;
}

/** Only ever called on what `toArray` made, since the MAC was good. */
function fromArray([redirectUris, method, grantTypes, name, keys]: RegistrationArray): Registration {
  return {
    redirectUris,
    authenticationMethod: METHODS[method]!,
    grantTypes,
    name: name || undefined,
    ...(keys ? { keys } : {}),
  };
}
