import { type ConsentPageOptions, consentPage } from '@portcullis/auth/pages/consent-page';
import { continuePage } from '@portcullis/auth/pages/continue-page';
import { donePage } from '@portcullis/auth/pages/done-page';
import { errorPage } from '@portcullis/auth/pages/error-page';
import { loggedOutPage } from '@portcullis/auth/pages/logged-out-page';
import { loginCheckFailedPage } from '@portcullis/auth/pages/login-check-failed-page';
import { loginCheckPage } from '@portcullis/auth/pages/login-check-page';
import { loginCheckResultPage } from '@portcullis/auth/pages/login-check-result-page';
import { logoutPage } from '@portcullis/auth/pages/logout-page';
import type { Page } from '@portcullis/auth/pages/page';
import { signInPage } from '@portcullis/auth/pages/sign-in-page';
import { visitorPage } from '@portcullis/auth/pages/visitor-page';
import { landingPage } from '../../packages/server/src/app/landing.ts';

const LONG = 'app.example.connect-your-account-to-something.a-very-long-domain-name-of-somebody-else.example';

export const sampleConsent: ConsentPageOptions = {
  clientName: 'Claude Code',
  clientKind: 'registered',
  redirectHost: '127.0.0.1',
  redirectUri: 'http://127.0.0.1:53682/callback',
  redirectKind: 'loopback',
  scopes: [
    { name: 'mcp:read', description: 'Read the tables you may read' },
    { name: 'mcp:write', description: 'Change what you may change' },
  ],
  resource: 'http://localhost:8000/mcp',
  resourceName: 'Sample database',
  signInTitles: [
    { id: 'corp', title: 'Example Corp' },
    { id: 'guests', title: 'Guests' },
  ],
  action: '/decide',
  hidden: { request: 'a-sealed_value' },
};

const CHECK_URL = 'http://localhost:8000/login-check';

/** The pages of a person without a client. */
const OWN_LOGIN: Readonly<Record<string, Page>> = {
  visitor: visitorPage({
    resourceName: 'Sample database',
    url: 'http://localhost:8000/mcp',
    loginCheckUrl: CHECK_URL,
  }),
  'visitor-unkind': visitorPage({
    resourceName: 'R'.repeat(64),
    url: `https://${LONG}/${'p'.repeat(80)}`,
    incident: '7k2mq9x0ab',
  }),
  'login-check': loginCheckPage({
    signInTitles: [{ id: 'corp', title: 'Example Corp' }],
    action: '/check',
    hidden: { request: 'a-sealed_value' },
  }),
  'login-check-choice': loginCheckPage({
    signInTitles: [
      { id: 'corp', title: 'Example Corp' },
      { id: 'guests', title: 'T'.repeat(80) },
    ],
    action: '/check',
    hidden: {},
  }),
  'login-check-result': loginCheckResultPage({
    identity: {
      issuer: 'https://login.example.com',
      subject: '00u1a2b3c4d5e6f7g8h9',
      name: 'Alice Adams',
      email: 'alice@example.com',
      emailVerified: true,
      groups: ['analysts', 'staff'],
      username: 'alice',
      usernameRule: 'email-prefix',
    },
    signInTitle: 'Example Corp',
    scopes: [{ name: 'mcp:read', description: 'Read the tables you may read' }],
    startAgainUrl: CHECK_URL,
  }),
  'login-check-result-unkind': loginCheckResultPage({
    identity: {
      issuer: `https://${LONG}`,
      subject: 's'.repeat(255),
      name: 'N'.repeat(200),
      email: `${'e'.repeat(64)}@${LONG}`,
      groups: Array.from({ length: 120 }, (_, index) => `${'g'.repeat(index)}-${index}`),
    },
    signInTitle: 'T'.repeat(80),
    scopes: [],
    startAgainUrl: CHECK_URL,
  }),
  'login-check-failed': loginCheckFailedPage({
    status: 403,
    title: 'Your login does not work yet',
    step: 'Exchanging the code for tokens at Example Corp',
    why: 'The identity provider refuses this server: the registration there and the settings here do not agree.',
    providerSaid: 'invalid_client: Client authentication failed.',
    whatToDo: ['Compare client id and secret with the console of the provider.', 'Tell the operator.'],
    incident: '7k2mq9x0ab',
    startAgainUrl: CHECK_URL,
  }),
  'login-check-failed-unkind': loginCheckFailedPage({
    status: 400,
    title: 'This check is over',
    step: `Signing in at ${'T'.repeat(80)}`,
    why: 'w'.repeat(200),
    providerSaid: `<script>alert(1)</script>${'x'.repeat(400)}`,
    whatToDo: [],
    incident: '7k2mq9x0ab',
    startAgainUrl: CHECK_URL,
  }),
  logout: logoutPage({
    signIns: [
      { id: 'corp', title: 'Example Corp' },
      { id: 'guests', title: 'T'.repeat(80) },
    ],
    others: ['GitHub', 'U'.repeat(80)],
    action: '/logout',
    hidden: { request: 'a-sealed_value' },
  }),
  'logout-alone': logoutPage({ signIns: [], others: [], action: '/logout', hidden: {} }),
  'logged-out': loggedOutPage(),
};

/** Every page, with ordinary and with unkind content. */
export const SAMPLE_PAGES: Readonly<Record<string, Page>> = {
  ...OWN_LOGIN,
  consent: consentPage(sampleConsent),
  'consent-unkind': consentPage({
    ...sampleConsent,
    clientKind: 'document',
    clientName: `${'W'.repeat(64)}`,
    clientIdHost: 'app.example',
    redirectKind: 'https',
    redirectHost: LONG,
    redirectUri: `https://${LONG}/${'x'.repeat(200)}?${'y'.repeat(200)}`,
    resource: `https://data.example/${'z'.repeat(120)}`,
    resourceName: 'R'.repeat(64),
    scopes: [{ name: 's'.repeat(80), description: 'D'.repeat(120) }],
    signInTitles: [
      { id: 'a', title: 'T'.repeat(80) },
      { id: 'b', title: 'Guests' },
    ],
  }),
  'consent-scheme': consentPage({
    ...sampleConsent,
    clientName: undefined,
    redirectKind: 'custom-scheme',
    redirectHost: 'cursor:',
    redirectUri: 'cursor://anysphere.cursor-mcp/oauth/callback',
  }),
  'sign-in': signInPage({
    people: [
      { value: 'alice', name: 'Alice', note: 'analyst' },
      { value: 'bob', name: 'B'.repeat(64), note: 'n'.repeat(120) },
    ],
    action: '/person',
    hidden: { request: 'a-sealed_value' },
    developmentNotice: true,
  }),
  error: errorPage({
    status: 400,
    title: 'This application may not come back here',
    message: 'The redirect URI is not registered for this client.',
    whatToDo: ['Remove this server from the application and add it again.', `Look at ${'u'.repeat(150)}`],
    incident: '7k2mq9x0ab',
  }),
  done: donePage({ title: 'You are signed out', message: 'This session has ended.' }),
  landing: landingPage({
    resourceName: 'Sample database',
    url: 'http://localhost:8000/mcp',
    signIns: [{ title: 'Development', developmentPeople: ['alice', 'bob', 'carol'] }],
  }),
  'landing-unkind': landingPage({
    resourceName: 'R'.repeat(64),
    url: `https://${LONG}/${'p'.repeat(80)}`,
    connectionName: 'n'.repeat(40),
    signIns: [],
  }),
  // A scheme that no program here answers to, so that the page stays to be looked at.
  continue: continuePage({ url: `no-such-app://callback?code=${'c'.repeat(300)}`, kind: 'custom-scheme' }),
};
