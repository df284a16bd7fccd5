import type { Fault, Raw, ReadContext, Reading } from './row.ts';
import { UNRESOLVED } from './row.ts';

const MAX_FILE_CHARACTERS = 1_048_576;
const MAX_NAME_LENGTH = 40;

export interface ReferenceContext extends ReadContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A value with its references followed, and where they led. */
export interface Followed {
  /** What a reference did not lead to is `UNRESOLVED` in it. */
  readonly raw: Raw;
  /** Such as `env:DB_PASSWORD`, in the order met. */
  readonly references: readonly string[];
  /** Those that led nowhere, each with the member it stands at. */
  readonly wrong: readonly Fault[];
}

/**
 * Follows `env:NAME` and `file:PATH`, wherever in a value they stand. What they lead to is taken as it is: a reference in a referenced
 * value is not followed. The line end that editors put at the end of a file is not part of the value. `secretNames`: the names of the
 * outermost map are not told.
 */
export function followReferences(raw: Raw, context: ReferenceContext, secretNames = false): Followed {
  const references: string[] = [];
  const wrong: Fault[] = [];
  const follow = (value: Raw, path: readonly string[]): Raw => {
    if (Array.isArray(value)) return value.map((item, at) => follow(item, [...path, String(at + 1)]));
    if (typeof value === 'object') {
      const hidden = secretNames && path.length === 0;
      const entries = Object.entries(value).map(([key, member], at) => {
        const name = hidden ? String(at + 1) : key.slice(0, MAX_NAME_LENGTH);
        return [key, follow(member, [...path, name])];
      });
      return Object.assign(Object.create(null), Object.fromEntries(entries)) as Raw;
    }
    if (typeof value !== 'string' || !isReference(value)) return value;
    const reference = value.trim();
    const reading = referenced(reference, context);
    references.push(reference);
    if (!('fault' in reading)) return reading.value;
    const at = path.length === 0 ? '' : `is wrong at ${path.join('.')}: it `;
    wrong.push({ ...reading, fault: at + reading.fault });
    return UNRESOLVED;
  };
  return { raw: follow(raw, []), references, wrong };
}

/** Is there a reference in a value? */
export function hasReference(raw: Raw): boolean {
  return typeof raw === 'string' ? isReference(raw) : Object.values(raw).some(hasReference);
}

/** Are there quotes around a text, as files leave them that no shell reads? */
export function isQuoted(text: string): boolean {
  const quote = text[0];
  return text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote);
}

/** Does the text as a whole say where the value is? */
export function isReference(text: string): boolean {
  return /^\s*(?:env|file):/.test(text);
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
    if (value === undefined || value === '')
      return fault(`refers to the variable ${target}, which is not set`, `Set ${target} in the environment.`);
    return isQuoted(value)
      ? fault(
          `refers to the variable ${target}, which has quotes around its value`,
          'Remove the quotes there.',
        )
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

function fault(message: string, remedy: string): Fault {
  return { fault: message, remedy };
}
