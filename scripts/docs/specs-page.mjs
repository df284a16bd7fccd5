// docs/reference/specs.md, from the first lines of the files that cite a specification.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { page, table } from './markdown.mjs';

const INTRODUCTION = `Which file implements which part of which specification, from the first line of each file. A file that implements a rule of a specification cites it there.`;

const CITATION =
  /\b(?:RFC \d{3,5}(?:bis)?|OpenID Connect (?:Core|Discovery)|OAuth 2\.1|draft-[a-z0-9-]+|MCP(?: \d{4}-\d{2}-\d{2})?(?: (?:[a-z]+ )*(?:best practices|registration|Streamable HTTP))?|WHATWG [A-Z]\w+|NIST SP [\d-]+[A-Z]?|CSP \d|YAML [\d.]+|PostgreSQL \d+)/g;

/** @param {string} root the folder of the repository */
export function specsPage(root) {
  const files = ['packages/auth/src', 'packages/server/src'].flatMap((folder) => sources(join(root, folder)));
  const cited = files.flatMap((file) => {
    const line = firstLine(file);
    const path = relative(root, file).replaceAll('\\', '/');
    const specifications = new Set((line?.match(CITATION) ?? []).map((found) => found.trim()));
    return [...specifications].map((specification) => ({ specification, line, path }));
  });
  const specifications = [...new Set(cited.map((entry) => entry.specification))].sort(byName);
  return page(
    'Specifications',
    INTRODUCTION,
    specifications.flatMap((specification) => [
      `## ${specification}`,
      table(
        ['File', 'What it implements'],
        cited
          .filter((entry) => entry.specification === specification)
          .sort((a, b) => (a.path < b.path ? -1 : 1))
          .map((entry) => [`[${entry.path}](../../${entry.path})`, entry.line]),
      ),
    ]),
  );
}

function sources(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test|\.contract|\.d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function firstLine(file) {
  const [line] = readFileSync(file, 'utf8').split('\n', 1);
  return line.startsWith('// ') ? line.slice(3).trim() : undefined;
}

function byName(a, b) {
  return a.localeCompare(b, 'en', { numeric: true });
}
