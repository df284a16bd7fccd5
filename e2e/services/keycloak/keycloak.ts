import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runCommand } from '../prepared-command.ts';
import { NotHere, type Service } from '../service.ts';

/** The newest one that runs on the Java of Debian 12, and what its distribution is known by. */
const VERSION = '26.7.3';
const SHA256 = '27a6535553c3cdcd083872ba40629efafb3475e3b758e0c6f691395561dd0f1f';
const LEAST_JAVA = 17;

const GROUP = 'org/keycloak/keycloak-quarkus-dist';
const ARTIFACT = `org.keycloak:keycloak-quarkus-dist:${VERSION}:zip`;
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.9.0';

/** What is decided when it is built; everything else is said at the start. */
const BUILD = ['--db=dev-file', '--cache=local', '--features-disabled=impersonation'];

export const keycloak: Service = {
  title: 'Keycloak',
  inPipeline: true,
  async prepare(cache) {
    await requireJava();
    const home = join(cache, `keycloak-${VERSION}`);
    if (!existsSync(home)) await install(cache, home);
    return { version: VERSION, path: home };
  },
};

async function requireJava(): Promise<void> {
  const said = await runCommand('java', ['-version']);
  const major = Number(/version "(\d+)/.exec(said)?.[1]);
  if (!(major >= LEAST_JAVA)) throw new NotHere(`Java ${LEAST_JAVA} is needed, and here is ${major}`);
}

/** Maven knows where the distribution is; it appears under its name only when it is complete. */
async function install(cache: string, home: string): Promise<void> {
  const repository = join(cache, 'maven');
  const unpacked = `${home}-unfinished`;
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const maven = (goal: string, ...more: string[]) =>
    runCommand(
      'mvn',
      [
        '--batch-mode',
        '--quiet',
        '--strict-checksums',
        `-Dmaven.repo.local=${repository}`,
        `${PLUGIN}:${goal}`,
        `-Dartifact=${ARTIFACT}`,
        ...more,
      ],
      // It leaves notes of its own where it runs.
      { folder: unpacked },
    );
  await maven('get', '-Dtransitive=false');
  const file = join(repository, GROUP, VERSION, `keycloak-quarkus-dist-${VERSION}.zip`);
  await checkSum(file);
  await maven('unpack', `-DoutputDirectory=${unpacked}`);
  const folder = join(unpacked, `keycloak-${VERSION}`);
  await runCommand('bash', [join(folder, 'bin', 'kc.sh'), 'build', ...BUILD]);
  renameSync(folder, home);
  rmSync(unpacked, { recursive: true, force: true });
}

async function checkSum(file: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const sum = hash.digest('hex');
  if (sum === SHA256) return;
  rmSync(file);
  throw new Error(`${file} has the SHA-256 ${sum}, and not ${SHA256}.`);
}
