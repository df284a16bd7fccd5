import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GENERIC_PRESETS } from '@portcullis/auth/config/names-preset';
import { OperatorError } from '@portcullis/auth/core/operator-error';
import type { Preset } from '@portcullis/auth/providers/preset';
import { PRESETS, presetNamed } from '@portcullis/auth/providers/presets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoadedSettings, loadSettings } from '../settings/load-settings.ts';

const FOLDER = new URL('../../../../docs/providers/', import.meta.url);
const OVERVIEW = 'README.md';
const ids = [...PRESETS.map(({ id }) => id), ...GENERIC_PRESETS].sort();
const pages = readdirSync(FOLDER)
  .filter((name) => name !== OVERVIEW)
  .sort();
const read = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'provider-docs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Block {
  readonly line: number;
  readonly language: 'yaml' | 'environment';
  readonly text: string;
}

/** The blocks of a page that are settings. Other blocks are commands. */
function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap((match): Block[] => {
    const line = page.slice(0, match.index).split('\n').length;
    const [, name, text = ''] = match;
    if (name === 'yaml') return [{ line, language: 'yaml', text }];
    return text.includes('PORTCULLIS_') ? [{ line, language: 'environment', text }] : [];
  });
}

/** What stands in a variable that a block names: long enough for whatever it is. */
const PEM = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----`;
const valueNamed = (name: string) => (name.endsWith('_PUBLIC_KEY') ? PEM : `value of ${name} `.repeat(4));

function load({ language, text }: Block): LoadedSettings {
  const named = [...text.matchAll(/(?:\benv:|"\$)(\w+)/g)].map(
    ([, name = '']) => [name, valueNamed(name)] as const,
  );
  const environment: Record<string, string> = Object.fromEntries(named);
  if (language === 'environment') {
    for (const line of text.trimEnd().split('\n')) Object.assign(environment, exported(line));
    return loadSettings({ flags: {}, environment, folder });
  }
  const config = join(folder, 'portcullis.yaml');
  writeFileSync(config, text);
  try {
    return loadSettings({ flags: {}, environment, folder });
  } finally {
    rmSync(config);
  }
}

/** A line as a shell reads it. */
function exported(line: string): Readonly<Record<string, string>> {
  const match = /^export (PORTCULLIS_\w+)=(?:"\$(\w+)"|'([^']*)'|([\w.:/,@%+=-]+))$/.exec(line);
  if (!match) throw new Error(`This is no export of one setting: ${line}`);
  const [, name = '', variable, quoted, plain] = match;
  return { [name]: variable === undefined ? (quoted ?? plain ?? '') : valueNamed(variable) };
}

function problemsOf(block: Block): readonly string[] {
  try {
    load(block);
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.problems.map(({ setting, message }) => `line ${block.line}: ${setting}: ${message}`);
  }
}

describe('docs/providers', () => {
  it('has a page for every provider that can be named, and for nothing else', () => {
    expect(pages).toEqual(ids.map((id) => `${id}.md`).sort());
  });

  it('leads to every page from the overview', () => {
    const linked = [...read(OVERVIEW).matchAll(/\]\(([a-z0-9]+\.md)\)/g)].map((match) => match[1]);
    expect([...new Set(linked)].sort()).toEqual(pages);
  });

  it.each(PRESETS.map((preset) => [preset.id, preset] as const))(
    'tells in the overview the modes that %s has',
    (id, { modes }) => {
      const row = read(OVERVIEW)
        .split('\n')
        .find((line) => line.includes(`](${id}.md)`));
      const cells = row?.split('|').map((cell) => cell.trim());
      const said = (mode: 'proxy' | 'remote') =>
        modes[0] === mode ? 'default' : modes.includes(mode) ? 'yes' : '';
      expect(cells?.slice(2, 5)).toEqual([`\`${id}\``, said('proxy'), said('remote')]);
    },
  );
});

describe.each([OVERVIEW, ...pages])('docs/providers/%s', (name) => {
  const page = read(name);
  const blocks = blocksOf(page);

  it('shows settings that are accepted', () => {
    expect(blocks.length).toBeGreaterThan(0);
    expect(blocks.flatMap(problemsOf)).toEqual([]);
  });

  it('shows the same as a file and as variables', () => {
    const pairs = blocks.flatMap((block, at) =>
      block.language === 'environment' ? [[blocks[at - 1], block] as const] : [],
    );
    if (name !== OVERVIEW) expect(pairs.length).toBeGreaterThan(0);
    for (const [file, variables] of pairs) {
      expect(file?.language, `line ${variables.line}`).toBe('yaml');
      expect(load(variables).settings, `line ${variables.line}`).toEqual(load(file!).settings);
    }
  });
});

describe.each(PRESETS.map((preset) => [preset.id, preset] as const))('docs/providers/%s.md', (id, preset) => {
  const page = read(`${id}.md`);

  it('names every option, and every value of the registration that is needed', () => {
    const needed = ['clientId', 'clientSecret'].filter((name) => isNeeded(preset, name));
    const missing = [...Object.keys(preset.options), ...needed].filter(
      (name) => !page.includes(`\`upstream.${name}\``),
    );
    expect(missing).toEqual([]);
  });

  it('shows every mode, working', () => {
    const shown = blocksOf(page).map((block) => {
      const { upstream } = load(block).settings;
      return upstream.preset === id ? (upstream.mode ?? presetNamed(id)?.modes[0]) : undefined;
    });
    expect([...new Set(shown)].sort()).toEqual([...preset.modes].sort());
  });

  it('says what is to be entered at the provider, and how to check it', () => {
    const here = preset.modes.includes('proxy') ? '/auth/callback`' : 'No redirect URI of this server';
    const texts = [here, '/login-check', 'npx portcullis serve', 'npx portcullis config'];
    expect(texts.filter((text) => !page.includes(text))).toEqual([]);
  });

  it('says of people what the preset yields', () => {
    const { identity, email, emailVerified, name, groups } = preset.yields;
    const facts = {
      'identity, for ever': identity,
      'e-mail': email,
      'e-mail verified': emailVerified,
      name,
      groups,
    };
    for (const [fact, from] of Object.entries(facts)) {
      const told = new RegExp(`^\\| ${fact} \\| (\\S.*) \\|$`, 'm').exec(page)?.[1] ?? '';
      const claims = [...from.matchAll(/`([^`]+)`/g)].map(([, claim = '']) => claim);
      expect(
        claims.filter((claim) => !told.includes(claim)),
        fact,
      ).toEqual([]);
      expect(told.startsWith('none'), fact).toBe(from.startsWith('none'));
    }
  });
});

function isNeeded({ modes, clientSecret, remoteNeeds = [] }: Preset, name: string): boolean {
  if (modes.includes('proxy')) return name === 'clientId' || clientSecret !== 'none';
  return (remoteNeeds as readonly string[]).includes(name);
}
