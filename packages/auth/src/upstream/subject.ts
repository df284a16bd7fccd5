// OpenID Connect Core §2, `sub`: at most 255 characters.

const MAX_SUBJECT_LENGTH = 255;

/** What a provider calls a person for ever: a text, or a whole number written as one. `undefined` for what can not name anybody. */
export function subjectFrom(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value !== 'string' || value === '' || value.length > MAX_SUBJECT_LENGTH) return undefined;
  return /[\p{Cc}\p{Cs}]/u.test(value) ? undefined : value;
}
