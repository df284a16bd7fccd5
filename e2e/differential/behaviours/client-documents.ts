import type { Fields } from '../../clients/plain-client.ts';
import { seeAuthorize, tokensSeen } from '../observation.ts';
import type { PublishedDocument, Target } from '../target.ts';
import { approve, behaviour, USUAL } from './acts.ts';

const REDIRECT = 'http://127.0.0.1/callback';

let count = 0;
/** An address nobody fetched before. */
function newUrl(): string {
  count += 1;
  return `https://client.example/${count}/client.json`;
}

const goodDocument = (url: string) => ({
  client_id: url,
  client_name: 'A client with a document',
  redirect_uris: [REDIRECT, 'https://client.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
  application_type: 'native',
});

const asJson = (body: unknown): PublishedDocument => ({ body: JSON.stringify(body) });

const ask = (
  target: Target,
  url: string,
  redirectUri = 'http://127.0.0.1:50010/callback',
  fields: Fields = {},
) => seeAuthorize(target, target.client.authorizationUrl({ id: url, redirectUri }, { ...USUAL, ...fields }));

/** A document that differs from a good one. */
const document = (
  id: string,
  what: string,
  change: (url: string) => Record<string, unknown>,
  redirectUri?: string,
) =>
  behaviour(id, 'AS-14', what, async (target) => {
    const url = newUrl();
    target.publish(url, asJson({ ...goodDocument(url), ...change(url) }));
    return ask(target, url, redirectUri);
  });

/** A good document that is served in an odd way. */
const served = (id: string, what: string, serve: (body: string) => PublishedDocument) =>
  behaviour(id, 'AS-14', what, async (target) => {
    const url = newUrl();
    target.publish(url, serve(JSON.stringify(goodDocument(url))));
    return ask(target, url);
  });

/** A good document at an odd address. */
const address = (id: string, what: string, url: string) =>
  behaviour(id, 'AS-14', what, async (target) => {
    const { fetches } = target.publish(url, asJson(goodDocument(url)));
    return { ...(await ask(target, url)), fetched: fetches() > 0 ? 'yes' : 'no' };
  });

const DOCUMENTS = [
  document('document-good', 'Publishes a good document', () => ({})),
  document('document-other-id', 'Has a document that names another client', () => ({
    client_id: 'https://other.example/c.json',
  })),
  document('document-no-id', 'Has a document that names nobody', () => ({ client_id: undefined })),
  document('document-no-name', 'Has a document without a name', () => ({ client_name: undefined })),
  document('document-no-redirects', 'Has a document without redirect URIs', () => ({
    redirect_uris: undefined,
  })),
  document('document-secret', 'Has a document with a secret', () => ({ client_secret: 'x' })),
  document('document-secret-method', 'Wants to authenticate with a secret', () => ({
    token_endpoint_auth_method: 'client_secret_basic',
  })),
  document('document-private-key', 'Publishes its private key', () => ({
    token_endpoint_auth_method: 'none',
    jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] },
  })),
  document('document-no-type', 'Does not say that it is native, and listens at another port', () => ({
    application_type: undefined,
  })),
  document('document-unknown-grant', 'Names a grant more than there is', () => ({
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
  })),
  document('document-method-list', 'Lists the ways it can authenticate', () => ({
    token_endpoint_auth_method: undefined,
    token_endpoint_auth_methods_supported: ['private_key_jwt', 'none'],
  })),
  document(
    'document-other-redirect',
    'Wants to be sent where its document does not say',
    () => ({}),
    'https://client.example/other',
  ),
  document(
    'document-web-redirect',
    'Names the https redirect URI of its document',
    () => ({}),
    'https://client.example/callback',
  ),
  document('document-list', 'Has a list for a document', (url) => ({
    length: url.length,
    redirect_uris: {},
  })),
  served('document-html', 'Serves its document as HTML', (body) => ({
    body,
    headers: { 'content-type': 'text/html' },
  })),
  served('document-json-suffix', 'Serves its document with a type of its own', (body) => ({
    body,
    headers: { 'content-type': 'application/client-metadata+json' },
  })),
  served('document-404', 'Has no document', (body) => ({ body, status: 404 })),
  served('document-500', 'Has a server in trouble', (body) => ({ body, status: 500 })),
  served('document-redirect', 'Redirects to its document', (body) => ({
    body,
    status: 302,
    headers: { location: 'https://client.example/elsewhere.json' },
  })),
  served('document-broken', 'Serves half of its document', (body) => ({ body: body.slice(0, 50) })),
  served('document-6k', 'Has a document of 6 kilobytes', (body) => ({ body: body + ' '.repeat(6000) })),
  served('document-70k', 'Has a document of 70 kilobytes', (body) => ({ body: body + ' '.repeat(70_000) })),
  address('document-at-http', 'Has its document at plain http', 'http://client.example/client.json'),
  address('document-at-root', 'Has its document at the root of its host', 'https://root.example/'),
  address('document-without-path', 'Has its document at a bare host', 'https://bare.example'),
  address(
    'document-at-fragment',
    'Has its document at an address with a fragment',
    'https://client.example/c.json#a',
  ),
  address(
    'document-at-user-info',
    'Has its document at an address with a name',
    'https://me@client.example/c.json',
  ),
  address(
    'document-at-dots',
    'Has its document at an address with dot segments',
    'https://client.example/a/../c.json',
  ),
  address(
    'document-at-encoded-dots',
    'Has its document at an address with encoded dot segments',
    'https://client.example/%2e%2e/d.json',
  ),
  address(
    'document-at-query',
    'Has its document at an address with a query',
    'https://client.example/q.json?v=1',
  ),
  address(
    'document-at-upper-case',
    'Writes the scheme of its address in upper case',
    'HTTPS://client.example/u.json',
  ),
];

const TIME_AND_PLACE = [
  behaviour('document-inside-address', 'AS-14', 'Has its document at a loopback address', (target) =>
    ask(target, 'https://127.0.0.1/client.json'),
  ),
  behaviour('document-inside-name', 'AS-14', 'Has its document at localhost', (target) =>
    ask(target, 'https://localhost/client.json'),
  ),
  behaviour('document-login', 'AS-14 AS-20', 'Logs in with a document', async (target) => {
    const url = newUrl();
    target.publish(url, asJson(goodDocument(url)));
    const { exchanged } = await approve(target, { id: url, redirectUri: 'http://127.0.0.1:50011/callback' });
    return tokensSeen(await target.client.token(exchanged));
  }),
  behaviour('document-kept', 'AS-14', 'Comes twice within ten seconds', async (target) => {
    const url = newUrl();
    const { fetches } = target.publish(url, asJson(goodDocument(url)));
    await ask(target, url);
    target.advance(10);
    await ask(target, url);
    return { fetches: String(fetches()) };
  }),
  behaviour(
    'document-kept-longer',
    'AS-14',
    'Says that its document is good for an hour, and comes again half an hour later',
    async (target) => {
      const url = newUrl();
      const headers = { 'content-type': 'application/json', 'cache-control': 'max-age=3600' };
      const { fetches } = target.publish(url, { body: JSON.stringify(goodDocument(url)), headers });
      await ask(target, url);
      target.advance(1800);
      await ask(target, url);
      return { fetches: String(fetches()) };
    },
  ),
  behaviour(
    'document-kept-not-at-all',
    'AS-14',
    'Says that its document must not be kept, and comes again a minute later',
    async (target) => {
      const url = newUrl();
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
      const { fetches } = target.publish(url, { body: JSON.stringify(goodDocument(url)), headers });
      await ask(target, url);
      target.advance(61);
      await ask(target, url);
      return { fetches: String(fetches()) };
    },
  ),
  behaviour('document-asked-at-once', 'AS-14', 'Comes five times at the same moment', async (target) => {
    const url = newUrl();
    const { fetches } = target.publish(url, asJson(goodDocument(url)));
    await Promise.all(Array.from({ length: 5 }, () => ask(target, url)));
    return { fetches: String(fetches()) };
  }),
  behaviour(
    'document-repaired',
    'AS-14',
    'Repairs a bad document, and comes again two minutes later',
    async (target) => {
      const url = newUrl();
      let good = false;
      target.publish(url, () => (good ? asJson(goodDocument(url)) : { body: '{', status: 200 }));
      const before = await ask(target, url);
      good = true;
      target.advance(120);
      return { before: before.outcome ?? '', ...(await ask(target, url)) };
    },
  ),
];

export const CLIENT_DOCUMENTS = [...DOCUMENTS, ...TIME_AND_PLACE];
