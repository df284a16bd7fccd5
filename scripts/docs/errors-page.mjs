// docs/reference/errors.md, from the table of refusal reasons.
import { REFUSALS } from '../../packages/auth/dist/core/refusal-reasons.js';
import { code, page, table } from './markdown.mjs';

const INTRODUCTION = `Every reason for which a request can be turned down. The client sees the status, the error code of the standard, the text, and an incident id. The reason stands in the log, in the line of that incident id, with what was seen and what was expected.`;

export function errorsPage() {
  const rows = Object.entries(REFUSALS);
  const groups = [...new Set(rows.map(([reason]) => groupOf(reason)))];
  return page(
    'Errors',
    INTRODUCTION,
    groups.flatMap((group) => [
      `## ${group}`,
      table(
        ['Reason in the log', 'Status', 'Error', 'What the client reads'],
        rows
          .filter(([reason]) => groupOf(reason) === group)
          .map(([reason, wire]) => [code(reason), wire.status, code(wire.error), wire.description]),
      ),
    ]),
  );
}

function groupOf(reason) {
  return reason.split('.')[0];
}
