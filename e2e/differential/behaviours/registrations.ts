import { type Answered, readAnswer } from '../../clients/plain-client.ts';
import { type Observation, programSeen, seeAuthorize, yes } from '../observation.ts';
import type { Target } from '../target.ts';
import { behaviour, enrol, NATIVE, USUAL } from './acts.ts';

const BASE = { client_name: 'A client', redirect_uris: ['http://127.0.0.1:41234/callback'] };
const PUBLIC = {
  ...BASE,
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
};

/** What was registered, without members that only repeat what was sent. */
function registered(answer: Answered): Observation {
  const { status, body, headers } = answer;
  if (status >= 300) return programSeen(answer);
  return {
    status: String(status),
    authentication: String(body.token_endpoint_auth_method ?? 'absent'),
    secret: yes(body.client_secret),
    grants: Array.isArray(body.grant_types) ? body.grant_types.join(' ') : 'absent',
    kept: /no-store/.test(headers.get('cache-control') ?? '') ? 'no' : 'maybe',
  };
}

const post = (target: Target, metadata: unknown) => target.client.postJson('/register', metadata);

const metadata = (id: string, rules: string, what: string, sent: unknown) =>
  behaviour(id, rules, what, async (target) => registered(await post(target, sent)));

/** A redirect URI of a native client: is it taken? */
const redirect = (id: string, what: string, uri: string, type = 'native') =>
  behaviour(id, 'AS-5', what, async (target) => {
    const answer = await post(target, { ...NATIVE, application_type: type, redirect_uris: [uri] });
    return answer.status === 201 ? { status: '201' } : programSeen(answer);
  });

const raw = (id: string, what: string, init: RequestInit) =>
  behaviour(id, 'AS-15', what, async (target) =>
    programSeen(await readAnswer(await fetch(`${target.issuer}/register`, init))),
  );

const json = { 'content-type': 'application/json' };

export const REGISTRATIONS = [
  metadata('register-native', 'AS-15', 'Registers with everything that there is to say', NATIVE),
  metadata('register-least', 'AS-15', 'Registers with a redirect URI alone', {
    redirect_uris: BASE.redirect_uris,
  }),
  metadata('register-public', 'AS-15 AS-20', 'Registers as public, and says nothing of its grants', {
    ...BASE,
    token_endpoint_auth_method: 'none',
  }),
  metadata('register-basic', 'AS-15 AS-20', 'Registers for a secret in the header', {
    ...NATIVE,
    token_endpoint_auth_method: 'client_secret_basic',
  }),
  metadata('register-post', 'AS-15 AS-20', 'Registers for a secret in the form', {
    ...NATIVE,
    token_endpoint_auth_method: 'client_secret_post',
  }),
  metadata('register-web-loopback', 'AS-15', 'Says that it is a web site, on loopback', {
    ...PUBLIC,
    application_type: 'web',
  }),
  metadata('register-odd-type', 'AS-15', 'Says that it is of a type nobody knows', {
    ...PUBLIC,
    application_type: 'browser',
  }),
  metadata('register-unknown-members', 'AS-15', 'Sends members that nobody knows', {
    ...PUBLIC,
    software_thing: 'x',
  }),
  metadata('register-nulls', 'AS-15', 'Sends null where it means nothing', {
    ...PUBLIC,
    client_uri: null,
    scope: null,
  }),
  metadata('register-odd-method', 'AS-15', 'Wants to authenticate in a way nobody knows', {
    ...BASE,
    token_endpoint_auth_method: 'magic',
  }),
  metadata('register-password-grant', 'AS-15 AS-22', 'Registers for the password grant alone', {
    ...PUBLIC,
    grant_types: ['password'],
  }),
  metadata('register-extra-grant', 'AS-15 AS-22', 'Registers for one grant more than there is', {
    ...PUBLIC,
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  }),
  metadata('register-implicit', 'AS-15 AS-21', 'Registers for the implicit flow', {
    ...PUBLIC,
    grant_types: ['implicit'],
    response_types: ['token'],
  }),
  metadata('register-scope', 'AS-12 AS-15', 'Registers for a scope that nobody knows', {
    ...PUBLIC,
    scope: 'everything',
  }),
  metadata('register-no-redirects', 'AS-15', 'Registers without a redirect URI', { client_name: 'A client' }),
  metadata('register-empty-redirects', 'AS-15', 'Registers with an empty list of redirect URIs', {
    ...PUBLIC,
    redirect_uris: [],
  }),
  metadata('register-text-redirects', 'AS-15', 'Sends its redirect URI as a text', {
    ...PUBLIC,
    redirect_uris: 'http://127.0.0.1/',
  }),
  metadata('register-list', 'AS-15', 'Sends a list', [PUBLIC]),
  metadata('register-markup-name', 'AS-15 AS-17', 'Has a name with markup', {
    ...PUBLIC,
    client_name: '<script>alert(1)</script>',
  }),
  redirect('register-redirect-script', 'Registers a script', 'javascript:alert(1)'),
  redirect('register-redirect-data', 'Registers a data URL', 'data:text/html,x'),
  redirect('register-redirect-file', 'Registers a file', 'file:///etc/passwd'),
  redirect('register-redirect-vbscript', 'Registers a script of another kind', 'vbscript:x'),
  redirect('register-redirect-blob', 'Registers a blob', 'blob:https://example.com/1'),
  redirect(
    'register-redirect-http',
    'Registers plain http on the open network',
    'http://example.com/callback',
  ),
  redirect(
    'register-redirect-http-web',
    'Registers plain http on the open network, as a web site',
    'http://example.com/callback',
    'web',
  ),
  redirect(
    'register-redirect-private',
    'Registers an address of the local network',
    'http://192.168.1.5/callback',
  ),
  redirect('register-redirect-fragment', 'Registers a fragment', 'https://example.com/callback#x'),
  redirect(
    'register-redirect-user-info',
    'Registers a URI with a name and a password',
    'https://user:pass@example.com/callback',
  ),
  redirect('register-redirect-dots', 'Registers a path with dot segments', 'https://example.com/a/../b'),
  redirect(
    'register-redirect-custom',
    'Registers a scheme of its own',
    'cursor://anysphere.cursor-mcp/oauth/callback',
  ),
  redirect(
    'register-redirect-custom-dot',
    'Registers a scheme that is a name read backwards',
    'com.example.app:/callback',
  ),
  redirect('register-redirect-localhost', 'Registers localhost', 'http://localhost/callback'),
  redirect('register-redirect-ipv6', 'Registers the loopback address of IPv6', 'http://[::1]/callback'),
  redirect('register-redirect-words', 'Registers what is no URI', 'not a uri'),
  raw('register-broken', 'Sends half of a JSON text', { method: 'POST', body: '{', headers: json }),
  raw('register-form', 'Sends a form', { method: 'POST', body: new URLSearchParams({ client_name: 'x' }) }),
  raw('register-huge', 'Sends 200 kilobytes', {
    method: 'POST',
    body: JSON.stringify({ ...PUBLIC, client_uri: `https://x.example/${'x'.repeat(200_000)}` }),
    headers: json,
  }),
  raw('register-get', 'Asks the registration endpoint with GET', {}),
  behaviour(
    'register-loopback-without-type',
    'AS-4 AS-15',
    'Does not say that it is native, and listens at another port',
    async (target) => {
      const client = await target.client.register();
      const redirectUri = 'http://127.0.0.1:50004/callback';
      return seeAuthorize(target, target.client.authorizationUrl({ ...client, redirectUri }, USUAL));
    },
  ),
  behaviour('register-twice', 'AS-15', 'Registers a second time with the same metadata', async (target) => {
    const [first, second] = [await target.client.register(NATIVE), await target.client.register(NATIVE)];
    return { 'same id': yes(first.id === second.id) };
  }),
  behaviour('register-never-fetches', 'AS-15', 'Names addresses of its keys and its logo', async (target) => {
    const keys = target.publish('https://keys.example/jwks.json', { body: '{"keys":[]}' });
    const logo = target.publish('https://keys.example/logo.png', { body: '' });
    const answer = await post(target, {
      ...NATIVE,
      jwks_uri: 'https://keys.example/jwks.json',
      logo_uri: 'https://keys.example/logo.png',
    });
    return { status: String(answer.status), fetched: String(keys.fetches() + logo.fetches()) };
  }),
  behaviour('register-then-authorize', 'AS-15', 'Registers and asks as it should', async (target) =>
    seeAuthorize(target, target.client.authorizationUrl(await enrol(target), USUAL)),
  ),
];
