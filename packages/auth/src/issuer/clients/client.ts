import type { ClientKeys } from '../../protocol/client-keys.ts';
import type { TokenEndpointAuthMethod } from '../../protocol/client-metadata.ts';

/** A client, whichever way it became known. */
export interface Client {
  readonly id: string;
  /** `registered`: by itself (RFC 7591). `document`: by a metadata document at its URL. `static`: by the operator. */
  readonly kind: 'registered' | 'document' | 'static';
  /** As it calls itself; unproven unless `static`. */
  readonly name?: string;
  readonly redirectUris: readonly string[];
  /** The least that is asked of it. */
  readonly authenticationMethod: TokenEndpointAuthMethod;
  /** What its assertions are verified with: always there for `private_key_jwt`. Beside `none` it may sign, and need not. */
  readonly keys?: ClientKeys;
  readonly grantTypes: readonly string[];
  /** Does this text open the client? Always `false` for a client without a secret. */
  readonly hasSecret: (secret: string) => boolean;
}

/** One way to know clients. `undefined`: not a client of this kind. Throws `Refusal` when it is one, but can not be used now. */
export interface ClientSource {
  find(clientId: string): Promise<Client | undefined>;
}
