/** Where the program writes, and what it is told by the place it runs in. Handed in, so that tests read what people would. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Colours on standard output and on standard error? */
  readonly outColour: boolean;
  readonly errColour: boolean;
  /** The working folder. */
  readonly folder: string;
  /** Columns of standard output. */
  readonly width: number;
}

/** The terminal of this process. `NO_COLOR` and `TERM=dumb` are honoured. */
export function processTerminal(environment: Readonly<Record<string, string | undefined>>): Terminal {
  const wanted = !environment.NO_COLOR && environment.TERM !== 'dumb';
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outColour: wanted && process.stdout.isTTY === true,
    errColour: wanted && process.stderr.isTTY === true,
    folder: process.cwd(),
    width: process.stdout.columns ?? 100,
  };
}

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
}

export function paint(colour: boolean): Paint {
  const with_ = (on: number, off: number) => (text: string) =>
    colour ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { bold: with_(1, 22), dim: with_(2, 22), red: with_(31, 39) };
}

/** Breaks a text into lines of at most `width` columns, at spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
