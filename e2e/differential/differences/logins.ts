/** From the authorization request to the end of a session. */
import type { Difference } from '../difference.ts';

export const LOGIN_DIFFERENCES: Readonly<Record<string, Difference>> = {
  'redirect-twice': {
    differs: {
      outcome: ['error page', 'error at the client'],
      status: ['400', 'nothing'],
      error: ['nothing', 'invalid_request'],
      by: ['nothing', 'query'],
      iss: ['nothing', 'issuer'],
      state: ['nothing', 'same'],
    },
    source: 'RFC 6749 §3.1',
    why: 'Two redirect URIs prove neither, so nobody is sent anywhere.',
  },
  'response-type-token': {
    differs: { by: ['query', 'fragment'] },
    source: 'RFC 6749 §4.1.2.1',
    why: 'Errors go where codes go. The other one follows OpenID, which answers such a request in the fragment.',
  },
  'response-type-id-token': {
    differs: { by: ['query', 'fragment'] },
    source: 'RFC 6749 §4.1.2.1',
    why: 'Errors go where codes go. The other one follows OpenID, which answers such a request in the fragment.',
  },
  'response-mode-fragment': {
    differs: {
      outcome: ['error at the client', 'asks the person'],
      error: ['invalid_request', 'nothing'],
      by: ['query', 'nothing'],
      iss: ['issuer', 'nothing'],
      state: ['same', 'nothing'],
    },
    source: 'OAuth 2.1 §4.1.2',
    why: 'A code goes into the query, and a client that waits for it elsewhere should hear of that.',
  },
  'response-mode-form': {
    differs: {
      outcome: ['error at the client', 'asks the person'],
      error: ['invalid_request', 'nothing'],
      by: ['query', 'nothing'],
      iss: ['issuer', 'nothing'],
      state: ['same', 'nothing'],
    },
    source: 'OAuth 2.1 §4.1.2',
    why: 'A code goes into the query, and a client that waits for it elsewhere should hear of that.',
  },
  'scope-unknown': {
    differs: {
      outcome: ['error at the client', 'asks the person'],
      error: ['invalid_scope', 'nothing'],
      by: ['query', 'nothing'],
      iss: ['issuer', 'nothing'],
      state: ['same', 'nothing'],
    },
    source: 'RFC 6749 §3.3',
    why: 'A client that asks for nothing but what there is not hears of it; unknown scopes beside known ones are left out by both.',
  },
  'prompt-unknown': {
    differs: {
      outcome: ['asks the person', 'error at the client'],
      error: ['nothing', 'invalid_request'],
      by: ['nothing', 'query'],
      iss: ['nothing', 'issuer'],
      state: ['nothing', 'same'],
    },
    source: 'RFC 6749 §3.1',
    why: 'What is not known is ignored. The other one is an OpenID provider, for which `prompt` has a list of values.',
  },
  'parameters-unknown': {
    differs: {
      outcome: ['asks the person', 'error at the client'],
      error: ['nothing', 'invalid_request'],
      by: ['nothing', 'query'],
      iss: ['nothing', 'issuer'],
      state: ['nothing', 'same'],
    },
    source: 'RFC 6749 §3.1',
    why: 'What is not known is ignored. The other one is an OpenID provider, which knows some of these and checks them.',
  },
  'state-missing': {
    differs: { by: ['query', 'fragment'] },
    source: 'RFC 6749 §4.1.2.1',
    why: 'Errors go where codes go. The other one follows OpenID, which answers such a request in the fragment.',
  },
  'authorize-post': {
    differs: { outcome: ['asks the person', 'error page'], status: ['nothing', '404'] },
    source: 'RFC 6749 §3.1',
    why: 'The authorization endpoint may take a posted request, and ours does.',
  },
  'page-consent-headers': {
    differs: {
      kept: ['no', 'maybe'],
      referrer: ['same-origin', 'default'],
      framed: ['no', 'maybe'],
      scripts: ['no', 'maybe'],
    },
    source: 'OAuth 2.1 §7.12',
    why: 'The other one has no pages: the form on its side is that of this comparison, and bare.',
  },
  'page-error-headers': {
    differs: { referrer: ['same-origin', 'default'], framed: ['no', 'maybe'], scripts: ['no', 'maybe'] },
    source: 'OAuth 2.1 §7.12',
    why: 'All our pages have the same headers, error pages too. The other one leaves the look of its error page to whoever mounts it.',
  },
  'page-after-form': {
    differs: { onward: ['a page', 'without the form'] },
    source: 'decision',
    why: 'Here consent comes first and the sign-in is the next page; on the other side both are one form, that of this comparison.',
  },
  'page-forged-post': {
    differs: { outcome: ['refused', 'goes on'] },
    source: 'MCP security best practices',
    why: 'Our page is taken from our own origin alone. The form on the other side is that of this comparison, which looks at nothing.',
  },
  'again-prompt-none': {
    differs: { error: ['login_required', 'interaction_required'] },
    source: 'OpenID Connect Core §3.1.2.6',
    why: 'We keep no session in the browser, so a login is always needed; the other one has a session and needs the consent.',
  },
  'code-no-verifier': {
    differs: { error: ['invalid_request', 'invalid_grant'] },
    source: 'RFC 6749 §5.2',
    why: 'A required parameter is missing, whatever the code is worth.',
  },
  'code-short-verifier': {
    differs: { error: ['invalid_grant', 'invalid_request'] },
    source: 'RFC 7636 §4.6',
    why: 'A verifier that can not be one matches no challenge.',
  },
  'code-other-resource': {
    differs: { 'the right one afterwards': ['works', 'invalid_grant'] },
    source: 'decision',
    why: 'A code is used up by tokens alone: whoever sends it with a mistake may send it again.',
  },
  'code-replayed-at-once': {
    differs: { 'refresh token of the first': ['yes', 'invalid_grant'] },
    source: 'decision',
    why: 'Within ten seconds it is the same client whose answer was lost, or its race with itself; later the session ends on both sides.',
  },
  'token-json': {
    differs: { status: ['415', '400'] },
    source: 'RFC 9110 §15.5.16',
    why: 'Another media type has a status of its own.',
  },
  'token-get': {
    differs: {
      status: ['405', '404'],
      error: ['invalid_request', 'nothing'],
      type: ['nothing', 'text/plain'],
    },
    source: 'RFC 9110 §15.5.6',
    why: 'There is something at this address, but not for this method.',
  },
  'token-huge': {
    differs: { status: ['413', '400'] },
    source: 'RFC 9110 §15.5.14',
    why: 'A body that is too long has a status of its own, and is not read to its end.',
  },
  'token-cors': {
    differs: { status: ['200', '400'], readable: ['yes', 'no'] },
    source: 'decision',
    why: 'Clients that are web pages exchange their codes from there; PKCE and the code prove them, and no cookie counts. The other one asks whoever mounts it for a list.',
  },
  'access-token': {
    differs: {
      claims: ['aud client_id exp gen iat iss jti scope sid sub', 'aud client_id exp iat iss jti scope sub'],
    },
    source: 'RFC 9068 §2.2',
    why: 'Two claims more: `sid`, the session, by which a revocation is seen, and `gen`, by which we see that the client got its last refresh token.',
  },
  'resource-upper-case': {
    differs: {
      status: ['200', 'nothing'],
      members: ['access_token expires_in refresh_token scope token_type', 'nothing'],
      scope: ['mcp:read', 'nothing'],
      audience: ['resource', 'nothing'],
      outcome: ['nothing', 'error at the client'],
      error: ['nothing', 'invalid_target'],
      by: ['nothing', 'query'],
      iss: ['nothing', 'issuer'],
      state: ['nothing', 'same'],
    },
    source: 'RFC 3986 §6.2.2.1; MCP 2026-07-28, authorization',
    why: 'Scheme and host mean the same in either case, and the resource server has to take both.',
  },
  'scope-missing': {
    differs: {
      status: ['200', 'nothing'],
      members: ['access_token expires_in refresh_token scope token_type', 'nothing'],
      scope: ['mcp:read', 'nothing'],
      audience: ['resource', 'nothing'],
      outcome: ['nothing', 'error at the client'],
      error: ['nothing', 'access_denied'],
      by: ['nothing', 'query'],
      iss: ['nothing', 'issuer'],
      state: ['nothing', 'same'],
    },
    source: 'RFC 6749 §3.3',
    why: 'A client that names no scope gets the least there is. The other one has no such default, so there is nothing to approve.',
  },
  'client-post-wrong': {
    differs: { challenge: ['Basic', 'none'] },
    source: 'RFC 9110 §15.5.2',
    why: 'A 401 says which scheme would do, however the client tried.',
  },
  'client-no-secret': {
    differs: { challenge: ['Basic', 'none'] },
    source: 'RFC 9110 §15.5.2',
    why: 'A 401 says which scheme would do, however the client tried.',
  },
  'client-public-with-secret': {
    differs: {
      status: ['200', '401'],
      members: ['access_token expires_in refresh_token scope token_type', 'nothing'],
      scope: ['mcp:read', 'nothing'],
      error: ['nothing', 'invalid_client'],
      challenge: ['nothing', 'none'],
    },
    source: 'decision',
    why: 'Some public clients send a secret from elsewhere; it proves nothing, and PKCE does.',
  },
  'refresh-rotates-confidential': {
    differs: { another: ['yes', 'no'] },
    source: 'OAuth 2.1 §4.3.1',
    why: 'Refresh tokens rotate for everybody, so that there is one rule to rely on.',
  },
  'refresh-lost-answer': {
    differs: {
      status: ['200', '400'],
      members: ['access_token expires_in refresh_token scope token_type', 'nothing'],
      scope: ['mcp:read', 'nothing'],
      'the new one': ['yes', 'invalid_grant'],
      error: ['nothing', 'invalid_grant'],
    },
    source: 'decision',
    why: 'For a minute an old refresh token gets the current one: a lost answer, or two windows of one client, log nobody out.',
  },
  'refresh-race': {
    differs: { answered: ['2', '1'], 'logged in afterwards': ['yes', 'invalid_grant'] },
    source: 'decision',
    why: 'For a minute an old refresh token gets the current one: a lost answer, or two windows of one client, log nobody out.',
  },
  'refresh-lost-answer-late': {
    differs: {
      status: ['200', '400'],
      members: ['access_token expires_in refresh_token scope token_type', 'nothing'],
      scope: ['mcp:read', 'nothing'],
      error: ['nothing', 'invalid_grant'],
    },
    source: 'decision',
    why: 'As long as nobody used the new refresh token, the client may never have got it; the old one still stands for it.',
  },
  'revoke-access': {
    differs: { status: ['200', '400'], error: ['nothing', 'unsupported_token_type'] },
    source: 'RFC 7009 §2',
    why: 'Our access tokens belong to a session, which is looked up: both kinds can be revoked. On the other side they are JWTs that nobody keeps.',
  },
  'revoke-get': {
    differs: { status: ['405', '404'] },
    source: 'RFC 9110 §15.5.6',
    why: 'There is something at this address, but not for this method.',
  },
  'introspect-access': {
    differs: {
      status: ['200', '400'],
      active: ['true', 'undefined'],
      members: [
        'active aud client_id exp iat iss jti scope sid sub token_type username',
        'error error_description',
      ],
    },
    source: 'RFC 7662 §2.2',
    why: 'Our access tokens belong to a session, which is looked up. On the other side they are JWTs that nobody keeps.',
  },
  'introspect-refresh': {
    differs: { active: ['false', 'true'], members: ['active', 'active client_id exp iat iss scope sub'] },
    source: 'decision',
    why: 'Only access tokens reach a resource server; it has nothing to ask about others.',
  },
  'introspect-changed': {
    differs: {
      status: ['200', '400'],
      active: ['false', 'undefined'],
      members: ['active', 'error error_description'],
    },
    source: 'RFC 7662 §2.2',
    why: 'A token that is not good is not active, and nothing more is said. The other one tells that it looks like a JWT of its own.',
  },
  'introspect-nobody': {
    differs: { status: ['401', '400'], error: ['invalid_client', 'invalid_request'] },
    source: 'RFC 7662 §2.3',
    why: 'Who does not authenticate gets 401.',
  },
};
