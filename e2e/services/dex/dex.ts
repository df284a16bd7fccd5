import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../prepared-command.ts';
import { NotHere, type Service } from '../service.ts';

const SOURCE = fileURLToPath(new URL('server/', import.meta.url));
/** From here on Go fetches the version of itself that a module asks for. */
const SELF_UPDATING = 21;
/** Both on the first build on a small machine. */
const BUILD_SECONDS = 900;

/** An identity provider in front of others, here with people of its own. Built from its published Go module. */
export const dex: Service = {
  title: 'Dex',
  inPipeline: false,
  async prepare(cache) {
    const manifest = readFileSync(join(SOURCE, 'go.mod'), 'utf8');
    const version = /dexidp\/dex (v\S+)/.exec(manifest)?.[1] ?? '';
    const wanted = /^go (\S+)/m.exec(manifest)?.[1] ?? '';
    const program = join(cache, `dex-${version}-${contentName()}`);
    if (!existsSync(program)) {
      const go = await findGo(cache, wanted);
      await runCommand(go, ['build', '-o', program, '.'], {
        folder: SOURCE,
        // A Go that was fetched has its own library, whatever the environment says of another.
        env: { ...environment(cache), ...(go === 'go' ? {} : { GOROOT: join(go, '..', '..') }) },
        seconds: BUILD_SECONDS,
      });
    }
    return { version, path: program };
  },
};

/** Changes with the sources, so that what was built from older ones is not taken for theirs. */
function contentName(): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(join(SOURCE, file)));
  return hash.digest('hex').slice(0, 12);
}

const environment = (cache: string) => ({
  GOPATH: join(cache, 'go'),
  GOCACHE: join(cache, 'go-build'),
  GOFLAGS: '-mod=readonly -modcacherw -buildvcs=false',
  CGO_ENABLED: '0',
});

/** The Go of this machine, or with an older one the version that is wanted: it is published as a module, which every Go can fetch. */
async function findGo(cache: string, wanted: string): Promise<string> {
  const minor = Number(/go1\.(\d+)/.exec(await runCommand('go', ['version']))?.[1]);
  if (minor >= SELF_UPDATING) return 'go';
  const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
  if (!architecture) throw new NotHere(`there is no Go ${wanted} for ${process.arch}`);
  const home = join(cache, `go-${wanted}`);
  const program = join(home, 'bin', 'go');
  if (existsSync(program)) return program;
  const empty = join(cache, 'empty');
  mkdirSync(empty, { recursive: true });
  const said = await runCommand(
    'go',
    ['mod', 'download', '-json', `golang.org/toolchain@v0.0.1-go${wanted}.linux-${architecture}`],
    { folder: empty, env: environment(cache) },
  );
  const { Dir: folder } = JSON.parse(said) as { readonly Dir: string };
  const unfinished = `${home}-unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  cpSync(folder, unfinished, { recursive: true });
  // Modules have no executable files.
  for (const place of [join(unfinished, 'bin'), join(unfinished, 'pkg', 'tool', `linux_${architecture}`)])
    for (const file of readdirSync(place)) chmodSync(join(place, file), 0o755);
  renameSync(unfinished, home);
  return program;
}
