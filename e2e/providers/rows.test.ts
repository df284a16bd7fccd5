import type { Identity } from '@portcullis/auth/core/identity';
import type { Preset, PresetMode, Yields } from '@portcullis/auth/providers/preset';
import { PRESETS } from '@portcullis/auth/providers/presets';
import { describe, expect, it } from 'vitest';
import { PROXY_ROWS } from './proxy-rows.ts';
import { REMOTE_ROWS } from './remote-rows.ts';

const ROWS = { proxy: PROXY_ROWS, remote: REMOTE_ROWS } as const;
const people = (preset: Preset): readonly Identity[] =>
  [...PROXY_ROWS, ...REMOTE_ROWS].filter((row) => row.preset === preset).map(({ person }) => person);

/** Is a fact there, as a preset says that it is? Addresses and their verification are one thing in an identity. */
const has: Readonly<Record<Exclude<keyof Yields, 'identity'>, (person: Identity) => boolean>> = {
  email: ({ email }) => email !== undefined,
  emailVerified: ({ emailVerified }) => emailVerified === true,
  name: ({ name }) => name !== undefined,
  groups: ({ groups }) => groups !== undefined && groups.length > 0,
};

describe('[C4] the table of logins', () => {
  const modes = PRESETS.flatMap((preset) =>
    preset.modes.map((mode): [string, PresetMode] => [preset.id, mode]),
  );

  it.each(modes)('has a row for %s in mode %s', (id, mode) => {
    expect(ROWS[mode].map(({ preset }) => preset.id)).toContain(id);
  });

  it('has no row twice, and none for a mode that a preset does not have', () => {
    for (const mode of ['proxy', 'remote'] as const) {
      const names = ROWS[mode].map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const { preset } of ROWS[mode]) expect(preset.modes).toContain(mode);
    }
  });

  it.each(PRESETS.map((preset): [string, Preset] => [preset.id, preset]))(
    'knows of people of %s what the preset says that it yields, and nothing else',
    (_id, preset) => {
      for (const [fact, isThere] of Object.entries(has)) {
        const said = preset.yields[fact as keyof Yields];
        // Some tokens have it, and some do not: that is for the operator to set there.
        if (/, when /.test(said)) continue;
        expect([fact, people(preset).some(isThere)]).toEqual([fact, !said.startsWith('none')]);
      }
    },
  );
});
