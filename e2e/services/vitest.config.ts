import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { serviceSummary } from './summary.ts';

const source = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

// Apart from `npm test`, which needs nothing but Node: these suites need servers that have to be fetched first. They have an ending of
// their own, so that no other run takes them for its tests.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@portcullis\/auth$/, replacement: source('packages/auth/src/auth.ts') },
      { find: /^@portcullis\/auth\/(.*)$/, replacement: `${source('packages/auth/src/')}$1.ts` },
    ],
  },
  test: {
    name: 'services',
    include: ['e2e/services/**/*.service.ts'],
    globalSetup: fileURLToPath(new URL('prepare.ts', import.meta.url)),
    reporters: ['default', serviceSummary()],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});
