import { AUTH_SETTINGS } from '@portcullis/auth/config/names';
import { optionalSetting, type SettingsOf, section, setting } from '@portcullis/auth/config/row';
import { filePath } from '@portcullis/auth/config/special-types';
import { hostName, oneOf, wholeNumber } from '@portcullis/auth/config/value-types';
import { DATABASE_ROWS } from './names-database.ts';

const SERVER_ROWS = section('Server', {
  config: optionalSetting({
    type: filePath,
    flag: '--config <file>',
    flagHelp: 'The settings file; without it, portcullis.yaml in the working folder',
    inFile: false,
    defaultText: '`portcullis.yaml` in the working folder, where there is one',
    description: 'The settings file.',
    example: '/etc/portcullis/portcullis.yaml',
    wrong: 'A file that is named and not there stops the start.',
  }),
  host: setting({
    type: hostName,
    flag: '--host <address>',
    flagHelp: 'The address to listen on; 0.0.0.0 is every address of the machine',
    default: '127.0.0.1',
    description:
      'The address to listen on. `0.0.0.0` or `::` is every address of the machine, as a container needs it.',
    example: '0.0.0.0',
    wrong: 'On a loopback address nobody else reaches the server; on another one everybody does.',
  }),
  port: setting({
    type: wholeNumber({ min: 1, max: 65_535 }),
    flag: '--port <number>',
    flagHelp: 'The TCP port to listen on',
    alsoEnv: ['PORT'],
    default: 8000,
    description: 'The TCP port to listen on.',
    example: '8443',
    wrong: 'The start stops when the port is taken, or is not yours to use.',
  }),
});

const LOG_ROWS = section('Log', {
  'log.level': setting({
    type: oneOf('trace', 'debug', 'info', 'warn', 'error'),
    default: 'info',
    description: 'The least important lines that are written. Every allowed request is a line at `debug`.',
    example: 'debug',
    wrong: 'With `error`, the line that belongs to an incident id may be missing.',
  }),
  'log.format': setting({
    type: oneOf('auto', 'pretty', 'json'),
    default: 'auto',
    description: 'Lines for people or for programs. `auto` is `pretty` on a terminal, else `json`.',
    example: 'json',
    wrong: 'What collects the log can not read it.',
  }),
});

/** Every setting there is: those of the library and those of the server. */
export const SETTINGS = {
  ...SERVER_ROWS,
  ...AUTH_SETTINGS,
  ...DATABASE_ROWS,
  ...LOG_ROWS,
};

/** The settings of the server, typed: `settings.port`, `settings.database.maxRows`. */
export type Settings = SettingsOf<typeof SETTINGS>;
