import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../settings/names.ts';
import { addSettingFlags, givenFlags } from './flags.ts';

function given(...args: string[]) {
  const command = addSettingFlags(new Command('x').exitOverride());
  return givenFlags(command.parse(args, { from: 'user' }));
}

describe('flags', () => {
  it('are those of the table', () => {
    const help = addSettingFlags(new Command('x')).helpInformation();
    for (const row of Object.values(SETTINGS)) if (row.flag) expect(help).toContain(row.flag);
  });

  it('are only what was given', () => {
    expect(given()).toEqual({});
    expect(given('--port', '80a')).toEqual({ port: '80a' });
  });

  it('are text', () => {
    expect(given('--no-auth', '--dev-people', '--i-know-anyone-can-call')).toEqual({
      auth: 'off',
      developmentPeople: 'on',
      iKnowAnyoneCanCall: 'on',
    });
    expect(given('--dev-people', 'eve')).toEqual({ developmentPeople: 'eve' });
  });
});
