import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../prepared-command.ts';
import type { Service } from '../service.ts';

const VERSION = '5.3.0';

/** An emulator of Amazon Cognito. Apart from the workspace: what it depends on is larger than all the rest. */
export const cognitoLocal: Service = {
  title: 'cognito-local',
  inPipeline: true,
  async prepare(cache) {
    const folder = join(cache, `cognito-local-${VERSION}`);
    if (!existsSync(folder)) {
      const unfinished = `${folder}-unfinished`;
      rmSync(unfinished, { recursive: true, force: true });
      await runCommand('npm', [
        'install',
        '--silent',
        '--no-save',
        '--ignore-scripts',
        '--prefix',
        unfinished,
        `cognito-local@${VERSION}`,
      ]);
      renameSync(unfinished, folder);
    }
    return {
      version: VERSION,
      path: join(folder, 'node_modules', 'cognito-local', 'lib', 'bin', 'start.js'),
    };
  },
};
