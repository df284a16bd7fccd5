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
  unusualPair: 3.2,
  otherCase: 0.6,
  digit: 3,
  sequence: 0.3,
  other: 3,
};
/** A stretch of this many characters that was there before adds nothing. */
const REPEAT_LENGTH = 3;

/**
 * A careful guess, in bits, of how many passphrases are as likely as this one. Four random words of a list of 7776 come out at about the
 * 52 bits they have; running text at less than random letters; repetitions, sequences and usual words at next to nothing.
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
  for (let i = 0; i < lower.length; i += 1) {
    if (!free[i]) bits += characterBits(text, lower, i);
  }
  return bits;
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
  if (/\d/.test(character)) return BITS.digit;
  if (!/\p{L}/u.test(character)) return BITS.other;
  if (previous === undefined || !/\p{L}/u.test(previous)) return BITS.start;
  const sameCase = (text[at] === character) === (text[at - 1] === previous);
  const pair = USUAL_PAIRS.has(previous + character) ? BITS.usualPair : BITS.unusualPair;
  return sameCase ? pair : pair + BITS.otherCase;
}
