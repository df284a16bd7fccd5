import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { NotHere, type Provided } from './service.ts';
import { SERVICES } from './services.ts';

/** Outside the repository, so that nothing of it is ever committed, and kept: what is there is not fetched again. */
function cacheFolder(): string {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'portcullis-services');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Vitest calls it once, before any suite: gets the servers ready, and tells the suites where they are. */
export async function setup(project: TestProject): Promise<void> {
  const cache = cacheFolder();
  const provided: Record<string, Provided> = {};
  // One after the other: some of them are built here, and use the whole machine for it.
  for (const [name, service] of Object.entries(SERVICES)) {
    const began = Date.now();
    try {
      provided[name] = await service.prepare(cache);
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      provided[name] = { missing: error.message };
    }
    const seconds = Math.round((Date.now() - began) / 1000);
    if (seconds > 1) console.log(`${service.title} was made ready in ${seconds} s`);
  }
  project.provide('services', provided);
}
