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

/**
 * What was set and where, as a list for people; with `all`, the settings that have their defaults behind it. Without, they are counted.
 */
export function configList(
  resolution: Resolution,
  terminal: Pick<Terminal, 'outColour' | 'width'>,
  { all = false }: { readonly all?: boolean } = {},
): string {
  const { bold, dim } = paint(terminal.outColour);
  const settings = inOrder(resolution);
  const isSet = ({ source }: ResolvedSetting) => source !== 'default';
  const set = settings.filter(isSet);
  const rest = settings.filter((each) => !isSet(each));
  const nameWidth = Math.max(...settings.map(({ row }) => row.name.length));
  const room = Math.max(24, Math.min(terminal.width - nameWidth - 30, 60));
  const lineOf = (setting: ResolvedSetting) =>
    `  ${setting.row.name.padEnd(nameWidth)}  ${valueText(setting).padEnd(room)}  ${plainText(setting.source)}`;
  const blocks = bySection(set).map(([section, members]) => [bold(section), ...members.map(lineOf)]);
  if (all)
    for (const [section, members] of bySection(rest))
      blocks.push([bold(`${section} (defaults)`), ...members.map((each) => dim(lineOf(each)))]);
  else blocks.push([dim(`${set.length} set; ${rest.length} have their defaults: --all prints them too.`)]);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function bySection(
  settings: readonly ResolvedSetting[],
): readonly (readonly [string, readonly ResolvedSetting[]])[] {
  const sections = new Map<string, ResolvedSetting[]>();
  for (const setting of settings) {
    const { section } = setting.row;
    sections.set(section, [...(sections.get(section) ?? []), setting]);
  }
  return [...sections];
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
