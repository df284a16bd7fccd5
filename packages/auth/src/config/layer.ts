import type { Problem } from '../core/operator-error.ts';
import type { Raw } from './row.ts';

/** One value that one place gives to one setting. */
export interface GivenValue {
  /** The setting as the operator named it there: `PORTCULLIS_PORT`, `port`, `--port`. */
  readonly writtenName: string;
  readonly raw: Raw;
  /** Such as `environment`, `portcullis.yaml:12`, `--port`. */
  readonly source: string;
  /** What relative paths in the value are relative to. */
  readonly folder: string;
}

/** What one place (flags, environment, file) gives: at most one value to a setting, and what is wrong with the place itself. */
export interface Layer {
  readonly values: ReadonlyMap<string, GivenValue>;
  readonly problems: readonly Problem[];
}

export const REFERENCE_PAGE = 'docs/reference/settings.md';

export function unknownName(writtenName: string, source: string, nearest: string | undefined): Problem {
  return {
    setting: writtenName,
    source,
    message: 'There is no setting of this name.',
    remedy: nearest
      ? `Did you mean ${nearest}? All names: ${REFERENCE_PAGE}.`
      : `Remove it, or look for its name in ${REFERENCE_PAGE}.`,
  };
}
