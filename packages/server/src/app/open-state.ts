import { systemRandom } from '@portcullis/auth/core/random';
import type { MasterSecret } from '@portcullis/auth/keys/master-secret';
import { parseMasterSecret } from '@portcullis/auth/keys/master-secret';
import { openMasterSecretFile } from '@portcullis/auth/keys/master-secret-file';
import { openFileStore } from '@portcullis/auth/store/file-tree';
import { memoryStore } from '@portcullis/auth/store/memory';
import type { Store } from '@portcullis/auth/store/store';
import type { Settings } from '../settings/names.ts';

/** Where state and keys lie, opened. */
export interface OpenState {
  readonly store: Store;
  readonly masterSecret: MasterSecret;
  readonly previousMasterSecret?: MasterSecret;
  /** Where the master secret came from, for people. */
  readonly keysLine: string;
  /** Do keys and state lie in one place, so that who copies one has both? */
  readonly together: boolean;
}

/** @throws OperatorError when a folder can not be used or a secret is not fit */
export async function openState(settings: Settings): Promise<OpenState> {
  const { state, secret, previousSecret, secretFile } = settings;
  const previousMasterSecret =
    previousSecret === undefined
      ? undefined
      : parseMasterSecret(previousSecret, { setting: 'previousSecret', source: 'settings' });
  if (state.kind === 'memory') {
    const masterSecret =
      secret === undefined
        ? { bytes: systemRandom.bytes(32) }
        : parseMasterSecret(secret, { setting: 'secret', source: 'settings' });
    const keysLine =
      secret === undefined
        ? 'made for this run, and gone with it'
        : 'wrapped by the secret from the settings';
    return { store: memoryStore(), masterSecret, previousMasterSecret, keysLine, together: false };
  }
  const store = await openFileStore({ folder: state.path });
  if (secret !== undefined) {
    const masterSecret = parseMasterSecret(secret, { setting: 'secret', source: 'settings' });
    return {
      store,
      masterSecret,
      previousMasterSecret,
      keysLine: 'wrapped by the secret from the settings',
      together: false,
    };
  }
  const opened = openMasterSecretFile(secretFile, { setting: 'secretFile', random: systemRandom });
  const masterSecret = opened.secret;
  const together = secretFile.startsWith(`${state.path}/`);
  return {
    store,
    masterSecret,
    previousMasterSecret,
    keysLine: `wrapped by the secret in ${secretFile}`,
    together,
  };
}
