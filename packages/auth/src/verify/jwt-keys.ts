// RFC 7515 §5.2, RFC 8725 §3.1: is a signature good, with a key that was chosen here and an algorithm that is for it?
import { compactVerify, errors } from 'jose';
import { OperatorError } from '../core/operator-error.ts';
import { Refusal } from '../core/refusal.ts';
import { ID_TOKEN_ALGORITHMS } from '../upstream/id-token.ts';
import { keySet } from '../upstream/key-set.ts';
import { getRequest, providerCall } from '../upstream/provider-call.ts';
import { ProviderFault } from '../upstream/provider-fault.ts';
import type { JwtParts } from './jwt-form.ts';
import {
  type AddProblem,
  type JwksOptions,
  type JwtVerifierOptions,
  type PublicKeyOptions,
  problemList,
  type SharedSecretOptions,
} from './jwt-options.ts';
import { type PublicKey, PublicKeyFault, readPublicKeys } from './public-key.ts';
import { type HmacAlgorithm, readSharedSecret, SharedSecretFault } from './shared-secret.ts';
import { completeParts, unavailable, type VerifierParts } from './verifier-parts.ts';

export interface JwtKeys {
  /** What a token may be signed with. */
  readonly algorithms: readonly string[];
  /** Seconds after which a good signature has to be checked again, because the keys may have changed. */
  readonly recheckSeconds: number;
  /** Reads what has to be read, so that the first token does not wait. Never rejects; the operator is told of keys that can not be read. */
  warm(): Promise<void>;
  /** @throws Refusal `token.signature`, `token.key-unknown`; `verifier.unavailable` when nobody can tell now. */
  check(token: string, header: Pick<JwtParts, 'algorithm' | 'kid'>): Promise<void>;
}

type Options = Pick<JwtVerifierOptions, 'keys' | 'algorithms' | 'settingPrefix'>;

/** @throws OperatorError for keys that can not be read, or that none of the algorithms fits. */
export function jwtKeys(name: string, options: Options, parts: VerifierParts): JwtKeys {
  const { keys } = options;
  if ('jwksUri' in keys) return publishedKeys(name, keys, options, parts);
  return 'publicKey' in keys ? staticKeys(keys, options) : secretKey(keys, options);
}

function publishedKeys(name: string, keys: JwksOptions, options: Options, parts: VerifierParts): JwtKeys {
  const { fetch, clock, onEvent } = completeParts(parts);
  const { jwksUri, maxAgeSeconds = 600, cooldownSeconds = 60, timeoutSeconds = 10 } = keys;
  const algorithms = options.algorithms ?? [...ID_TOKEN_ALGORITHMS];
  const call = providerCall(fetch, timeoutSeconds);
  const set = keySet({
    read: async () => (await call('keys', [], getRequest(jwksUri))).text,
    clock,
    maxAgeSeconds,
    cooldownSeconds,
    onStale: (fault) =>
      onEvent({
        type: 'notice',
        message: 'The keys of an identity provider can not be read again; those from before are used.',
        detail: { tokensOf: name, operation: fault.operation, kind: fault.kind, ...fault.detail },
      }),
  });
  return {
    algorithms,
    recheckSeconds: maxAgeSeconds,
    async warm() {
      try {
        await set.refresh();
      } catch (error) {
        if (!(error instanceof ProviderFault)) throw error;
        unavailable(name, error, onEvent);
      }
    },
    async check(token, { kid }) {
      try {
        await compactVerify(token, set.key, { algorithms: [...algorithms] });
      } catch (error) {
        if (!(error instanceof ProviderFault)) throw badSignature(error);
        if (error.kind !== 'invalid') throw unavailable(name, error, onEvent);
        throw new Refusal('token.key-unknown', { kid: kid?.slice(0, 100), ...error.detail });
      }
    },
  };
}

function staticKeys({ publicKey }: PublicKeyOptions, options: Options): JwtKeys {
  const sources = Array.isArray(publicKey) ? publicKey : [publicKey];
  const keys = orStop(options, 'keys.publicKey', (add) => {
    if (sources.length === 0) add('keys.publicKey', 'There is no key.', 'Set a public key.');
    return sources.flatMap((source) => readPublicKeys(source));
  });
  const possible = new Set(keys.flatMap((key) => key.algorithms));
  const algorithms = options.algorithms ?? [...possible];
  orStop(options, 'algorithms', (add) => {
    for (const each of algorithms)
      if (!possible.has(each))
        add('algorithms', `No key fits ${each.slice(0, 40)}.`, `Use ${[...possible].join(', ')}.`);
  });
  const candidates = (header: Pick<JwtParts, 'algorithm' | 'kid'>) =>
    keys.filter((key) => fits(key, header.algorithm, header.kid));
  return {
    algorithms,
    recheckSeconds: Number.POSITIVE_INFINITY,
    warm: async () => {},
    async check(token, header) {
      const tried = candidates(header);
      if (tried.length === 0) throw new Refusal('token.key-unknown', { kid: header.kid?.slice(0, 100) });
      let last: unknown;
      for (const { key } of tried) {
        try {
          await compactVerify(token, key, { algorithms: [header.algorithm] });
          return;
        } catch (error) {
          last = error;
        }
      }
      throw badSignature(last);
    },
  };
}

/** A key without a name is tried for every token; a named one only where the token names it, or none. */
function fits(key: PublicKey, algorithm: string, kid: string | undefined): boolean {
  return (
    key.algorithms.includes(algorithm) && (key.kid === undefined || kid === undefined || key.kid === kid)
  );
}

function secretKey({ sharedSecret, encoding = 'text' }: SharedSecretOptions, options: Options): JwtKeys {
  const algorithms = (options.algorithms ?? ['HS256']) as readonly HmacAlgorithm[];
  const secret = orStop(options, 'keys.sharedSecret', () =>
    readSharedSecret(sharedSecret, encoding, algorithms),
  );
  return {
    algorithms,
    recheckSeconds: Number.POSITIVE_INFINITY,
    warm: async () => {},
    async check(token, { algorithm }) {
      try {
        await compactVerify(token, secret, { algorithms: [algorithm] });
      } catch (error) {
        throw badSignature(error);
      }
    },
  };
}

/** Every problem of one step stops the start. */
function orStop<T>(options: Options, setting: string, step: (add: AddProblem) => T): T {
  const problems: ConstructorParameters<typeof OperatorError>[0][number][] = [];
  const add = problemList(options.settingPrefix, problems);
  let result: T | undefined;
  try {
    result = step(add);
  } catch (error) {
    if (error instanceof PublicKeyFault)
      add(setting, error.message, 'Give a public key as PEM, as a certificate, or as a JWK.');
    else if (error instanceof SharedSecretFault)
      add(
        setting,
        error.message,
        'Give the random secret that the provider signs with, or use a public key.',
      );
    else throw error;
  }
  if (problems.length > 0) throw new OperatorError(problems);
  return result as T;
}

function badSignature(error: unknown): Refusal {
  const why = error instanceof errors.JOSEError ? error.code : 'the key can not be used';
  return new Refusal('token.signature', { why });
}
