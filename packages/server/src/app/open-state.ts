import { systemRandom } from '@portcullis/auth/core/random';
import { type MasterSecret, parseMasterSecret, type SecretOrigin } from '@portcullis/auth/keys/master-secret';
import { openMasterSecretFile } from '@portcullis/auth/keys/master-secret-file';
import { openFileStore } from '@portcullis/auth/store/file-tree';
import { memoryStore } from '@portcullis/auth/store/memory';
import type { Store } from '@portcullis/auth/store/store';
import type { Settings } from '../settings/names.ts';

/** Where state and keys lie, opened. */
export interface OpenState extends Keys {
  readonly store: Store;
  readonly previousMasterSecret?: MasterSecret;
}

interface Keys {
  readonly masterSecret: MasterSecret;
  /** How the operator calls it, and where it is. */
  readonly masterSecretOrigin: SecretOrigin;
  /** Where the master secret came from, for people. */
  readonly keysLine: string;
  /** Do keys and state lie in one place, so that who copies one has both? */
  readonly together: boolean;
}

/** @throws OperatorError when a folder can not be used or a secret is not fit */
export async function openState(settings: Settings): Promise<OpenState> {
  const { state, previousSecret } = settings;
  const previousMasterSecret =
    previousSecret === undefined
      ? undefined
      : parseMasterSecret(previousSecret, { setting: 'previousSecret', source: 'settings' });
  const store = state.kind === 'memory' ? memoryStore() : await openFileStore({ folder: state.path });
  return { store, previousMasterSecret, ...openKeys(settings) };
}

/** The secret of the settings; for state in memory one that is gone with it; else one in a file of its own, made at the first start. */
function openKeys({ state, secret, secretFile }: Settings): Keys {
  if (secret !== undefined) {
    const masterSecretOrigin = { setting: 'secret', source: 'settings' };
    const masterSecret = parseMasterSecret(secret, masterSecretOrigin);
    const keysLine = 'wrapped by the secret from the settings';
    return { masterSecret, masterSecretOrigin, keysLine, together: false };
  }
  if (state.kind === 'memory') {
    const masterSecret = { bytes: systemRandom.bytes(32) };
    const masterSecretOrigin = { setting: 'state', source: 'settings' };
    const keysLine = 'made for this run, and gone with it';
    return { masterSecret, masterSecretOrigin, keysLine, together: false };
  }
  const { secret: masterSecret } = openMasterSecretFile(secretFile, {
    setting: 'secretFile',
    random: systemRandom,
  });
  const together = secretFile.startsWith(`${state.path}/`);
  const masterSecretOrigin = { setting: 'secretFile', source: secretFile };
  return { masterSecret, masterSecretOrigin, keysLine: `wrapped by the secret in ${secretFile}`, together };
}
