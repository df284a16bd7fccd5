/** How clients find out about the server, and how the server knows them. */
import type { Difference } from '../difference.ts';

export const CLIENT_DIFFERENCES: Readonly<Record<string, Difference>> = {
  'metadata-path-oauth': {
    differs: {
      status: ['200', '404'],
      type: ['application/json', 'nothing'],
      issuer: ['same', 'nothing'],
      complete: ['yes', 'nothing'],
      pkce: ['S256', 'nothing'],
    },
    source: 'RFC 8414 §3.1',
    why: 'The other one is mounted below the path and leaves what lies before it to whoever mounts it. Ours answers there by itself, since MCP clients look there first.',
  },
  'metadata-path-openid': {
    differs: {
      status: ['200', '404'],
      type: ['application/json', 'nothing'],
      issuer: ['same', 'nothing'],
      complete: ['yes', 'nothing'],
      pkce: ['S256', 'nothing'],
    },
    source: 'RFC 8414 §5',
    why: 'As for the OAuth name: the other one leaves what lies before its path to whoever mounts it.',
  },
  'metadata-post': {
    differs: { status: ['405', '404'] },
    source: 'RFC 9110 §15.5.6',
    why: 'There is something at this address, but not for this method, and `Allow` says which.',
  },
  'advertises-response-modes': {
    differs: { value: ['query', 'form_post fragment query'] },
    source: 'OAuth 2.1 §4.1.2',
    why: 'A code goes into the query; no MCP client asks for it elsewhere. The other one is an OpenID provider with more modes.',
  },
  'advertises-scopes': {
    differs: { value: ['mcp:read mcp:write offline_access', 'mcp:read mcp:write offline_access openid'] },
    source: 'decision',
    why: 'We issue no ID tokens, so `openid` is not a scope here.',
  },
  keys: {
    differs: { type: ['application/json', 'application/jwk-set+json'] },
    source: 'decision',
    why: 'A key set is JSON, and more clients know it as `application/json` than by the type of its own.',
  },
  'plain-http': {
    differs: { starts: ['no', 'yes'] },
    source: 'OAuth 2.1 §1.5',
    why: 'Tokens over plain http are for loopback alone, so ours does not start. The other one leaves that to whoever mounts it.',
  },
  'strict-transport': {
    differs: { 'strict-transport-security': ['yes', 'no'] },
    source: 'RFC 6797 §7.1',
    why: 'Ours says itself that one comes back by https. The other one leaves that to what stands before it.',
  },
  'register-least': {
    differs: {
      authentication: ['none', 'client_secret_basic'],
      secret: ['no', 'yes'],
      grants: ['authorization_code refresh_token', 'authorization_code'],
    },
    source: 'RFC 7591 §2',
    why: 'A client that does not say how it authenticates is public here: what registers by itself runs on the machines of people and can keep no secret. The server may choose, and says what it chose.',
  },
  'register-public': {
    differs: { grants: ['authorization_code refresh_token', 'authorization_code'] },
    source: 'RFC 7591 §3.2.1',
    why: 'Clients that leave `grant_types` out refresh all the same; the server may choose, and says what it chose.',
  },
  'register-odd-type': {
    differs: {
      status: ['201', '400'],
      authentication: ['none', 'nothing'],
      secret: ['no', 'nothing'],
      grants: ['authorization_code refresh_token', 'nothing'],
      kept: ['no', 'nothing'],
      error: ['nothing', 'invalid_client_metadata'],
    },
    source: 'RFC 7591 §2',
    why: 'A member whose value means nothing here is left out, not refused.',
  },
  'register-nulls': {
    differs: {
      status: ['201', '400'],
      authentication: ['none', 'nothing'],
      secret: ['no', 'nothing'],
      grants: ['authorization_code refresh_token', 'nothing'],
      kept: ['no', 'nothing'],
      error: ['nothing', 'invalid_client_metadata'],
    },
    source: 'decision',
    why: '`null` is how many clients write that they say nothing.',
  },
  'register-extra-grant': {
    differs: {
      status: ['201', '400'],
      authentication: ['none', 'nothing'],
      secret: ['no', 'nothing'],
      grants: ['authorization_code refresh_token', 'nothing'],
      kept: ['no', 'nothing'],
      error: ['nothing', 'invalid_client_metadata'],
    },
    source: 'RFC 7591 §3.2.1',
    why: 'Clients list what they can do; what we do not offer is left out of the answer. Refused is who offers nothing that works here.',
  },
  'register-scope': {
    differs: {
      status: ['201', '400'],
      authentication: ['none', 'nothing'],
      secret: ['no', 'nothing'],
      grants: ['authorization_code refresh_token', 'nothing'],
      kept: ['no', 'nothing'],
      error: ['nothing', 'invalid_client_metadata'],
    },
    source: 'RFC 7591 §2',
    why: 'A scope at registration is a wish; what counts is what each authorization request asks for.',
  },
  'register-list': {
    differs: { error: ['invalid_client_metadata', 'invalid_request'] },
    source: 'RFC 7591 §3.2.2',
    why: 'A body that is no object is bad metadata, and has the error of the registration endpoint.',
  },
  'register-redirect-http-web': {
    differs: { status: ['400', '201'], error: ['invalid_redirect_uri', 'nothing'] },
    source: 'OAuth 2.1 §2.3',
    why: 'A code never travels over plain http, but on loopback.',
  },
  'register-redirect-user-info': {
    differs: { status: ['400', '201'], error: ['invalid_redirect_uri', 'nothing'] },
    source: 'decision',
    why: 'A name before the host makes a URI look like one of another host. No client needs it.',
  },
  'register-redirect-dots': {
    differs: { status: ['400', '201'], error: ['invalid_redirect_uri', 'nothing'] },
    source: 'decision',
    why: 'URIs are compared as texts; one that its reader changes first is not taken.',
  },
  'register-broken': {
    differs: { error: ['invalid_client_metadata', 'invalid_request'] },
    source: 'RFC 7591 §3.2.2',
    why: 'A body that is no JSON is bad metadata, and has the error of the registration endpoint.',
  },
  'register-form': {
    differs: { status: ['415', '400'] },
    source: 'RFC 9110 §15.5.16',
    why: 'Another media type has a status of its own.',
  },
  'register-huge': {
    differs: { status: ['413', '400'] },
    source: 'RFC 9110 §15.5.14',
    why: 'A body that is too long has a status of its own, and is not read to its end.',
  },
  'register-get': {
    differs: {
      status: ['405', '404'],
      error: ['invalid_request', 'nothing'],
      type: ['nothing', 'text/plain'],
    },
    source: 'RFC 9110 §15.5.6',
    why: 'There is something at this address, but not for this method.',
  },
  'register-loopback-without-type': {
    differs: { outcome: ['asks the person', 'error page'], status: ['nothing', '400'] },
    source: 'RFC 8252 §7.3',
    why: 'Most native MCP clients leave `application_type` out; any port of a registered loopback address will do. The other one takes a client without a type for a web site.',
  },
  'register-twice': {
    differs: { 'same id': ['yes', 'no'] },
    source: 'decision',
    why: 'Our ids describe the client themselves, so that registering stores nothing: the same metadata are the same client.',
  },
  'document-no-name': {
    differs: { outcome: ['error page', 'asks the person'], status: ['400', 'nothing'] },
    source: 'MCP 2026-07-28, client registration',
    why: 'A document has a `client_name`: the consent page has to say who asks.',
  },
  'document-no-type': {
    differs: { outcome: ['asks the person', 'error page'], status: ['nothing', '400'] },
    source: 'RFC 8252 §7.3',
    why: 'Real native clients publish loopback addresses without a port and without `application_type`, and listen at any port.',
  },
  'document-method-list': {
    differs: { outcome: ['asks the person', 'error page'], status: ['nothing', '400'] },
    source: 'decision',
    why: 'Some clients list the ways they can authenticate in place of naming one; `none` among them is enough.',
  },
  'document-html': {
    differs: { outcome: ['error page', 'asks the person'], status: ['400', 'nothing'] },
    source: 'draft-ietf-oauth-client-id-metadata-document §4',
    why: 'A document is JSON and says so: a page that happens to hold JSON describes nobody.',
  },
  'document-500': {
    differs: { status: ['503', '400'] },
    source: 'RFC 9110 §15.6.4',
    why: 'The server of the client is in trouble, which says nothing of the client: it may come again.',
  },
  'document-6k': {
    differs: { outcome: ['asks the person', 'error page'], status: ['nothing', '400'] },
    source: 'decision',
    why: 'The limit is 64 KiB here, as real documents go beyond the 5 KiB that the draft recommends.',
  },
  'document-at-root': {
    differs: {
      outcome: ['error page', 'asks the person'],
      status: ['400', 'nothing'],
      fetched: ['no', 'yes'],
    },
    source: 'draft-ietf-oauth-client-id-metadata-document §3',
    why: 'An id must have a path; the root of a host does not count as one.',
  },
  'document-without-path': {
    differs: {
      outcome: ['error page', 'asks the person'],
      status: ['400', 'nothing'],
      fetched: ['no', 'yes'],
    },
    source: 'draft-ietf-oauth-client-id-metadata-document §3',
    why: 'An id must have a path.',
  },
  'document-at-upper-case': {
    differs: {
      outcome: ['error page', 'asks the person'],
      status: ['400', 'nothing'],
      fetched: ['no', 'yes'],
    },
    source: 'RFC 3986 §6.2.1',
    why: 'An id is compared as a text, so each client has one spelling: the plainest.',
  },
  'document-inside-address': {
    differs: { status: ['503', '400'] },
    source: 'decision',
    why: 'An address that may not be asked looks like one that does not answer, so that nobody can find out what there is.',
  },
  'document-inside-name': {
    differs: { status: ['503', '400'] },
    source: 'decision',
    why: 'As for the address: a name that leads inside looks like one that does not answer.',
  },
};
