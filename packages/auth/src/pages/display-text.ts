/** Joiners inside words and emoji: the only invisible characters that change what a reader sees for good. */
const KEPT = /[\u200C\u200D]/u;
/** Unicode general category C: control, format (direction and zero width among them), surrogate, private use, unassigned. */
const INVISIBLE = /\p{C}/gu;

/**
 * A name that a stranger chose, made fit to be shown: no control, direction or invisible characters, white space as single blanks, no
 * towers of combining marks, at most `maxCharacters` (default 64) as a reader counts them. May be empty.
 */
export function displayText(text: string, maxCharacters = 64): string {
  // A bound on the work, whatever the caller let in: no sensible name comes near it.
  const bounded = text.slice(0, maxCharacters * 32);
  const clean = bounded
    .normalize('NFC')
    .replace(/[\p{Z}\t\n\v\f\r\u0085]+/gu, ' ')
    .replace(INVISIBLE, (character) => (KEPT.test(character) ? character : ''))
    .replace(/(\p{M}{3})\p{M}+/gu, '$1')
    .replace(/[\u200C\u200D]{2,}/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = [...clean];
  return characters.length <= maxCharacters
    ? clean
    : `${characters
        .slice(0, maxCharacters - 1)
        .join('')
        .trimEnd()}…`;
}
