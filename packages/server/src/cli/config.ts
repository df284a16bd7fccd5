import { shownValue } from '@portcullis/auth/config/mask';
import type { Resolution, ResolvedSetting } from '@portcullis/auth/config/resolve';
import { plainText } from '../log/plain-text.ts';
import { SETTINGS } from '../settings/names.ts';
import { paint, type Terminal } from './terminal.ts';

/** Every setting in force and where it came from, as JSON: an object from name to value, source and variable. */
export function configJson(resolution: Resolution): string {
  const entries = inOrder(resolution).map(({ row, value, source }) => [
    row.name,
    { value: shownValue(row, value) ?? null, source, env: row.env },
  ]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

/** Every setting in force and where it came from, as a list for people. What was set stands out from the defaults. */
export function configList(resolution: Resolution, terminal: Pick<Terminal, 'outColour' | 'width'>): string {
  const { bold, dim } = paint(terminal.outColour);
  const settings = inOrder(resolution);
  const nameWidth = Math.max(...settings.map(({ row }) => row.name.length));
  const room = Math.max(24, Math.min(terminal.width - nameWidth - 30, 60));
  const lines: string[] = [];
  let section = '';
  for (const setting of settings) {
    if (setting.row.section !== section) {
      section = setting.row.section;
      lines.push(...(lines.length > 0 ? [''] : []), bold(section));
    }
    const value = valueText(setting);
    const line = `  ${setting.row.name.padEnd(nameWidth)}  ${value.padEnd(room)}  ${plainText(setting.source)}`;
    lines.push(setting.source === 'default' ? dim(line) : line);
  }
  return `${lines.join('\n')}\n`;
}

function inOrder(resolution: Resolution): readonly ResolvedSetting[] {
  return Object.keys(SETTINGS).flatMap((name) => resolution.settings.get(name) ?? []);
}

function valueText({ row, value }: ResolvedSetting): string {
  const shown = shownValue(row, value);
  if (shown === undefined || shown === null) return '-';
  if (typeof shown === 'boolean') return shown ? 'on' : 'off';
  if (Array.isArray(shown) && shown.every((item) => typeof item === 'string'))
    return plainText(shown.join(', ') || '-');
  if (typeof shown === 'object')
    return plainText(Object.keys(shown).length === 0 ? '-' : JSON.stringify(shown));
  return plainText(String(shown));
}
