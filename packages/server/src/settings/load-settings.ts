import { dirname } from 'node:path';
import {
  type Resolution,
  resolveSettings,
  type Sources,
  typedSettings,
} from '@portcullis/auth/config/resolve';
import type { FileAccess } from '@portcullis/auth/config/row';
import type { SettingsFile } from '@portcullis/auth/config/settings-file';
import { SettingsView } from '@portcullis/auth/config/settings-view';
import { OperatorError, type Problem } from '@portcullis/auth/core/operator-error';
import { checkSettings } from './checks.ts';
import { fileExists, machineFiles } from './files.ts';
import { SETTINGS, type Settings } from './names.ts';

export const SETTINGS_FILE = 'portcullis.yaml';

export interface LoadOptions {
  /** Values of flags as text, by the name of the setting. */
  readonly flags: Readonly<Record<string, string>>;
  /** The environment, as a record. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working folder. */
  readonly folder: string;
  /** Default: the files of this machine. */
  readonly files?: FileAccess;
}

export interface LoadedSettings {
  /** Every setting, typed. */
  readonly settings: Settings;
  /** The same, setting by setting, each with where it came from. */
  readonly resolution: Resolution;
}

/** Reads all settings. @throws OperatorError with every problem there is. */
export function loadSettings(options: LoadOptions): LoadedSettings {
  const { flags, environment, folder, files = machineFiles } = options;
  const found = findFile(options, files);
  const file = found && 'text' in found ? found : undefined;
  const sources: Sources = { flags, environment, folder, files, ...(file ? { file } : {}) };
  const resolution = resolveSettings(SETTINGS, sources);
  const view = new SettingsView(resolution);
  checkSettings(view);
  const problems = [
    ...(found && 'message' in found ? [found] : []),
    ...resolution.problems,
    ...view.problems,
  ];
  if (problems.length > 0) throw new OperatorError(problems);
  return { settings: typedSettings(SETTINGS, resolution), resolution };
}

/** The settings file that is named, or the one in the working folder; a problem when one is named and can not be read. */
function findFile(
  { flags, environment, folder }: LoadOptions,
  files: FileAccess,
): SettingsFile | Problem | undefined {
  const named = flags.config ?? environment.PORTCULLIS_CONFIG;
  const [setting, source] =
    flags.config !== undefined
      ? ['--config', '--config']
      : named
        ? ['PORTCULLIS_CONFIG', 'environment']
        : [SETTINGS_FILE, 'working folder'];
  const path = named || SETTINGS_FILE;
  if (!named && !fileExists(folder, SETTINGS_FILE)) return otherSpelling(folder);
  try {
    const absolute = files.resolve(folder, path);
    return { label: path, folder: dirname(absolute), text: files.read(folder, path) };
  } catch (error) {
    const why = String((error as { code?: unknown }).code ?? 'unreadable');
    return {
      setting,
      source,
      message: `The settings file ${files.resolve(folder, path)} can not be read (${why}).`,
      remedy: 'Look at the path and at who may read the file.',
    };
  }
}

function otherSpelling(folder: string): Problem | undefined {
  const other = ['portcullis.yml', 'portcullis.json'].find((name) => fileExists(folder, name));
  return other === undefined
    ? undefined
    : {
        setting: other,
        source: 'working folder',
        message: 'A file of this name is not read.',
        remedy: `Call it ${SETTINGS_FILE}, or name it with --config.`,
      };
}
