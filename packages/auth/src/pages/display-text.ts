import { visibleText } from '../core/visible-text.ts';

/**
 * A name that a stranger chose, made fit to be shown: on one line, nothing in it that is invisible but joiners inside words and emoji, at
 * most `maxCharacters` (default 64) as a reader counts them. May be empty.
 */
export function displayText(text: string, maxCharacters = 64): string {
  // A bound on the work, whatever the caller let in: no sensible name comes near it.
  const clean = visibleText(text.slice(0, maxCharacters * 32), 'keep');
  const characters = [...clean];
  return characters.length <= maxCharacters
    ? clean
    : `${characters
        .slice(0, maxCharacters - 1)
        .join('')
        .trimEnd()}…`;
}
