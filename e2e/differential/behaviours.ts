import { AUTHORIZATION_REQUESTS } from './behaviours/authorization-requests.ts';
import { CLIENT_ASSERTIONS } from './behaviours/client-assertions.ts';
import { CLIENT_DOCUMENTS } from './behaviours/client-documents.ts';
import { DISCOVERY } from './behaviours/discovery.ts';
import { ENDINGS } from './behaviours/endings.ts';
import { PAGES } from './behaviours/pages.ts';
import { REFRESHES } from './behaviours/refreshes.ts';
import { REGISTRATIONS } from './behaviours/registrations.ts';
import { TOKEN_REQUESTS } from './behaviours/token-requests.ts';
import type { Behaviour } from './target.ts';

/** By subject, in the order of a client's life. */
export const SUBJECTS: Readonly<Record<string, readonly Behaviour[]>> = {
  'Finding out': DISCOVERY,
  Registering: REGISTRATIONS,
  'Client metadata documents': CLIENT_DOCUMENTS,
  'Authenticating with a key': CLIENT_ASSERTIONS,
  'Asking for an authorization': AUTHORIZATION_REQUESTS,
  'Pages and browsers': PAGES,
  'Getting tokens': TOKEN_REQUESTS,
  Refreshing: REFRESHES,
  Ending: ENDINGS,
};

export const BEHAVIOURS: readonly Behaviour[] = Object.values(SUBJECTS).flat();
