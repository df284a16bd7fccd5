import { CLIENT_ROWS, ISSUER_ROWS, SCOPE_ROWS } from './names-clients.ts';
import { LIFETIME_ROWS } from './names-lifetimes.ts';
import { MORE_ROWS } from './names-more.ts';
import { OUTBOUND_ROWS } from './names-network.ts';
import { ACCESS_ROWS, USERNAME_ROWS } from './names-people.ts';
import { ADDRESS_ROWS, STATE_ROWS } from './names-place.ts';
import { PRESET_OPTION_ROWS, PRESET_ROWS } from './names-preset.ts';
import { UPSTREAM_CALL_ROWS, UPSTREAM_ROWS } from './names-upstream.ts';
import { INTROSPECTION_ROWS, JWT_ROWS, RESOURCE_ROWS } from './names-verifiers.ts';
import type { SettingsOf } from './row.ts';

/**
 * Every setting of the library: the one home of their names. Environment names, flags, the settings file, `portcullis config` and
 * `docs/reference/settings.md` follow from it.
 */
export const AUTH_SETTINGS = {
  ...ADDRESS_ROWS,
  ...ACCESS_ROWS,
  ...PRESET_ROWS,
  ...PRESET_OPTION_ROWS,
  ...UPSTREAM_ROWS,
  ...UPSTREAM_CALL_ROWS,
  ...JWT_ROWS,
  ...INTROSPECTION_ROWS,
  ...MORE_ROWS,
  ...RESOURCE_ROWS,
  ...USERNAME_ROWS,
  ...CLIENT_ROWS,
  ...ISSUER_ROWS,
  ...SCOPE_ROWS,
  ...OUTBOUND_ROWS,
  ...STATE_ROWS,
  ...LIFETIME_ROWS,
};

/** What the rows of `AUTH_SETTINGS` say, typed: `settings.upstream.clientId`. */
export type AuthSettings = SettingsOf<typeof AUTH_SETTINGS>;
