// docs/reference/settings.md, from the one table of names.
import { SETTINGS } from '../../packages/server/dist/settings/names.js';
import { code, page, table } from './markdown.mjs';

const INTRODUCTION = `Every setting of \`portcullis\`. A value is taken from the flag, else from the variable, else from \`portcullis.yaml\`, else it is the default; \`portcullis config\` prints what is in force and where each value came from. How to write values is in [Configuration](../configuration.md).`;

export function settingsPage() {
  const rows = Object.values(SETTINGS);
  const sections = [...new Set(rows.map((row) => row.section))];
  return page('Settings', INTRODUCTION, [
    table(['Setting', 'Variable', 'Flag', 'Default'], rows.map(overview)),
    ...sections.flatMap((section) => [
      `## ${section}`,
      ...rows.filter((row) => row.section === section).map(entry),
    ]),
  ]);
}

function overview(row) {
  return [
    `[${row.name}](#${row.name.toLowerCase().replaceAll('.', '')})`,
    code(row.env),
    row.flag ? code(row.flag) : '',
    defaultOf(row),
  ];
}

function entry(row) {
  const names = [
    ...(row.inFile === false ? [] : [`in the file ${code(row.name)}`]),
    ...[row.env, ...(row.alsoEnv ?? [])].map((name) => `variable ${code(name)}`),
    ...(row.flag ? [`flag ${code(row.flag)}`] : []),
  ];
  return [
    `### ${row.name}`,
    row.description,
    [
      `- Names: ${names.join(', ')}`,
      `- Value: ${row.type.says}${row.unit ? `, in ${row.unit}` : ''}${row.secret ? '; a secret, never shown' : ''}`,
      `- Default: ${defaultOf(row)}`,
      `- Example: ${code(row.example)}`,
      `- What goes wrong: ${row.wrong}`,
    ].join('\n'),
  ].join('\n\n');
}

function defaultOf(row) {
  if (row.defaultText) return row.defaultText;
  if (typeof row.default === 'function') throw new Error(`${row.name}: a computed default needs words`);
  const shown = row.type.show ? row.type.show(row.default) : row.default;
  return code(Array.isArray(shown) ? shown.join(' ') : String(shown));
}
