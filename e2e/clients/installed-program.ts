import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

/** Where a file of an installed package is; `undefined` when the package is not there. */
export function installedProgram(specifier: string): string | undefined {
  try {
    const path = fileURLToPath(import.meta.resolve(specifier));
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A `describe` for tests that need such a program. Where it is missing, the suite says that it is left out; with `CI=true` it fails instead,
 * so that no pipeline passes without it.
 */
export function describeWithProgram(name: string, program: string | undefined, suite: () => void): void {
  if (program !== undefined) {
    describe(name, suite);
  } else if (process.env.CI === 'true') {
    describe(name, () => {
      it('needs its program', () => {
        throw new Error('The program is not installed. Run npm ci.');
      });
    });
  } else {
    console.warn(`Left out, because the program is not installed: ${name}`);
    describe.skip(`${name} (left out: the program is not installed)`, suite);
  }
}
