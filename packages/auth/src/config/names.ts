import { CLIENT_ROWS, SCOPE_ROWS } from './names-clients.ts';
import { LIFETIME_ROWS } from './names-lifetimes.ts';
import { ACCESS_ROWS, USERNAME_ROWS } from './names-people.ts';
import { ADDRESS_ROWS, STATE_ROWS } from './names-place.ts';
import { UPSTREAM_CALL_ROWS, UPSTREAM_ROWS } from './names-upstream.ts';
import type { SettingsOf } from './row.ts';

/**
 * Every setting of the library: the one home of their names. Environment names, flags, the settings file, `portcullis config` and
 * `docs/reference/settings.md` follow from it.
 */
export const AUTH_SETTINGS = {
  ...ADDRESS_ROWS,
  ...ACCESS_ROWS,
  ...UPSTREAM_ROWS,
  ...UPSTREAM_CALL_ROWS,
  ...USERNAME_ROWS,
  ...CLIENT_ROWS,
  ...SCOPE_ROWS,
  ...STATE_ROWS,
  ...LIFETIME_ROWS,
};

/** What the rows of `AUTH_SETTINGS` say, typed: `settings.upstream.clientId`. */
export type AuthSettings = SettingsOf<typeof AUTH_SETTINGS>;
