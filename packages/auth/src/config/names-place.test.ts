import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { ADDRESS_ROWS, STATE_ROWS } from './names-place.ts';
import type { DefaultContext, SettingRow } from './row.ts';

function defaultOf<V>(row: SettingRow<V>, environment: Record<string, string>, port?: number): V {
  const context: DefaultContext = { environment, folder: '/work', files: memoryFiles(), value: () => port };
  return typeof row.default === 'function' ? (row.default as (c: DefaultContext) => V)(context) : row.default;
}

describe('defaults of places', () => {
  it('keep state and secret apart, where the desktop standard has them', () => {
    expect(defaultOf(STATE_ROWS.state, {})).toEqual({
      kind: 'folder',
      path: '/home/me/.local/state/portcullis',
    });
    expect(defaultOf(STATE_ROWS.secretFile, {})).toBe('/home/me/.config/portcullis/secret');
    const xdg = { XDG_STATE_HOME: '/s', XDG_CONFIG_HOME: '/c' };
    expect(defaultOf(STATE_ROWS.state, xdg)).toEqual({ kind: 'folder', path: '/s/portcullis' });
    expect(defaultOf(STATE_ROWS.secretFile, xdg)).toBe('/c/portcullis/secret');
  });

  it('overlook a relative path in those variables', () => {
    expect(defaultOf(STATE_ROWS.secretFile, { XDG_CONFIG_HOME: 'c' })).toBe(
      '/home/me/.config/portcullis/secret',
    );
  });

  it('have the public URL follow the port', () => {
    expect(defaultOf(ADDRESS_ROWS.publicUrl, {}, 9000)).toBe('http://localhost:9000');
    expect(defaultOf(ADDRESS_ROWS.publicUrl, {})).toBe('http://localhost:8000');
  });
});
