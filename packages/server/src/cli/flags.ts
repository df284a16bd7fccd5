import { type Command, Option } from 'commander';
import { SETTINGS } from '../settings/names.ts';

const rowsWithFlags = Object.values(SETTINGS).filter((row) => row.flag !== undefined);

/** Gives a command a flag for every setting that has one, or for those named: the table of names is the only list of them. */
export function addSettingFlags(command: Command, only?: readonly string[]): Command {
  for (const row of rowsWithFlags) {
    if (only && !only.includes(row.name)) continue;
    command.addOption(new Option(row.flag!, row.flagHelp ?? row.description));
  }
  return command;
}

/** The flags that were given, as text, by the name of their setting. */
export function givenFlags(command: Command): Record<string, string> {
  const given: Record<string, string> = {};
  for (const row of rowsWithFlags) {
    const attribute = new Option(row.flag!).attributeName();
    if (command.getOptionValueSource(attribute) !== 'cli') continue;
    const value: unknown = command.getOptionValue(attribute);
    given[row.name] = typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
  }
  return given;
}
