import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe, it } from 'vitest';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where Chromium is on this machine: `CHROMIUM_PATH` when it is set, else the usual places. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  return (named === undefined || named === '' ? CANDIDATES : [named]).find((path) => existsSync(path));
}

/** Starts Chromium without a window. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('Chromium is not installed.');
  return await chromium.launch({ executablePath, args: ARGUMENTS });
}

/**
 * A `describe` for tests that need Chromium. Where it is missing, the suite says that it is left out; with `CI=true` it fails instead, so
 * that no pipeline passes without it.
 */
export function describeInChromium(name: string, suite: () => void): void {
  if (findChromium() !== undefined) {
    describe(name, suite);
  } else if (process.env.CI === 'true') {
    describe(name, () => {
      it('needs Chromium', () => {
        throw new Error('Chromium is not installed. Install it, or set CHROMIUM_PATH.');
      });
    });
  } else {
    console.warn(`Left out, because Chromium is not installed (see CHROMIUM_PATH): ${name}`);
    describe.skip(`${name} (left out: Chromium is not installed)`, suite);
  }
}
