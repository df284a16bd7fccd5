// Unicode Standard Annex #44 §5: which characters of a stranger's text are shown, and which hide, turn or break it.

/** Whatever shows as white space, line ends among it. */
const BLANKS = /[\p{Z}\t-\r\u0085]+/gu;
/** Controls, direction, surrogates on their own, private use, unassigned, and all that shows as nothing. Joiners are looked at apart. */
const INVISIBLE = /(?![\u200C\u200D])[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const JOINERS = /[\u200C\u200D]+/gu;
/** A letter of a real language bears four marks at most. */
const MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * A text on one line, in NFC, without anything invisible and without towers of combining marks. May be empty. `joiners`: `drop` where a
 * name must not differ from another by what nobody sees; `keep` where words and emoji are to look as they were written, which leaves a
 * joiner alone that stands by itself between two characters that show.
 */
export function visibleText(text: string, joiners: 'drop' | 'keep'): string {
  return text
    .replace(BLANKS, ' ')
    .replace(INVISIBLE, '')
    .replace(JOINERS, (run: string, at: number, whole: string) =>
      joiners === 'keep' && run.length === 1 && isBetween(whole, at) ? run : '',
    )
    .normalize('NFC')
    .replace(MARKS, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
}

function isBetween(text: string, at: number): boolean {
  return at > 0 && text[at - 1] !== ' ' && /^[^ \p{M}]/u.test(text.slice(at + 1, at + 3));
}
