// RFC 7591 §5: a name that a client gives itself is a stranger's words; this makes them safe to show.

export const MAX_DISPLAY_NAME_CHARACTERS = 64;
/** Longer texts are cut before they are looked at. */
const MAX_INPUT_LENGTH = 2000;

/** Controls, surrogates on their own, private use, and all that shows as nothing or turns the direction of the text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const MARKS = /(\p{M}{4})\p{M}+/gu;

/** The name in NFC, on one line, at most 64 characters, nothing invisible in it; `undefined` when nothing is left. */
export function displayName(text: string): string | undefined {
  const visible = text
    .slice(0, MAX_INPUT_LENGTH)
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(INVISIBLE, '');
  const tidy = visible.normalize('NFC').replace(MARKS, '$1').replace(/ +/g, ' ').trim();
  const cut = [...tidy].slice(0, MAX_DISPLAY_NAME_CHARACTERS).join('').trim();
  return cut === '' ? undefined : cut;
}
