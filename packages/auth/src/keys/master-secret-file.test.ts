import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../core/operator-error.ts';
import { systemRandom } from '../core/random.ts';
import { openMasterSecretFile, readMasterSecretFile } from './master-secret-file.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-secret-'));
  folders.push(folder);
  return folder;
}

const options = { setting: 'PORTCULLIS_MASTER_SECRET_FILE', random: systemRandom };
const read = { setting: 'PORTCULLIS_MASTER_SECRET_FILE' };
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the master secret of this machine', { timeout: 30_000 }, () => {
  it('is made once, for the owner alone, in a folder for the owner alone', () => {
    const path = join(newFolder(), 'config', 'portcullis', 'master-secret');
    const first = openMasterSecretFile(path, options);
    const second = openMasterSecretFile(path, options);
    expect([first.created, second.created]).toEqual([true, false]);
    expect(second.secret).toEqual(first.secret);
    expect(first.secret.bytes).toHaveLength(32);
    expect([modeOf(path), modeOf(join(path, '..'))]).toEqual(['600', '700']);
    expect(readdirSync(join(path, '..'))).toEqual(['master-secret']);
  });

  it('is one for processes that start at the same moment', async () => {
    const path = join(newFolder(), 'master-secret');
    const module = fileURLToPath(new URL('../../dist/keys/master-secret-file.js', import.meta.url));
    const script = `
      const { openMasterSecretFile } = await import(process.argv[1]);
      const random = { bytes: (n) => crypto.getRandomValues(new Uint8Array(n)) };
      const { secret, created } = openMasterSecretFile(process.argv[2], { setting: 's', random });
      console.log(created, Buffer.from(secret.bytes).toString('hex'));`;
    const outputs = await Promise.all(Array.from({ length: 4 }, () => run(script, [module, path])));
    expect(new Set(outputs.map((output) => output.split(' ')[1])).size).toBe(1);
    expect(outputs.filter((output) => output.startsWith('true'))).toHaveLength(1);
  });

  it('is refused when others may read it', () => {
    const path = join(newFolder(), 'master-secret');
    openMasterSecretFile(path, options);
    for (const mode of [0o640, 0o604, 0o620, 0o644]) {
      chmodSync(path, mode);
      expect(() => readMasterSecretFile(path, read)).toThrow(OperatorError);
      expect(() => openMasterSecretFile(path, options)).toThrow(/chmod 600/);
    }
    chmodSync(path, 0o400);
    expect(readMasterSecretFile(path, read).bytes).toHaveLength(32);
  });

  it('may be readable where a secret manager mounts it, but never writable', () => {
    const path = join(newFolder(), 'mounted');
    openMasterSecretFile(path, options);
    chmodSync(path, 0o444);
    expect(readMasterSecretFile(path, { ...read, mayBeReadByOthers: true }).bytes).toHaveLength(32);
    chmodSync(path, 0o464);
    expect(() => readMasterSecretFile(path, { ...read, mayBeReadByOthers: true })).toThrow(OperatorError);
  });

  it('is refused in a folder that others may write into', () => {
    const folder = newFolder();
    const path = join(folder, 'master-secret');
    chmodSync(folder, 0o777);
    expect(() => openMasterSecretFile(path, options)).toThrow(/chmod go-w/);
    chmodSync(folder, 0o1777);
    expect(openMasterSecretFile(path, options).secret.bytes).toHaveLength(32);
  });

  it('says which file, what is wrong and what to do, and not the secret', () => {
    const path = join(newFolder(), 'master-secret');
    expect(() => readMasterSecretFile(path, read)).toThrow(/PORTCULLIS_MASTER_SECRET_FILE.*ENOENT/);
    writeFileSync(path, 'hunter2', { mode: 0o600 });
    expect(() => readMasterSecretFile(path, read)).toThrow(/too short or too easy/);
    expect(() => readMasterSecretFile(path, read)).not.toThrow(/hunter2/);
    expect(readFileSync(path, 'utf8')).toBe('hunter2');
  });
});

function run(script: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(output.trim()) : reject(new Error(`exit code ${code}`)),
    );
  });
}
