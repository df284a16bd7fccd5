import type { Problem } from '../core/operator-error.ts';
import { type GivenValue, type Layer, unknownName } from './layer.ts';
import { editDistance, nearestName } from './nearest-name.ts';
import { isQuoted } from './reference.ts';
import type { SettingTable } from './row.ts';

const PREFIX = 'PORTCULLIS';

/**
 * The variables of the environment that are settings. A name with our prefix that is no setting is a problem, and so is a prefix that is
 * nearly ours: a typing mistake must not leave a default in force unnoticed. Our own names may not be empty.
 */
export function readEnvironment(
  table: SettingTable,
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): Layer {
  const values = new Map<string, GivenValue>();
  const problems: Problem[] = [];
  const rows = Object.values(table);
  for (const row of rows) {
    for (const writtenName of [row.env, ...(row.alsoEnv ?? [])]) {
      const raw = Object.hasOwn(environment, writtenName) ? environment[writtenName] : undefined;
      if (raw === undefined || (raw === '' && writtenName !== row.env)) continue;
      if (raw === '') problems.push(empty(writtenName));
      else if (isQuoted(raw)) problems.push(quoted(writtenName));
      else if (!values.has(row.name))
        values.set(row.name, { writtenName, raw, source: 'environment', folder });
    }
  }
  const known = rows.map((row) => row.env);
  for (const name of Object.keys(environment).sort()) {
    if (looksLikeOurs(name) && !known.includes(name))
      problems.push(unknownName(name, 'environment', nearestName(name, known)));
  }
  return { values, problems };
}

function empty(writtenName: string): Problem {
  return {
    setting: writtenName,
    source: 'environment',
    message: 'It is set, but empty.',
    remedy: 'Give it a value, or unset it.',
  };
}

function quoted(setting: string): Problem {
  return {
    setting,
    source: 'environment',
    message: 'It has quotes around it, and they would be part of the value.',
    remedy: 'Remove them: files such as those of docker --env-file are read to the letter.',
  };
}

function looksLikeOurs(name: string): boolean {
  const prefix = name.split('_')[0]!.toUpperCase();
  return (
    name.includes('_') && Math.abs(prefix.length - PREFIX.length) <= 2 && editDistance(prefix, PREFIX) <= 2
  );
}
