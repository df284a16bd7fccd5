import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Service } from '../service.ts';

/** A dependency of these tests: it is always there. */
export const oidcProvider: Service = {
  title: 'oidc-provider',
  inPipeline: true,
  async prepare() {
    const entry = createRequire(import.meta.url).resolve('oidc-provider');
    const manifest = readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8');
    return { version: (JSON.parse(manifest) as { version: string }).version, path: '' };
  },
};
