import { checkAuthSettings } from '@portcullis/auth/config/checks';
import { checkOpenDoors } from '@portcullis/auth/config/open-doors';
import type { SettingsView } from '@portcullis/auth/config/settings-view';
import type { DatabasePlace } from './database-types.ts';

/** Everything that can be wrong with settings that are each right. */
export function checkSettings(view: SettingsView): void {
  checkAuthSettings(view);
  if (view.known('host')) checkOpenDoors(view, view.value<string>('host'));
  checkDatabase(view);
}

function checkDatabase(view: SettingsView): void {
  if (view.value('auth') === false && view.value('database.identity') === 'person')
    view.problem(
      'database.identity',
      'Nobody signs in (auth is off), so there is no person to act as.',
      'Remove it, or switch auth on.',
    );
  const place = view.value<DatabasePlace>('database.url');
  const mode = view.value<string>('database.mode');
  if (view.value('database.identity') === 'service' && view.given('database.mode'))
    view.problem(
      'database.mode',
      'Nobody is impersonated: database.identity is service.',
      'Remove one of the two.',
    );
  else if (place?.kind === 'embedded' && mode !== undefined && mode !== 'wrapped')
    view.problem('database.mode', 'The embedded database knows the mode wrapped only.', 'Remove it.');
  if (place?.kind === 'postgres') checkSsl(view, place.url);
}

function checkSsl(view: SettingsView, url: string): void {
  const asked = new URL(url).searchParams.get('sslmode');
  const mode = view.value<string>('database.sslMode');
  if (asked !== null && !['disable', 'require', 'verify-ca', 'verify-full'].includes(asked))
    view.problem(
      'database.url',
      'Its sslmode would fall back to an unencrypted connection, or is unknown.',
      'Write sslmode=verify-full, require or disable.',
    );
  else if (asked !== null && mode !== undefined && mode !== asked)
    view.problem(
      'database.sslMode',
      `The URL of the database says ${asked}.`,
      'Remove sslmode from the URL, or this setting.',
    );
  for (const name of ['database.sslCa', 'database.sslCertificate', 'database.sslKey'])
    if (mode === 'disable' && view.given(name))
      view.problem(
        name,
        'It is not used: database.sslMode is disable.',
        'Remove it, or set database.sslMode.',
      );
  const hasKey = view.value('database.sslKey') !== undefined;
  if (view.known('database.sslKey') && hasKey !== (view.value('database.sslCertificate') !== undefined))
    view.problem(
      hasKey ? 'database.sslKey' : 'database.sslCertificate',
      'A certificate and its key belong together, and one of them is missing.',
      'Set both database.sslCertificate and database.sslKey, or neither.',
    );
}
