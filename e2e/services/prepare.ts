import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';
import { NotHere, type Provided, type Service } from './service.ts';
import { SERVICES } from './services.ts';

/** Outside the repository, so that nothing of it is ever committed, and kept: what is there is not fetched again. */
function cacheFolder(): string {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'portcullis-services');
  mkdirSync(folder, { recursive: true });
  return folder;
}

const ATTEMPTS = 3;
const PAUSE_MILLISECONDS = 10_000;

/** What is fetched comes over networks that fail now and then: tried again, and given up where nobody insists on the server. */
async function prepared(service: Service, cache: string): Promise<Provided> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await service.prepare(cache);
    } catch (error) {
      if (error instanceof NotHere) return { missing: error.message };
      console.error(`${service.title} could not be made ready: ${String(error)}`);
      if (attempt < ATTEMPTS) await wait(PAUSE_MILLISECONDS);
      else if (service.inPipeline) throw error;
      else return { missing: 'it could not be made ready, see above' };
    }
  }
}

/** Vitest calls it once, before any suite: gets the servers ready, and tells the suites where they are. */
export async function setup(project: TestProject): Promise<void> {
  const cache = cacheFolder();
  const provided: Record<string, Provided> = {};
  // One after the other: some of them are built here, and use the whole machine for it.
  for (const [name, service] of Object.entries(SERVICES)) {
    const began = Date.now();
    provided[name] = await prepared(service, cache);
    const seconds = Math.round((Date.now() - began) / 1000);
    if (seconds > 1) console.log(`${service.title} was made ready in ${seconds} s`);
  }
  project.provide('services', provided);
}
