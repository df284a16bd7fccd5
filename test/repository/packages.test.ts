import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imports } from './syntax.ts';
import { exists, FILES, isTypeScript, ROOT, read, SOURCES, TYPESCRIPT } from './tree.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: unknown;
  readonly workspaces?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifest = (path: string) => JSON.parse(read(path)) as Manifest;
const root = manifest('package.json');
const members = root.workspaces ?? [];

describe('packages', () => {
  it('are ESM under one licence and one version, and ask for the same Node', () => {
    for (const folder of ['.', ...members]) {
      const own = manifest(`${folder}/package.json`);
      expect(own.type, folder).toBe('module');
      expect(own.version, folder).toBe(root.version);
      if (own.private) continue;
      expect(own.license, folder).toBe('Apache-2.0');
      expect(own.engines, folder).toEqual(root.engines);
    }
  });

  it('of the workspace are all listed', () => {
    const found = FILES.filter((path) => path.endsWith('/package.json') && !path.startsWith('conformance/'));
    expect(found.map((path) => path.replace('/package.json', '')).sort()).toEqual([...members].sort());
  });

  it('of the library export every source file under its own path, and nothing else', () => {
    expect(manifest('packages/auth/package.json').exports).toEqual({
      '.': { types: './dist/auth.d.ts', default: './dist/auth.js' },
      './*': { types: './dist/*.d.ts', default: './dist/*.js' },
    });
    const missing = SOURCES.flatMap((path) => {
      const built = path.replace('/src/', '/dist/').replace(/\.ts$/, '');
      return [`${built}.js`, `${built}.d.ts`].filter((file) => !exists(file));
    });
    expect(missing, 'run `npm run build` first').toEqual([]);
  });

  it('have their commands as committed, executable files that are not built', () => {
    const bin = manifest('packages/server/package.json').bin ?? {};
    expect(Object.keys(bin)).toEqual(['portcullis']);
    for (const path of Object.values(bin)) {
      const file = join('packages/server', path);
      expect(read(file)).toMatch(/^#!\/usr\/bin\/env node\n/);
      expect(statSync(join(ROOT, file)).mode & 0o111, file).not.toBe(0);
    }
  });

  it('declare what they import, and the published ones import nothing they do not declare as a dependency', () => {
    const undeclared = TYPESCRIPT.filter(isTypeScript).flatMap((path) => {
      const folder = members.find((member) => path.startsWith(`${member}/`));
      const own = folder ? manifest(`${folder}/package.json`) : root;
      const build = /\.(test|contract)\.ts$/.test(path) || own.private ? root.devDependencies : {};
      const known = new Set(
        [
          own.dependencies,
          own.peerDependencies,
          own.optionalDependencies,
          own.devDependencies,
          build,
        ].flatMap((list) => Object.keys(list ?? {})),
      );
      return imports(path)
        .filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
        .filter(({ specifier }) => {
          const name = specifier.startsWith('@')
            ? specifier.split('/').slice(0, 2).join('/')
            : specifier.split('/')[0]!;
          return name !== own.name && !known.has(name) && !known.has(`@types/${name}`);
        })
        .map((entry) => `${path}:${entry.line} ${entry.specifier}`);
    });
    expect(undeclared).toEqual([]);
  });

  it('of the program take the library in the version that lies beside it', () => {
    for (const folder of members) {
      const wanted = manifest(`${folder}/package.json`).dependencies?.['@portcullis/auth'];
      if (wanted !== undefined) expect(wanted, folder).toBe(root.version);
    }
  });
});

interface Locked {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly version?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const locked = (path: string) =>
  Object.entries((JSON.parse(read(path)) as { packages: Readonly<Record<string, Locked>> }).packages);

describe.each(['package-lock.json', 'conformance/package-lock.json'])('%s', (path) => {
  const entries = locked(path);
  const installed = entries.filter(([name]) => name.includes('node_modules/'));

  it('names versions and hashes, and no place', () => {
    expect(installed.length).toBeGreaterThan(0);
    expect(installed.filter(([, entry]) => /:\/\//.test(entry.resolved ?? '')).map(([name]) => name)).toEqual(
      [],
    );
    const loose = installed.filter(
      ([, entry]) => !entry.link && !(entry.version && entry.integrity?.startsWith('sha512-')),
    );
    expect(loose.map(([name]) => name)).toEqual([]);
  });

  it('is complete: packages for other platforms are in it too, since npm ci asks for them', () => {
    const names = new Set(installed.map(([name]) => name.replace(/^.*node_modules\//, '')));
    const missing = installed.flatMap(([name, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((wanted) => !names.has(wanted))
        .map((wanted) => `${wanted}, wanted by ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('an installation', () => {
  it('runs nothing that comes from outside', () => {
    const { allowScripts } = JSON.parse(read('package.json')) as {
      allowScripts: Readonly<Record<string, boolean>>;
    };
    const scripts = ['package-lock.json', 'conformance/package-lock.json']
      .flatMap(locked)
      .filter(([, entry]) => entry.hasInstallScript)
      .map(([name]) => name.replace(/^.*node_modules\//, ''));
    expect(scripts.filter((name) => allowScripts[name] !== false)).toEqual([]);
    expect(Object.keys(allowScripts).filter((name) => !scripts.includes(name))).toEqual([]);
  });
});
