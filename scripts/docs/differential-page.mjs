// docs/reference/differential.md, from the behaviours of the differential test and the table of its differences.
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { code, page, table } from './markdown.mjs';

const introduction = (total, differing) =>
  `What ${total} behaviours of clients, good and bad, meet at our issuer, beside what the same requests meet at \`oidc-provider\`, a certified implementation, with the same features switched on. Both run in one process and are asked over HTTP; codes, tokens, ids and wording are left out of the comparison. In ${total - differing} of them there is nothing to tell the two apart. The other ${differing} are below, each with the section that asks for our way or leaves the choice, or with our decision. The test fails when a difference is not listed, and when a listed one is gone.`;

/** @param {string} root the folder of the repository */
export async function differentialPage(root) {
  const { SUBJECTS, DIFFERENCES } = {
    ...(await load(root, 'behaviours.ts')),
    ...(await load(root, 'differences.ts')),
  };
  const total = Object.values(SUBJECTS).flat().length;
  const sections = Object.entries(SUBJECTS).flatMap(([subject, behaviours]) => {
    const differing = behaviours.filter(({ id }) => id in DIFFERENCES);
    const same = behaviours.filter(({ id }) => !(id in DIFFERENCES));
    return [
      `## ${subject}`,
      ...(differing.length > 0 ? [differences(differing, DIFFERENCES)] : []),
      'The same at both:',
      same.map(({ rules, what }) => `- ${what} (${rules.join(', ')})`).join('\n'),
    ];
  });
  return page(
    'Beside a certified implementation',
    introduction(total, Object.keys(DIFFERENCES).length),
    sections,
  );
}

function differences(behaviours, reasons) {
  return table(
    ['A client …', 'Rules', 'Ours', '`oidc-provider`', 'Source', 'Why'],
    behaviours.map(({ id, what, rules }) => {
      const { differs, source, why } = reasons[id];
      return [lower(what), rules.join(', '), side(differs, 0), side(differs, 1), source, why];
    }),
  );
}

/** What one side shows of what differs. */
function side(differs, index) {
  const shown = Object.entries(differs).filter(([, pair]) => pair[index] !== 'nothing');
  return shown.map(([name, pair]) => `${name}: ${code(pair[index])}`).join(', ') || 'nothing';
}

const lower = (text) => text[0].toLowerCase() + text.slice(1);

/** The tables are TypeScript, and this runs before anything of theirs is compiled. */
async function load(root, name) {
  const { module } = await runnerImport(join(root, 'e2e/differential', name), { root, logLevel: 'error' });
  return module;
}
