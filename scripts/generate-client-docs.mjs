// Writes docs/clients/ from the table of clients. Needs the build.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../docs/clients/', import.meta.url);

/** Writes every page of docs/clients/, and returns their paths. */
export async function generateClientDocs() {
  const { clientDocs } = await import('../packages/server/dist/app/client-docs.js');
  await mkdir(FOLDER, { recursive: true });
  const pages = Object.entries(clientDocs());
  await Promise.all(pages.map(([name, text]) => writeFile(new URL(name, FOLDER), text)));
  return pages.map(([name]) => `docs/clients/${name}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generateClientDocs();
