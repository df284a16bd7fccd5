// Pieces of Markdown that the generated pages are made of.

export const GENERATED = '<!-- Made by `npm run docs`. Do not edit: change the table it is made from. -->';

/** Text for a cell of a table. */
export function cell(text) {
  return String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

export function table(heads, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** A page: a title, a few words on what it is, and sections. */
export function page(title, introduction, sections) {
  return `${[`# ${title}`, GENERATED, introduction, ...sections].join('\n\n')}\n`;
}

export function code(text) {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
