import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '../settings/load-settings.ts';
import type { Settings } from '../settings/names.ts';

/** Settings as the program reads them, from a folder of their own: `given` as on the command line, by name. */
export function settingsOf(given: Readonly<Record<string, string>> = {}): Settings {
  const folder = mkdtempSync(join(tmpdir(), 'app-'));
  try {
    return loadSettings({
      flags: { state: 'memory', 'database.url': 'none', ...given },
      environment: {},
      folder,
    }).settings;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
