/**
 * What this version promises, each with the id that tests cite in their titles: `it('[S1] ...')`, `describe('[AS-2, AS-8] ...')`.
 * `test/repository/promises.test.ts` fails when an id has no test, and when a test cites an id that is not here.
 */
import { demand, promise, type Requirement } from './requirement.ts';

const LOGGED_IN: readonly Requirement[] = [
  promise(
    'S1',
    'Of eight exchanges of one authorization code at the same moment exactly one succeeds, on every store and across processes. The losers revoke nothing when they are the right client with the right verifier within ten seconds; any other replay ends the session that the code made.',
  ),
  promise(
    'S2',
    'Eight refreshes of one token at the same moment, in two processes on one store, all get a working pair with the same refresh token; the identity provider sees one refresh in each process.',
  ),
  promise(
    'S3',
    'A refresh token whose successor was used, presented after the grace, ends its own session and no other. A client that never got its answer is still logged in, however long it was away.',
  ),
  promise(
    'S4',
    'While the provider or the store is away, the caller sees 503 with `Retry-After` and `temporarily_unavailable`; nobody with a good token is told that it is bad, and a bad token is still 401. When the fault is over every session works as before.',
    'Shown in the rooms where the fault is met; a provider and a store that fail under the whole server come later.',
  ),
  promise(
    'S5',
    'When the provider says `invalid_grant` to a refresh, and the token we used is still the stored one, the session ends with one `invalid_grant`, and the provider is not asked again.',
  ),
  promise(
    'S6',
    'A restart, another replica, a rotated master secret and a rotated secret of the provider lose no session and no registration.',
    'Shown for restarts and for what hangs on the master secret; the commands that rotate keys come later.',
  ),
  promise(
    'S7',
    'After the store is wiped, a client that registered before still authorizes without registering again.',
  ),
  promise(
    'S8',
    'A process killed at any moment leaves a store that opens, without half a record and with every record that was acknowledged.',
  ),
  promise(
    'S9',
    'A token of the provider that lives five minutes ends no session whose refresh token lives on. It is refreshed once and in time, however many requests wait.',
  ),
  promise(
    'S10',
    'The start says where state lies and whether it survives a restart, and what it says is true.',
  ),
];

const THE_RIGHT_ONE: readonly Requirement[] = [
  promise(
    'G1',
    'No wrong, missing or misspelt setting gives an open or a weaker server: the start stops with exit code 78 and names the setting, where it came from and what to do.',
  ),
  promise(
    'G2',
    'Development people and `--no-auth` work on loopback only, unless that is said twice, and never for a forwarded request or a foreign Host. Development people have an issuer of their own, and their sessions end when a real provider is configured.',
  ),
  promise(
    'G3',
    'A callback succeeds only in the browser that approved. An approval is for one client, redirect URI and set of scopes; two tabs may approve at the same time; no approval is remembered for somebody else, nor for loopback, custom-scheme or self-registered clients.',
  ),
  promise(
    'G4',
    'A token may do what was granted and told in the token response, and nothing else. Scope only shrinks at a refresh.',
    'What a broader scope stands for is what the operator configured; without that, scopes are equal or not. Shown for scopes of our own tokens and of tokens from elsewhere; which person may have which scope comes later.',
  ),
  promise(
    'G5',
    'Access tokens, refresh tokens, codes and tokens of the provider are refused in each other’s place, as is a token for another resource, issuer or audience. The provider’s token never reaches the client, and the client’s token never leaves towards anybody.',
  ),
  promise(
    'G6',
    'Revoking an access token, a refresh token or a session takes effect at once in that process, and within the stated cache time in every other; public clients can revoke.',
    'Revoking a person comes later.',
  ),
  promise(
    'G7',
    'Redirect URIs match to the letter, but for the port of a loopback address. User info, fragments, dot segments, backslashes and unsafe schemes are refused. Without a proven client and redirect URI there is no redirect.',
  ),
  promise(
    'G8',
    'Nothing a stranger sends makes the server fetch a private address, fetch again what it knows to be bad, store without bound or read a body without limit. Forged key ids cause at most one reload in a cool-down.',
    'For tokens, client metadata documents and key sets of clients, and what the operator’s providers say of themselves, their keys and their tokens. Addresses that the operator set may be private ones.',
  ),
  promise(
    'G9',
    'Of a JWT only the configured algorithm and type are accepted; `exp` is required, `nbf` honoured, the leeway bounded; `none`, a confused key, `crit`, `jku`, `x5u` and duplicate claims are refused.',
    'For tokens of our own, ID tokens of the configured providers, and tokens of other issuers.',
  ),
  promise(
    'G10',
    'Identity is issuer and subject. An e-mail address counts only when it is verified, a name prefix of one only within allowed domains.',
  ),
  promise(
    'G11',
    'The consent page shows the redirect host larger than anything else, quotes a self-given name as unverified and short, can not be framed, runs no script but ours, loads nothing from elsewhere, and escapes every word of a stranger. Approving works in a real browser with loopback, https and custom-scheme redirects.',
  ),
  promise(
    'G12',
    'Secrets and tokens appear in no log, error, page, metric or trace.',
    'Shown where an answer or a record could hold one; a run of the whole server with marked secrets comes later.',
  ),
  promise(
    'G13',
    'In the database one is exactly the person who signed in, or nobody: no statement, name, function, setting, pooled connection or late cancellation makes one somebody else.',
  ),
];

const WHAT_HAPPENED: readonly Requirement[] = [
  promise(
    'E1',
    'Every refusal has an incident id, and the log line with that id says which check failed, what was seen and what was expected.',
  ),
  promise(
    'E2',
    'A person gets a page that says what to do next; a program gets the code of the standard, so that it recovers by itself.',
  ),
];

const EVERY_CLIENT: readonly Requirement[] = [
  promise(
    'C1',
    'One server serves clients of the 2025 protocol versions and of 2026-07-28. The answer to a missing or bad token is the same for every version, method and body.',
  ),
  promise(
    'C2',
    'Metadata-document, self-registered and static clients all log in: loopback with any port, `localhost` and `127.0.0.1`, custom schemes and https callbacks; with and without `scope`, `resource` and `application_type`.',
  ),
  promise(
    'C3',
    'Every well-known document answers at every path that clients try, with and without a path in the public URL, behind a proxy that strips the path or ends TLS, and the issuer is the same to the byte everywhere.',
  ),
  promise(
    'C4',
    'Each identity-provider preset sends and expects exactly what that provider documents, and its quirks are tests.',
    'Shown against a stand-in of each provider, written from its documentation.',
  ),
];

const MCP = 'MCP 2026-07-28, authorization';

const RESOURCE_SERVER: readonly Requirement[] = [
  demand(
    'RS-1',
    MCP,
    'A request without a token is 401 with the same challenge, whichever method and protocol version.',
  ),
  demand(
    'RS-2',
    `${MCP}; RFC 9728 §5.1`,
    'The challenge has `resource_metadata`, an absolute URL that answers 200 with JSON.',
  ),
  demand(
    'RS-3',
    `${MCP}; RFC 9728 §3.1`,
    'Resource metadata answers at the inserted path and at the root, and `resource` is the URL that people type.',
  ),
  demand(
    'RS-4',
    `${MCP}; RFC 9728 §2`,
    '`authorization_servers` names at least one issuer, and that issuer works.',
  ),
  demand(
    'RS-5',
    MCP,
    'Neither the challenge nor resource metadata names `offline_access`, or more scopes than a client needs at first.',
  ),
  demand(
    'RS-6',
    `${MCP}; RFC 6750 §3`,
    'The 401 names the scopes to ask for, and no error code when no credentials were sent.',
  ),
  demand(
    'RS-7',
    'RFC 6750 §3.1',
    'A token that is garbage, expired, not yet valid, wrongly signed, unsigned, of an unknown key or revoked is 401 `invalid_token`, and the body tells nothing more.',
  ),
  demand(
    'RS-8',
    `${MCP}; RFC 8707 §2`,
    'A token for another audience, for none, or for a sibling, prefix or other port is 401.',
  ),
  demand('RS-9', MCP, 'A token of an issuer that is not trusted is 401, even under a key id that is known.'),
  demand(
    'RS-10',
    `${MCP}; RFC 6750 §2`,
    'A token in the query or the body counts as none; two sets of credentials are 400.',
  ),
  demand(
    'RS-11',
    'RFC 9110 §11.1',
    'The scheme is matched in any case; another scheme is 401 with a Bearer challenge.',
  ),
  demand('RS-12', MCP, 'Every HTTP request is checked, on a kept connection and in an MCP session too.'),
  demand(
    'RS-13',
    `${MCP}; RFC 6750 §3.1`,
    'A good token without the scope is 403 `insufficient_scope`, with every scope the operation needs.',
  ),
  demand('RS-14', MCP, 'A broader scope passes where the narrower ones it stands for are needed.'),
  demand('RS-15', `${MCP}; RFC 6750 §3.1`, 'A malformed Authorization header is 400.'),
  demand(
    'RS-16',
    MCP,
    'The token of a client is never passed on: not to the provider, the database, a log, an error or a result.',
  ),
  demand(
    'RS-17',
    'MCP 2026-07-28, streamable HTTP',
    'A foreign Origin is 403, a foreign Host on a loopback bind is refused, and no Origin is fine.',
  ),
  demand(
    'RS-18',
    'MCP 2026-07-28, streamable HTTP',
    'Headers that contradict the body are 400 with the code -32020.',
  ),
  demand('RS-22', MCP, 'After a whole run no token is found in what was logged.'),
  demand(
    'RS-23',
    'Fetch Standard',
    'Well-known documents can be read across origins; a preflight allows the headers that MCP clients send; the challenge is exposed.',
  ),
  demand(
    'RS-25',
    'RFC 3986 §6.2',
    '`resource` is compared with scheme and host in any case, and `https://h/` is `https://h`.',
  ),
];

const AUTHORIZATION_SERVER: readonly Requirement[] = [
  demand(
    'AS-1',
    'RFC 8414 §3; OpenID Connect Discovery §4',
    'Server metadata answers under the OAuth and the OpenID name, inserted and appended, with one issuer.',
  ),
  demand(
    'AS-2',
    'RFC 7636',
    'PKCE with S256 is required of everyone and advertised in both documents; `plain`, a missing challenge and a wrong verifier fail.',
  ),
  demand(
    'AS-3',
    'RFC 8414 §2',
    'Metadata advertises what works, and what is advertised works: client metadata documents, `none`, basic, post, revocation, registration, `iss`.',
  ),
  demand(
    'AS-4',
    'OAuth 2.1 §2.3; RFC 8252 §7.3',
    'An unknown client, or a redirect URI that is not registered, gets an error page and no redirect; only the port of a loopback URI may differ.',
  ),
  demand(
    'AS-5',
    'OAuth 2.1 §2.3',
    'Redirect URIs are https, loopback http or a private-use scheme; `javascript:`, `data:`, `file:`, `vbscript:` and `blob:` are refused.',
  ),
  demand(
    'AS-6',
    'RFC 6749 §4.1.2.1; RFC 9207',
    'Once client and redirect URI are proven, errors go to the redirect URI with `error`, `state` and `iss`.',
  ),
  demand('AS-7', 'RFC 9207', '`iss` is in success and error responses, and advertised.'),
  demand(
    'AS-8',
    'RFC 6749 §4.1.2',
    '`state` comes back unchanged, once. A code lives a minute, works once, and for its own client, redirect URI, verifier and resource only.',
  ),
  demand(
    'AS-9',
    'RFC 6749 §5',
    'Token responses are JSON with `no-store`, `token_type`, `expires_in` and `scope`; only form bodies are read; errors have the codes of §5.2.',
  ),
  demand(
    'AS-10',
    'RFC 8707',
    '`resource` is taken at authorize, token and refresh and becomes the audience; an unknown or other one is `invalid_target`; none means the only one.',
  ),
  demand(
    'AS-11',
    'OAuth 2.1 §4.3.1',
    'Refresh tokens of public clients rotate; an old one used again ends its session; a race or a lost answer logs nobody out.',
  ),
  demand(
    'AS-12',
    'RFC 6749 §6',
    'At a refresh scope may shrink and not grow, and the client must be the one the token was issued to.',
  ),
  demand(
    'AS-13',
    'OAuth 2.1 §1.5',
    'A public URL is https, but for loopback; over https answers carry Strict-Transport-Security.',
  ),
  demand(
    'AS-14',
    'draft-ietf-oauth-client-id-metadata-document',
    'A client metadata document is fetched from an https URL in its plainest form, within limits of size and time, without redirects, never from a private address, and counts only when it names itself.',
  ),
  demand(
    'AS-15',
    'RFC 7591',
    'Registration answers 201 with what was registered, takes native loopback clients without `application_type`, gives a public client no secret, and can not be guessed or rewritten.',
  ),
  demand('AS-16', MCP, 'Static clients of the configuration work, confidential ones too.'),
  demand(
    'AS-17',
    MCP,
    'Consent is asked per client, scopes and redirect URI; it is protected against forged posts and framing; `prompt=consent` asks again.',
  ),
  demand(
    'AS-18',
    'OAuth 2.1 §7.12; RFC 9700 §4.12',
    'What a form sent is never sent on: after it comes a page or a 303, and only to a URI that is proven; pages of the login are not cached and send no referrer.',
  ),
  demand(
    'AS-19',
    'RFC 7009; RFC 7662; RFC 9068',
    'Revocation and introspection answer, keys are published with overlap, and an access token is an `at+jwt` with its required claims.',
  ),
  demand('AS-20', MCP, 'Public and confidential clients both work, with none, basic and post.'),
  demand(
    'AS-21',
    'RFC 6749 §3.1',
    'Another response type, a request object and a duplicate parameter are errors.',
  ),
];

const PROXY = 'MCP 2026-07-28, security best practices (confused deputy)';

const IN_FRONT_OF_A_PROVIDER: readonly Requirement[] = [
  demand(
    'PX-1',
    PROXY,
    'Nobody is sent to the provider before our own page was approved for that client, whatever cookies the provider holds.',
  ),
  demand(
    'PX-2',
    PROXY,
    'The page shows the client, what it asks for and where the answer goes; a forged post and a frame fail.',
  ),
  demand(
    'PX-3',
    PROXY,
    'Cookies are `__Host-`, Secure, HttpOnly and SameSite=Lax over https, and bound to this login.',
  ),
  demand('PX-4', PROXY, 'The redirect URI is checked again at the callback.'),
  demand(
    'PX-5',
    PROXY,
    'The state for the provider is random, single-use, ten minutes old at most, made after approval, and worth nothing in another browser.',
  ),
  demand(
    'PX-6',
    `${PROXY}; RFC 7636; RFC 9207`,
    'Towards the provider we use PKCE, state and nonce of our own and check `iss` and the ID token; the PKCE of the client is verified here.',
  ),
  demand(
    'PX-7',
    PROXY,
    'The client gets a token of ours, with our audience; a token of the provider is refused at the gate, and lies sealed with the session.',
  ),
  demand(
    'PX-8',
    PROXY,
    'A session belongs to one subject of the provider; when the provider says that it is over, our refresh is `invalid_grant`.',
  ),
  demand('PX-9', 'RFC 9700 §4.4', 'An answer from one provider is never exchanged at another.'),
  demand('PX-10', PROXY, 'Metadata names this server as the issuer, and no provider behind it.'),
  demand(
    'PX-11',
    PROXY,
    'An error of the provider is translated, not reflected: no open redirect, no markup.',
  ),
];

export const REQUIREMENTS: readonly Requirement[] = [
  ...LOGGED_IN,
  ...THE_RIGHT_ONE,
  ...WHAT_HAPPENED,
  ...EVERY_CLIENT,
  ...RESOURCE_SERVER,
  ...AUTHORIZATION_SERVER,
  ...IN_FRONT_OF_A_PROVIDER,
];
