import { attributeProblems } from '@portcullis/auth/config/attribution';
import { OperatorError } from '@portcullis/auth/core/operator-error';
import { Command, CommanderError } from 'commander';
import { rehearse } from '../app/rehearse.ts';
import { type LoadedSettings, loadSettings } from '../settings/load-settings.ts';
import { configJson, configList } from './config.ts';
import { type DatabasePrepareFlags, databasePrepare } from './database-prepare.ts';
import { addSettingFlags, givenFlags } from './flags.ts';
import { EXIT_CONFIGURATION, problemList } from './problem-list.ts';
import { serve } from './serve.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { packageVersion } from './version.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs the program. Returns the exit code: 0, 1 for a fault, 78 for a wrong command line or wrong settings. */
export async function main(
  argv: readonly string[],
  environment: Environment,
  terminal: Terminal = processTerminal(environment),
): Promise<number> {
  let exitCode = 0;
  const run = (work: () => Promise<number> | number) => async () => {
    exitCode = await work();
  };
  try {
    await program(run, environment, terminal).parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CONFIGURATION;
    if (!(error instanceof OperatorError)) throw error;
    terminal.err(problemList(error.problems, { colour: terminal.errColour, width: terminal.width }));
    return EXIT_CONFIGURATION;
  }
}

/** What a part refuses of its options at start is told with the name and the place the operator set it at. */
async function inOperatorsWords<T>({ resolution }: LoadedSettings, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    throw new OperatorError(attributeProblems(error.problems, resolution), { cause: error });
  }
}

type Run = (work: () => Promise<number> | number) => () => Promise<void>;

function program(run: Run, environment: Environment, terminal: Terminal): Command {
  const root = new Command('portcullis')
    .description(
      'An MCP server over SQL databases that acts as the person who asks, behind its own OAuth gate.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      getOutHelpWidth: () => terminal.width,
    })
    .showHelpAfterError('Add --help to see what there is.')
    .version(packageVersion(), '--version', 'Print the version')
    .helpOption('-h, --help', 'Show this help')
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nEvery setting, with its variable and its name in portcullis.yaml: docs/reference/settings.md',
    );

  const load = (command: Command): LoadedSettings =>
    loadSettings({ flags: givenFlags(command), environment, folder: terminal.folder });

  const serveCommand = addSettingFlags(root.command('serve').description('Start the server'));
  serveCommand.action(
    run(async () => {
      const loaded = load(serveCommand);
      return await inOperatorsWords(loaded, () => serve(loaded, { environment, terminal }));
    }),
  );

  const configCommand = addSettingFlags(
    root.command('config').description('Print the settings in force, and where each came from'),
  )
    .option('--all', 'Print those that have their defaults, too')
    .option('--json', 'Print JSON: all of them');
  configCommand.action(
    run(async () => {
      const loaded = load(configCommand);
      await inOperatorsWords(loaded, () => rehearse(loaded.settings));
      const { resolution } = loaded;
      const { json, all } = configCommand.opts<{ json?: boolean; all?: boolean }>();
      terminal.out(json ? configJson(resolution) : configList(resolution, terminal, { all }));
      return 0;
    }),
  );

  addDatabaseCommands(root, run, load, terminal);

  root
    .command('version')
    .description('Print the version')
    .action(
      run(() => {
        terminal.out(`${packageVersion()}\n`);
        return 0;
      }),
    );
  return root;
}

function addDatabaseCommands(
  root: Command,
  run: Run,
  load: (command: Command) => LoadedSettings,
  terminal: Terminal,
): void {
  const database = root.command('database').description('Look after the database').helpCommand(false);
  const collect = (value: string, before: readonly string[] = []) => [...before, value];
  const prepare = addSettingFlags(
    database
      .command('prepare')
      .description('Let the service account run statements as people: makes one function a person')
      .option('--print', 'Print the SQL, and change nothing')
      .option('--role <name>', 'A role that a person acts as; may be repeated', collect)
      .option('--group <name>', 'A group role: all its members; may be repeated', collect),
    ['config', 'database.url'],
  );
  prepare.action(
    run(() => {
      const loaded = load(prepare);
      return inOperatorsWords(loaded, () =>
        databasePrepare(loaded.settings, prepare.opts<DatabasePrepareFlags>(), terminal),
      );
    }),
  );
}
