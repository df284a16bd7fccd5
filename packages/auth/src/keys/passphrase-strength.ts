/** Words that people choose when they are asked for a secret; each counts as one bit. */
const USUAL_WORDS = [
  'password',
  'passwort',
  'passphrase',
  'secret',
  'changeme',
  'change',
  'default',
  'example',
  'admin',
  'administrator',
  'letmein',
  'welcome',
  'qwerty',
  'qwertz',
  'asdfgh',
  'zxcvbn',
  'iloveyou',
  'dragon',
  'monkey',
  'master',
  'portcullis',
  'exasol',
  'oauth',
  'token',
  'signing',
  'production',
  'development',
  'localhost',
  'database',
  'server',
  'test',
  'the quick brown fox jumps over the lazy dog',
  'correct horse battery staple',
  'abcdefghijklmnopqrstuvwxyz',
  'loremipsum',
  'lorem ipsum dolor sit amet',
];

/** Pairs of letters that make up most of English and German running text. */
const USUAL_PAIRS = new Set(
  (
    'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ' +
    'll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol rt po ' +
    'we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke fr oo av ag ' +
    'if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl du ga qu ue ff ba ey ls va um pp ua up lu go ht ru'
  ).split(' '),
);

const BITS = {
  start: 4,
  usualPair: 1.6,
  unusualPair: 3.8,
  otherCase: 1.6,
  digit: 3,
  sequence: 0.3,
  space: 0.5,
  other: 3,
};
/** Four letters or more in one case, or with a capital before them, may be a word of a dictionary: worth this much and no more. */
const WORD = /\p{Lu}?\p{Ll}{3,}|\p{Lu}{4,}/gu;
const BITS_OF_A_WORD = 12;
const BITS_OF_A_LETTER_IN_A_WORD = 2;
/** More letters than this may be several words. */
const LETTERS_OF_A_LONG_WORD = 8;
/** A stretch of this many characters that was there before adds nothing. */
const REPEAT_LENGTH = 3;

/**
 * A careful guess, in bits, of how many passphrases are as likely as this one. Random words come out a little below the 12.9 bits that
 * each has when it is drawn from a list of 7776; running text at less than random letters; repetitions, sequences and usual words at next to nothing.
 */
export function estimatePassphraseBits(passphrase: string): number {
  const text = passphrase.normalize('NFKC');
  const lower = text.toLowerCase();
  const free = new Uint8Array(lower.length);
  let bits = 0;
  for (const word of USUAL_WORDS) {
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length)) {
      free.fill(1, at, at + word.length);
      bits += 1;
    }
  }
  markRepeats(lower, free);
  const worth = Array.from({ length: lower.length }, (_, at) =>
    free[at] ? 0 : characterBits(text, lower, at),
  );
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const words = Math.max(1, word.length / LETTERS_OF_A_LONG_WORD);
    const most = Math.min(BITS_OF_A_WORD * words, BITS_OF_A_LETTER_IN_A_WORD * word.length);
    const sum = total(worth.slice(index, index + word.length));
    if (sum > most) worth.fill(most / word.length, index, index + word.length);
  }
  return bits + total(worth);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function markRepeats(lower: string, free: Uint8Array): void {
  const seen = new Set<string>();
  for (let i = 0; i + REPEAT_LENGTH <= lower.length; i += 1) {
    const chunk = lower.slice(i, i + REPEAT_LENGTH);
    if (seen.has(chunk)) free.fill(1, i, i + REPEAT_LENGTH);
    seen.add(chunk);
  }
}

function characterBits(text: string, lower: string, at: number): number {
  const character = lower[at] ?? '';
  const previous = lower[at - 1];
  const step = previous === undefined ? Number.NaN : character.charCodeAt(0) - previous.charCodeAt(0);
  if (Math.abs(step) <= 1) return BITS.sequence;
  if (character === ' ') return BITS.space;
  if (/\d/.test(character)) return BITS.digit;
  if (!/\p{L}/u.test(character)) return BITS.other;
  if (previous === undefined || !/\p{L}/u.test(previous)) return BITS.start;
  const sameCase = (text[at] === character) === (text[at - 1] === previous);
  const pair = USUAL_PAIRS.has(previous + character) ? BITS.usualPair : BITS.unusualPair;
  return sameCase ? pair : pair + BITS.otherCase;
}
