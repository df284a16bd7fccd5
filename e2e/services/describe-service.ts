import { describe, inject } from 'vitest';
import type { Prepared } from './service.ts';

/** A `describe` against a real server. Where it is missing the suite is left out; the summary at the end of the run says so. */
export function describeService(name: string, suite: (server: Prepared) => void): void {
  const server = inject('services')[name];
  if (server === undefined) throw new Error(`There is no service ${name}.`);
  if ('missing' in server) describe.skip(`${name} (left out: ${server.missing})`, () => undefined);
  else describe(`${name} ${server.version}`, () => suite(server));
}
