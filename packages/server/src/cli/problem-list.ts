import type { Problem } from '@portcullis/auth/core/operator-error';
import { plainText } from '../log/plain-text.ts';
import { paint, wrap } from './terminal.ts';

/** `EX_CONFIG` of sysexits.h: something is wrong with the configuration. */
export const EXIT_CONFIGURATION = 78;

/** All problems as a list for people: which setting, where it came from, what is wrong, what to do. */
export function problemList(
  problems: readonly Problem[],
  options: { colour: boolean; width: number },
): string {
  const { bold, dim, red } = paint(options.colour);
  const width = Math.max(40, Math.min(options.width, 100)) - 5;
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const lines = [`${red(bold('portcullis can not start'))}: ${count} with the settings.`, ''];
  for (const { setting, source, message, remedy } of problems) {
    const from =
      setting === source || source.startsWith(`${setting}:`) ? '' : dim(`  (${plainText(source)})`);
    lines.push(`  ${bold(from === '' ? plainText(source) : plainText(setting))}${from}`);
    for (const line of wrap(plainText(message), width)) lines.push(`    ${line}`);
    wrap(plainText(remedy), width - 2).forEach((line, index) => {
      lines.push(`    ${index === 0 ? '→' : ' '} ${line}`);
    });
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}
