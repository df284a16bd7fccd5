// Writes the pages that are made from tables: `npm run docs`. With `--check` it writes nothing, and fails where a page has drifted. Needs the build.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientDocs } from '../packages/server/dist/app/client-docs.js';
import { differentialPage } from './docs/differential-page.mjs';
import { errorsPage } from './docs/errors-page.mjs';
import { providersPage } from './docs/providers-page.mjs';
import { settingsPage } from './docs/settings-page.mjs';
import { specsPage } from './docs/specs-page.mjs';
import { storagePage } from './docs/storage-page.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Folders in which every page is made here: one that is not has lost its table. */
const FOLDERS = ['docs/reference', 'docs/clients'];

async function pages() {
  const clients = Object.entries(clientDocs()).map(([name, text]) => [`docs/clients/${name}`, text]);
  return new Map([
    ['docs/reference/settings.md', settingsPage()],
    ['docs/reference/storage.md', storagePage()],
    ['docs/reference/errors.md', errorsPage()],
    ['docs/reference/specs.md', specsPage(ROOT)],
    ['docs/reference/providers.md', providersPage(ROOT)],
    ['docs/reference/differential.md', await differentialPage(ROOT)],
    ...clients,
  ]);
}

function present() {
  return FOLDERS.flatMap((folder) => list(join(ROOT, folder)).map((name) => `${folder}/${name}`));
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    // Not written yet.
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    // Not written yet.
    return undefined;
  }
}

const wanted = await pages();
const stale = [...wanted].filter(([path, text]) => read(path) !== text);
const orphans = present().filter((path) => !wanted.has(path));

const check = process.argv.includes('--check');

for (const [path, text] of stale) {
  if (check) console.error(`${path} differs from what it is made from.`);
  else {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    console.log(path);
  }
}
for (const path of orphans) console.error(`${path} is not made from anything: move or remove it.`);
if (check && stale.length > 0) console.error('Run `npm run docs`, and commit what it wrote.');
if (orphans.length > 0 || (check && stale.length > 0)) process.exitCode = 1;
