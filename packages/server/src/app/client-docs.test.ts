import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clientDocs } from './client-docs.ts';

const FOLDER = new URL('../../../../docs/clients/', import.meta.url);

describe('docs/clients', () => {
  it('is what the table makes of it (else: npm run build && node scripts/generate-docs.mjs)', () => {
    const written = Object.fromEntries(
      readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]),
    );
    expect(written).toEqual(clientDocs());
  });

  it('links every page from the overview', () => {
    const { 'README.md': overview = '', ...pages } = clientDocs();
    const linked = [...overview.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1]);
    expect(linked).toEqual(Object.keys(pages));
  });
});
