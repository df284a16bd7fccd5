import { REDIRECT_URI } from '../../clients/plain-client.ts';
import { type Observation, openPage, STATE, seeAuthorize, sentBack } from '../observation.ts';
import type { Target } from '../target.ts';
import { approve, authorizations, behaviour, enrol, USUAL } from './acts.ts';

const PKCE = authorizations({
  'pkce-s256': ['AS-2 AS-17', 'Asks as it should', {}],
  'pkce-none': [
    'AS-2 AS-6',
    'Sends no challenge',
    { code_challenge: undefined, code_challenge_method: undefined },
  ],
  'pkce-plain': ['AS-2 AS-6', 'Sends a plain challenge', { code_challenge_method: 'plain' }],
  'pkce-without-method': [
    'AS-2 AS-6',
    'Sends a challenge without its method',
    { code_challenge_method: undefined },
  ],
  'pkce-short': ['AS-2 AS-6', 'Sends a challenge that is too short', { code_challenge: 'short' }],
  'pkce-other-method': [
    'AS-2 AS-6',
    'Sends a challenge with a method nobody knows',
    { code_challenge_method: 'S512' },
  ],
});

const REDIRECTS = authorizations({
  'client-unknown': ['AS-4', 'Is a client that nobody knows', { client_id: 'nobody' }],
  'client-missing': ['AS-4', 'Sends no client id', { client_id: undefined }],
  'client-twice': ['AS-4 AS-21', 'Sends two client ids', { client_id: ['known-public', 'nobody'] }],
  'redirect-other-path': [
    'AS-4',
    'Wants to be sent to another path',
    { redirect_uri: 'http://127.0.0.1:41234/other' },
  ],
  'redirect-other-host': [
    'AS-4',
    'Wants to be sent to another host',
    { redirect_uri: 'https://evil.example/callback' },
  ],
  'redirect-localhost': [
    'AS-4',
    'Says localhost where it registered 127.0.0.1',
    { redirect_uri: 'http://localhost:41234/callback' },
  ],
  'redirect-https': [
    'AS-4',
    'Says https where it registered http',
    { redirect_uri: 'https://127.0.0.1:41234/callback' },
  ],
  'redirect-added-query': ['AS-4', 'Adds a query', { redirect_uri: `${REDIRECT_URI}?a=b` }],
  'redirect-fragment': ['AS-4', 'Adds a fragment', { redirect_uri: `${REDIRECT_URI}#a` }],
  'redirect-user-info': [
    'AS-4',
    'Puts a name before the host',
    { redirect_uri: 'http://127.0.0.1:41234@evil.example/callback' },
  ],
  'redirect-dot-segments': [
    'AS-4',
    'Reaches its path by way of another',
    { redirect_uri: 'http://127.0.0.1:41234/x/../callback' },
  ],
  'redirect-slash': ['AS-4', 'Adds a slash', { redirect_uri: `${REDIRECT_URI}/` }],
  'redirect-upper-case-path': [
    'AS-4',
    'Writes its path in upper case',
    { redirect_uri: 'http://127.0.0.1:41234/CALLBACK' },
  ],
  'redirect-upper-case-scheme': [
    'AS-4',
    'Writes its scheme in upper case',
    { redirect_uri: 'HTTP://127.0.0.1:41234/callback' },
  ],
  'redirect-twice': [
    'AS-4 AS-21',
    'Sends two redirect URIs',
    { redirect_uri: [REDIRECT_URI, 'https://evil.example/'] },
  ],
  'redirect-script': ['AS-4 AS-5', 'Wants a script to be run', { redirect_uri: 'javascript:alert(1)' }],
  'redirect-missing': ['AS-4', 'Sends no redirect URI, and registered one', { redirect_uri: undefined }],
  'redirect-other-port': [
    'AS-4',
    'Listens at another port of its loopback address',
    { redirect_uri: 'http://127.0.0.1:50001/callback' },
  ],
  'redirect-without-port': [
    'AS-4',
    'Leaves out the port of its loopback address',
    { redirect_uri: 'http://127.0.0.1/callback' },
  ],
});

const LOCALHOST = authorizations(
  {
    'localhost-other-port': [
      'AS-4',
      'Registered localhost and listens at another port',
      { redirect_uri: 'http://localhost:50002/callback' },
    ],
    'localhost-as-address': [
      'AS-4',
      'Registered localhost and says 127.0.0.1',
      { redirect_uri: 'http://127.0.0.1:50002/callback' },
    ],
  },
  (target) => enrol(target, { redirect_uris: ['http://localhost:41234/callback'] }),
);

const IPV6 = authorizations(
  {
    'ipv6-other-port': [
      'AS-4',
      'Registered [::1] and listens at another port',
      { redirect_uri: 'http://[::1]:50003/callback' },
    ],
  },
  (target) => enrol(target, { redirect_uris: ['http://[::1]/callback'] }),
);

const WEB = authorizations(
  {
    'web-other-port': [
      'AS-4',
      'Is a web site and names another port',
      { redirect_uri: 'https://app.example:8443/callback' },
    ],
    'web-second': [
      'AS-4 AS-16',
      'Is a web site and names the second of its redirect URIs',
      { redirect_uri: 'https://app.example/other' },
    ],
    'web-missing': ['AS-4', 'Sends no redirect URI, and registered two', { redirect_uri: undefined }],
  },
  async ({ known }) => known.web,
);

const ERRORS = authorizations({
  'response-type-token': ['AS-6 AS-21', 'Wants the token at once', { response_type: 'token' }],
  'response-type-id-token': ['AS-6 AS-21', 'Wants an ID token at once', { response_type: 'code id_token' }],
  'response-type-missing': ['AS-6 AS-21', 'Does not say what it wants', { response_type: undefined }],
  'response-mode-fragment': ['AS-6 AS-21', 'Wants the answer in the fragment', { response_mode: 'fragment' }],
  'response-mode-form': ['AS-6 AS-21', 'Wants the answer posted', { response_mode: 'form_post' }],
  'request-object': ['AS-6 AS-21', 'Sends a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }],
  'request-uri': ['AS-6 AS-21', 'Sends the URI of a request', { request_uri: 'http://127.0.0.1:1/request' }],
  'scope-twice': ['AS-6 AS-21', 'Sends two scopes', { scope: ['mcp:read', 'mcp:write'] }],
  'state-twice': ['AS-6 AS-8 AS-21', 'Sends two states', { state: ['one', 'two'] }],
  'scope-unknown': ['AS-6', 'Asks for a scope that nobody knows', { scope: 'everything' }],
  'scope-partly-unknown': [
    'AS-12',
    'Asks for a scope that there is, and for two that nobody knows',
    { scope: 'mcp:read profile email' },
  ],
  'scope-openid': ['AS-12', 'Asks for openid', { scope: 'openid mcp:read' }],
  'scope-malformed': ['AS-6', 'Sends a scope with a quote', { scope: 'mcp:read "' }],
  'prompt-none': ['AS-6 AS-17', 'Wants no page to be shown', { prompt: 'none' }],
  'prompt-unknown': ['AS-17', 'Sends a prompt that nobody knows', { prompt: 'dance' }],
  'parameters-unknown': [
    'AS-21',
    'Sends parameters that nobody knows',
    { audience: 'x', nonce: 'y', display: 'popup', login_hint: 'alice' },
  ],
  'state-missing': ['AS-8', 'Sends no state', { state: undefined, response_type: 'token' }],
  'resource-unknown': [
    'AS-6 AS-10',
    'Asks for a resource that is not here',
    { resource: 'https://other.example/mcp' },
  ],
  'resource-sibling': ['AS-6 AS-10', 'Asks for a path beside the resource', { resource: '{resource}/admin' }],
  'resource-fragment': ['AS-6 AS-10', 'Names the resource with a fragment', { resource: '{resource}#a' }],
  'resource-relative': ['AS-6 AS-10', 'Names the resource by its path', { resource: '/mcp' }],
  'resource-two': [
    'AS-6 AS-10',
    'Names two resources',
    { resource: ['{resource}', 'https://other.example/mcp'] },
  ],
});

/** A whole login, and what comes back to the client. */
async function answered(
  target: Target,
  fields: Record<string, string | undefined>,
  state?: string,
): Promise<Observation> {
  const { answer } = await approve(target, undefined, fields);
  return sentBack(answer, target, state);
}

const ANSWERS = [
  behaviour('answer-code', 'AS-7 AS-8', 'Is approved', (target) => answered(target, { state: STATE })),
  behaviour('answer-odd-state', 'AS-8', 'Sends a state with every kind of character', (target) =>
    answered(target, { state: 'a b&c=d%20é/?#+"<' }, 'a b&c=d%20é/?#+"<'),
  ),
  behaviour('answer-long-state', 'AS-8', 'Sends a state of 2,000 characters', (target) =>
    answered(target, { state: 's'.repeat(2000) }, 's'.repeat(2000)),
  ),
  behaviour('answer-without-state', 'AS-8', 'Sends no state, and is approved', (target) =>
    answered(target, { state: undefined }),
  ),
  behaviour('answer-denied', 'AS-6 AS-7', 'Is denied by the person', async (target) => {
    const url = target.client.authorizationUrl(await enrol(target), { ...USUAL, state: STATE });
    return sentBack(await target.newBrowser().walk(url, { decision: 'deny' }), target);
  }),
  behaviour('authorize-post', 'AS-21', 'Posts its authorization request', async (target) => {
    const url = new URL(target.client.authorizationUrl(await enrol(target), USUAL));
    const init = {
      method: 'POST',
      body: new URLSearchParams(url.search),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
    return (await openPage(target, url.origin + url.pathname, target.newBrowser(), init)).seen;
  }),
  behaviour('authorize-registered-rewritten', 'AS-15', 'Changes a character of its id', async (target) => {
    const client = await enrol(target);
    const changed = { ...client, id: `${client.id.slice(0, -1)}${client.id.endsWith('A') ? 'B' : 'A'}` };
    return seeAuthorize(target, target.client.authorizationUrl(changed, USUAL));
  }),
];

export const AUTHORIZATION_REQUESTS = [
  ...PKCE,
  ...REDIRECTS,
  ...LOCALHOST,
  ...IPV6,
  ...WEB,
  ...ERRORS,
  ...ANSWERS,
];
