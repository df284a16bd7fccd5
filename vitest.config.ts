import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const alias = [
  { find: /^@portcullis\/auth$/, replacement: source('packages/auth/src/auth.ts') },
  { find: /^@portcullis\/auth\/(.*)$/, replacement: `${source('packages/auth/src/')}$1.ts` },
];

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        // The library keeps nothing between two uses, and so its tests need no process each: a third of the time.
        test: { name: 'auth', include: ['packages/auth/src/**/*.test.ts'], isolate: false },
      },
      {
        resolve: { alias },
        test: { name: 'server', include: ['packages/server/src/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        resolve: { alias },
        test: { name: 'examples', include: ['examples/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        resolve: { alias },
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: 'testing', include: ['testing/**/*.test.ts'] } },
      { test: { name: 'repository', include: ['test/repository/**/*.test.ts'], testTimeout: 120_000 } },
    ],
  },
});
