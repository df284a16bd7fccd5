/** One thing that is wrong with a configuration: which setting, where it came from, what to do. */
export interface Problem {
  /** The setting by the name the operator used, such as `PORTCULLIS_PUBLIC_URL` or `publicUrl`. */
  readonly setting: string;
  /** Where the value came from: `environment`, `portcullis.yaml:12`, `--port`, `default`. */
  readonly source: string;
  /** What is wrong, without the value when the value is a secret. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Something only the operator can mend. It stops the start (exit code 78, `EX_CONFIG` of sysexits.h) and never reaches the wire. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: { cause?: unknown }) {
    super(problems.map((p) => `${p.setting} (${p.source}): ${p.message} ${p.remedy}`).join('\n'), options);
    this.problems = problems;
  }
}
