import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { workerFile } from './worker-file.ts';

describe('the file of a worker', () => {
  it.each(['pglite-worker.js', 'statement-guard-worker.js'] as const)(
    '%s is the built one, also for the sources',
    (name) => {
      const path = fileURLToPath(workerFile(name));
      expect(path).toMatch(new RegExp(`/packages/server/dist/sql/${name.replace('.', '\\.')}$`));
      expect(existsSync(path), 'is the program built?').toBe(true);
    },
  );
});
