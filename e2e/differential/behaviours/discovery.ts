import type { Answered, PlainClient } from '../../clients/plain-client.ts';
import { type Observation, withoutPort, words, yes } from '../observation.ts';
import { behaviour } from './acts.ts';

const OAUTH = '/.well-known/oauth-authorization-server';
const OPENID = '/.well-known/openid-configuration';

const MEMBERS = ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'];

function document(answer: Answered, client: PlainClient): Observation {
  if (answer.status !== 200) return { status: String(answer.status) };
  return {
    status: '200',
    type: answer.headers.get('content-type')?.split(';')[0] ?? 'none',
    issuer: answer.body.issuer === client.url ? 'same' : withoutPort(String(answer.body.issuer)),
    complete: yes(MEMBERS.every((name) => typeof answer.body[name] === 'string')),
    pkce: words(answer.body.code_challenge_methods_supported),
  };
}

const at = (id: string, what: string, path: string, below = false) =>
  behaviour(id, 'AS-1 AS-2', what, async (target) => {
    const client = below ? target.belowPath : target.client;
    return document(await client.get(rooted(client, path)), client);
  });

const rooted = (client: PlainClient, path: string) => new URL(path, client.url).href;

/** One member of the metadata, by itself, so that each difference has its own reason. */
const member = (id: string, rules: string, what: string, see: (body: Record<string, unknown>) => string) =>
  behaviour(id, rules, what, async ({ client }) => ({ value: see((await client.get(OAUTH)).body) }));

const list = (name: string) => (body: Record<string, unknown>) => words(body[name]);
const flag = (name: string) => (body: Record<string, unknown>) => String(body[name] ?? 'absent');
const given = (name: string) => (body: Record<string, unknown>) => yes(body[name]);

export const DISCOVERY = [
  at('metadata-oauth', 'Reads the metadata under the OAuth name', OAUTH),
  at('metadata-openid', 'Reads the metadata under the OpenID name', OPENID),
  at('metadata-path-oauth', 'Inserts the OAuth name before the path of the issuer', `${OAUTH}/t1`, true),
  at('metadata-path-openid', 'Inserts the OpenID name before the path of the issuer', `${OPENID}/t1`, true),
  at('metadata-path-appended', 'Appends the OpenID name to the path of the issuer', `/t1${OPENID}`, true),
  behaviour(
    'metadata-cors',
    'AS-1',
    'Reads the metadata from a web page of somebody else',
    async ({ client }) => {
      const { headers } = await client.get(OAUTH, { origin: 'https://page.example' });
      return {
        readable: yes(
          /^(\*|https:\/\/page\.example)$/.test(headers.get('access-control-allow-origin') ?? ''),
        ),
      };
    },
  ),
  behaviour(
    'metadata-preflight',
    'AS-1',
    'Asks before it sends MCP-Protocol-Version from a web page',
    async (target) => {
      const { status, headers } = await fetch(target.issuer + OAUTH, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://page.example',
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'mcp-protocol-version',
        },
      });
      const allowed = headers.get('access-control-allow-headers') ?? '';
      return { ok: yes(status < 300), allowed: yes(/mcp-protocol-version|\*/i.test(allowed)) };
    },
  ),
  behaviour('metadata-post', 'AS-1', 'Posts to the metadata', async (target) => {
    const { status } = await fetch(target.issuer + OAUTH, { method: 'POST' });
    return { status: String(status) };
  }),
  behaviour('metadata-head', 'AS-1', 'Asks for the head of the metadata', async (target) => {
    const { status } = await fetch(target.issuer + OAUTH, { method: 'HEAD' });
    return { status: String(status) };
  }),
  member(
    'advertises-response-types',
    'AS-3',
    'Looks for the response types',
    list('response_types_supported'),
  ),
  member(
    'advertises-response-modes',
    'AS-3',
    'Looks for the response modes',
    list('response_modes_supported'),
  ),
  member('advertises-grants', 'AS-3 AS-22', 'Looks for the grants', list('grant_types_supported')),
  member('advertises-scopes', 'AS-3', 'Looks for the scopes', list('scopes_supported')),
  member(
    'advertises-client-authentication',
    'AS-3 AS-20',
    'Looks for the ways to authenticate a client',
    list('token_endpoint_auth_methods_supported'),
  ),
  member(
    'advertises-iss',
    'AS-3 AS-7',
    'Looks whether answers carry iss',
    flag('authorization_response_iss_parameter_supported'),
  ),
  member(
    'advertises-documents',
    'AS-3 AS-14',
    'Looks whether its id may be a URL',
    flag('client_id_metadata_document_supported'),
  ),
  member(
    'advertises-registration',
    'AS-3 AS-15',
    'Looks for the registration endpoint',
    given('registration_endpoint'),
  ),
  member(
    'advertises-revocation',
    'AS-3 AS-19',
    'Looks for the revocation endpoint',
    given('revocation_endpoint'),
  ),
  member(
    'advertises-introspection',
    'AS-3 AS-19',
    'Looks for the introspection endpoint',
    given('introspection_endpoint'),
  ),
  behaviour('keys', 'AS-19', 'Fetches the keys', async ({ client }) => {
    const { status, headers, text } = await client.get('/jwks');
    const { keys } = JSON.parse(text) as { keys: Record<string, unknown>[] };
    return {
      status: String(status),
      type: headers.get('content-type')?.split(';')[0] ?? 'none',
      secrets: yes(keys.some((key) => ['d', 'p', 'k'].some((name) => name in key))),
      named: yes(keys.every((key) => key.kid && key.use === 'sig')),
    };
  }),
  behaviour(
    'plain-http',
    'AS-13',
    'Is started with a public URL that is http on the open network',
    async (target) => ({
      starts: yes(await target.opens('http://as.example')),
    }),
  ),
  behaviour('strict-transport', 'AS-13', 'Comes to a server whose public URL is https', async (target) => ({
    'strict-transport-security': yes((await target.secureHeaders()).has('strict-transport-security')),
  })),
];
