// RFC 7591 §5: a name that a client gives itself is a stranger's words; this makes them safe to show.
import { visibleText } from '../core/visible-text.ts';

export const MAX_DISPLAY_NAME_CHARACTERS = 64;
/** Longer texts are cut before they are looked at. */
const MAX_INPUT_LENGTH = 2000;

/** The name in NFC, on one line, at most 64 characters, nothing invisible in it; `undefined` when nothing is left. */
export function displayName(text: string): string | undefined {
  const tidy = visibleText(text.slice(0, MAX_INPUT_LENGTH), 'drop');
  const cut = [...tidy].slice(0, MAX_DISPLAY_NAME_CHARACTERS).join('').trim();
  return cut === '' ? undefined : cut;
}
