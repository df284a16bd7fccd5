import { OperatorError, type Problem } from '../core/operator-error.ts';
import { memoryFiles } from './memory-files.ts';
import { AUTH_SETTINGS, type AuthSettings } from './names.ts';
import { resolveSettings, typedSettings } from './resolve.ts';

/** The settings of a file, as the library sees them. */
export function settingsOf(text: string): AuthSettings {
  const file = { label: 'p.yaml', folder: '/etc', text };
  const sources = { flags: {}, environment: {}, file, folder: '/', files: memoryFiles() };
  return typedSettings(AUTH_SETTINGS, resolveSettings(AUTH_SETTINGS, sources));
}

/** What is wrong, by the names of the settings. */
export function problemsOf(work: () => unknown): readonly Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.problems;
  }
}
