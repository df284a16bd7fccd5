import type { Raw, ReadContext, Reading } from './row.ts';
import { fault } from './value-types.ts';

const MAX_FILE_CHARACTERS = 1_048_576;

export interface ReferenceContext extends ReadContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A value with its references followed, and where they led. */
export interface Followed {
  readonly raw: Raw;
  /** Such as `env:DB_PASSWORD`, in the order met. */
  readonly references: readonly string[];
}

/**
 * Follows `env:NAME` and `file:PATH`, wherever in a value they stand. What they lead to is taken as it is: a reference in a referenced
 * value is not followed. The line end that editors put at the end of a file is not part of the value.
 */
export function followReferences(raw: Raw, context: ReferenceContext): Reading<Followed> {
  const references: string[] = [];
  let wrong: { readonly fault: string; readonly remedy: string } | undefined;
  const follow = (value: Raw): Raw => {
    if (Array.isArray(value)) return value.map(follow);
    if (typeof value === 'object') {
      const entries = Object.entries(value).map(([key, member]) => [key, follow(member)]);
      return Object.assign(Object.create(null), Object.fromEntries(entries)) as Raw;
    }
    if (typeof value !== 'string' || !/^(?:env|file):/.test(value)) return value;
    const reading = referenced(value, context);
    references.push(value);
    if ('fault' in reading) wrong ??= reading;
    return 'fault' in reading ? '' : reading.value;
  };
  const followed = follow(raw);
  return wrong ?? { value: { raw: followed, references } };
}

function referenced(reference: string, context: ReferenceContext): Reading<string> {
  const target = reference.slice(reference.indexOf(':') + 1).trim();
  if (target === '')
    return fault(
      'is a reference to nothing',
      'Write env:NAME or file:PATH, without a space after the colon.',
    );
  if (reference.startsWith('env:')) {
    const value = Object.hasOwn(context.environment, target) ? context.environment[target] : undefined;
    return value === undefined || value === ''
      ? fault(`refers to the variable ${target}, which is not set`, `Set ${target} in the environment.`)
      : { value };
  }
  return fileText(target, context);
}

function fileText(path: string, context: ReferenceContext): Reading<string> {
  let text: string;
  try {
    text = context.files.read(context.folder, path);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    const why = typeof code === 'string' ? ` (${code})` : '';
    return fault(
      `refers to the file ${context.files.resolve(context.folder, path)}, which can not be read${why}`,
      'Look at the path and at who may read the file.',
    );
  }
  if (text.length > MAX_FILE_CHARACTERS)
    return fault('refers to a file that is too large', 'Name a file of at most 1 MiB.');
  const value = text.replace(/\r?\n$/, '');
  return value === '' ? fault('refers to an empty file', 'Put the value into the file.') : { value };
}
