import { describe, expect, it } from 'vitest';
import { EVERY_PROVIDER, startSubject } from './every-provider.ts';
import { type Refusals, refusals } from './refusals.ts';

/** RFC 6749, RFC 7636 and OpenID Connect Core, for who documents nothing else. */
const usual: Refusals = {
  'unknown client': 'page 400: invalid_client: unknown',
  'unknown address': 'page 400: invalid_request: https://elsewhere.example/callback',
  'response type': 'redirect unsupported_response_type',
  'challenge method': 'redirect invalid_request',
  'no scope': 'redirect invalid_request',
  'unknown scope': 'redirect invalid_scope',
  'prompt=none': 'redirect login_required',
  'refused by the person': 'redirect access_denied',
  'repeated parameter': 'redirect invalid_request',
  'unknown client at the token endpoint': '401 invalid_client',
  'wrong secret': '401 invalid_client',
  'no secret': '401 invalid_client',
  'no client': '401 invalid_client',
  'two authentications': '400 invalid_request',
  'grant type': '400 unsupported_grant_type',
  'unknown code': '400 invalid_grant',
  'other address': '400 invalid_grant',
  'wrong verifier': '400 invalid_grant',
  'no verifier': '400 invalid_grant',
  'used code': '400 invalid_grant',
  'late code': '400 invalid_grant',
  'unknown refresh token': '400 invalid_grant',
};

const WITH_SECRET = ['no secret', 'no client', 'two authentications'];

/** A public client has no secret to forget. */
const publicly = (refusals: Refusals): Refusals =>
  Object.fromEntries(Object.entries(refusals).filter(([name]) => !WITH_SECRET.includes(name)));

const EXPECTED: Readonly<Record<string, Refusals>> = {
  Auth0: {
    ...usual,
    'unknown client': 'page 400: invalid_request: Unknown client: unknown',
    'unknown address': 'page 403: Callback URL mismatch: https://elsewhere.example/callbac',
    'no scope': 'not refused',
    'unknown scope': 'not refused',
    'unknown client at the token endpoint': '401 access_denied: Unauthorized',
    'wrong secret': '401 access_denied: Unauthorized',
    'no secret': '401 access_denied: Unauthorized',
    'no client': '401 access_denied: Unauthorized',
    'grant type': '403 unsupported_grant_type: Unsupported grant type: password',
    'unknown code': '403 invalid_grant: Invalid authorization code',
    'other address': '403 invalid_grant: The redirect URI is wrong. You sent http://127.0.0.1:400',
    'wrong verifier': '403 invalid_grant: Failed to verify code verifier',
    'no verifier': '403 invalid_grant: Failed to verify code verifier',
    'used code': '403 invalid_grant: Invalid authorization code',
    'late code': '403 invalid_grant: Invalid authorization code',
    'unknown refresh token': '403 invalid_grant: Unknown or invalid refresh token.',
  },
  'Amazon Cognito': {
    ...usual,
    'response type': 'redirect invalid_request',
    'no scope': 'not refused',
    'unknown client at the token endpoint': '400 invalid_client',
    'wrong secret': '400 invalid_client',
    'no secret': '400 invalid_client',
    'no client': '400 invalid_client',
  },
  'Microsoft Entra ID': {
    ...usual,
    'unknown client': "page 200: AADSTS700016: Application with identifier 'unknown' was",
    'unknown address': "page 200: AADSTS50011: The redirect URI 'https://elsewhere.example",
    'no scope': 'redirect invalid_request: AADSTS900144: The request body must contain the followin',
    'unknown scope': "redirect invalid_client: AADSTS650053: The application 'MCP' asked for scope 'no-",
    'prompt=none': 'redirect login_required: AADSTS50058: Session information is not sufficient for s',
    'refused by the person':
      'redirect access_denied: AADSTS65004: User declined to consent to access the app.',
    'unknown client at the token endpoint':
      "400 unauthorized_client: AADSTS700016: Application with identifier 'unknown' was",
    'wrong secret': '401 invalid_client: AADSTS7000215: Invalid client secret provided. Ensure th',
    'no secret': '401 invalid_client: AADSTS7000218: The request body must contain the followi',
    'no client': '401 invalid_client: AADSTS7000218: The request body must contain the followi',
    'two authentications': '400 invalid_request: ',
    'grant type': '400 unsupported_grant_type: AADSTS70003: The app requested an unsupported grant type',
    'unknown code': '400 invalid_grant: AADSTS70000: The provided value for the code parameter i',
    'other address': "401 invalid_client: AADSTS500112: The reply address 'http://127.0.0.1:4000/a",
    'wrong verifier': '400 invalid_grant: AADSTS501481: The Code_Verifier does not match the code_',
    'no verifier': '400 invalid_grant: AADSTS501481: The Code_Verifier does not match the code_',
    'used code': '400 invalid_grant: AADSTS54005: OAuth2 Authorization code was already redee',
    'late code': '400 invalid_grant: AADSTS70008: The provided authorization code or refresh',
    'unknown refresh token': '400 invalid_grant: AADSTS70000: The provided value for the refresh token is',
  },
  'Azure AD B2C': {
    ...usual,
    'unknown client': 'page 400: AADB2C90008: The request does not contain a client ID pa',
    'unknown address': "page 400: AADB2C90006: The redirect URI 'https://elsewhere.example",
    'no scope': 'redirect invalid_request: AADB2C90010: The request does not contain a scope parame',
    'unknown scope': "redirect invalid_request: AADB2C90055: The scope 'no-such-scope' provided in reque",
    'unknown client at the token endpoint':
      "400 invalid_request: AADB2C90068: The provided application with ID 'unknown'",
    'wrong secret': '400 invalid_grant: AADB2C90081: The specified client_secret does not match',
    'no secret': '400 invalid_grant: AADB2C90079: Clients must send a client_secret when rede',
    'no client': '400 invalid_grant: AADB2C90079: Clients must send a client_secret when rede',
    'two authentications': '400 invalid_request: ',
    'grant type': '400 unsupported_grant_type: AADB2C90086: The supplied grant_type [password] is not s',
    'unknown code': '400 invalid_grant: AADB2C90090: The provided JWE is not a valid 5 segment t',
    'other address': '400 invalid_grant: ',
    'wrong verifier': '400 invalid_grant: AADB2C90182: The supplied code_verifier does not match a',
    'no verifier': '400 invalid_grant: AADB2C90182: The supplied code_verifier does not match a',
    'used code': '400 invalid_grant: AADB2C90080: The provided grant has expired. Please re-a',
    'late code': '400 invalid_grant: AADB2C90080: The provided grant has expired. Please re-a',
    'unknown refresh token': '400 invalid_grant: AADB2C90129: The provided grant has been revoked.',
  },
  Google: {
    ...usual,
    'unknown client': 'page 401: Error 401: invalid_client The OAuth client was not found',
    'unknown address': 'page 400: Error 400: redirect_uri_mismatch',
    'response type': 'page 400: Error 400: invalid_request Invalid response_type: code t',
    'challenge method': 'page 400: Error 400: invalid_request Invalid code_challenge_method',
    'no scope': 'page 400: Error 400: invalid_request Missing required parameter: s',
    'unknown scope': 'page 400: Error 400: invalid_scope Some requested scopes were inva',
    'repeated parameter': 'page 400: Error 400: invalid_request OAuth 2 parameters can only h',
    'unknown client at the token endpoint': '401 invalid_client: The OAuth client was not found.',
    'wrong secret': '401 invalid_client: Unauthorized',
    'no secret': '400 invalid_request: client_secret is missing.',
    'no client': '400 invalid_request: client_secret is missing.',
    'unknown code': '400 invalid_grant: Malformed auth code.',
    'other address': '400 redirect_uri_mismatch: Bad Request',
    'wrong verifier': '400 invalid_grant: Invalid code verifier.',
    'no verifier': '400 invalid_grant: Missing code verifier.',
    'used code': '400 invalid_grant: Bad Request',
    'late code': '400 invalid_grant: Bad Request',
    'unknown refresh token': '400 invalid_grant: Token has been expired or revoked.',
  },
  GitHub: {
    ...usual,
    'unknown client': 'page 404: Not Found',
    'unknown address':
      'redirect redirect_uri_mismatch: The redirect_uri MUST match the registered callback URL',
    'no scope': 'not refused',
    'unknown scope': 'not refused',
    'refused by the person': 'redirect access_denied: The user has denied your application access.',
    'unknown client at the token endpoint':
      '200 incorrect_client_credentials: The client_id and/or client_secret passed are incorrect.',
    'wrong secret':
      '200 incorrect_client_credentials: The client_id and/or client_secret passed are incorrect.',
    'no secret': '200 incorrect_client_credentials: The client_id and/or client_secret passed are incorrect.',
    'no client': '200 incorrect_client_credentials: The client_id and/or client_secret passed are incorrect.',
    'two authentications':
      '200 incorrect_client_credentials: The client_id and/or client_secret passed are incorrect.',
    'grant type': '200 unsupported_grant_type: The grant type is not supported.',
    'unknown code': '200 bad_verification_code: The code passed is incorrect or expired.',
    'other address': '200 redirect_uri_mismatch: The redirect_uri MUST match the registered callback URL',
    'wrong verifier': '200 bad_verification_code: The code passed is incorrect or expired.',
    'no verifier': '200 bad_verification_code: The code passed is incorrect or expired.',
    'used code': '200 bad_verification_code: The code passed is incorrect or expired.',
    'late code': '200 bad_verification_code: The code passed is incorrect or expired.',
    'unknown refresh token': '200 bad_refresh_token: The refresh token passed is incorrect or expired.',
  },
  Okta: {
    ...usual,
    'unknown client': "page 400: invalid_client: Invalid value for 'client_id' parameter.",
    'unknown address': "page 400: invalid_request: The 'redirect_uri' parameter must be a",
    'challenge method': "redirect invalid_request: The code challenge method must be 'S256'.",
    'no scope': "redirect invalid_request: The authentication request has an invalid 'scope' parame",
    'unknown scope': 'redirect invalid_scope: One or more scopes are not configured for the authorizat',
    'unknown client at the token endpoint': "401 invalid_client: Invalid value for 'client_id' parameter.",
    'wrong secret': '401 invalid_client: The client secret supplied for a confidential client is',
    'no secret': '401 invalid_client: No client credentials found.',
    'no client': '401 invalid_client: No client credentials found.',
    'unknown code': '400 invalid_grant: The authorization code is invalid or has expired.',
    'other address': "400 invalid_grant: The 'redirect_uri' does not match the redirection URI us",
    'wrong verifier': '400 invalid_grant: PKCE verification failed.',
    'no verifier': '400 invalid_grant: PKCE verification failed.',
    'used code': '400 invalid_grant: The authorization code is invalid or has expired.',
    'late code': '400 invalid_grant: The authorization code is invalid or has expired.',
    'unknown refresh token': '400 invalid_grant: The refresh token is invalid or expired.',
  },
  'Okta, single-page application': publicly({
    ...usual,
    'unknown client': "page 400: invalid_client: Invalid value for 'client_id' parameter.",
    'unknown address': "page 400: invalid_request: The 'redirect_uri' parameter must be a",
    'challenge method': "redirect invalid_request: The code challenge method must be 'S256'.",
    'no scope': "redirect invalid_request: The authentication request has an invalid 'scope' parame",
    'unknown scope': 'redirect invalid_scope: One or more scopes are not configured for the authorizat',
    'unknown client at the token endpoint': "401 invalid_client: Invalid value for 'client_id' parameter.",
    'unknown code': '400 invalid_grant: The authorization code is invalid or has expired.',
    'other address': "400 invalid_grant: The 'redirect_uri' does not match the redirection URI us",
    'wrong verifier': '400 invalid_grant: PKCE verification failed.',
    'no verifier': '400 invalid_grant: PKCE verification failed.',
    'used code': '400 invalid_grant: The authorization code is invalid or has expired.',
    'late code': '400 invalid_grant: The authorization code is invalid or has expired.',
    'unknown refresh token': '400 invalid_grant: The refresh token is invalid or expired.',
  }),
  Keycloak: {
    ...usual,
    'unknown client': 'page 400: Client not found.: unknown',
    'unknown address': 'page 400: Invalid parameter: redirect_uri: https://elsewhere.examp',
    'no scope': 'not refused',
    'unknown scope': 'redirect invalid_scope: Invalid scopes: no-such-scope',
    'unknown client at the token endpoint':
      '401 invalid_client: Invalid client or Invalid client credentials',
    'wrong secret': '401 unauthorized_client: Invalid client or Invalid client credentials',
    'no secret': '401 unauthorized_client: Invalid client or Invalid client credentials',
    'no client': '401 unauthorized_client: Invalid client or Invalid client credentials',
    'unknown code': '400 invalid_grant: Code not valid',
    'other address': '400 invalid_grant: Incorrect redirect_uri',
    'wrong verifier': '400 invalid_grant: PKCE verification failed: Code mismatch',
    'no verifier': '400 invalid_grant: PKCE code verifier not specified',
    'used code': '400 invalid_grant: Code not valid',
    'late code': '400 invalid_grant: Code not valid',
    'unknown refresh token': '400 invalid_grant: Token is not active',
  },
  'Oracle identity domains': {
    ...usual,
    'unknown code': '400 invalid_grant: The authorization code is invalid or expired.',
    'unknown refresh token': '400 invalid_grant: The refresh token is invalid or expired.',
  },
  'Hugging Face': {
    ...usual,
    'refused by the person': 'redirect access_denied: The user denied the request',
  },
  'Hugging Face, public': publicly({
    ...usual,
    'refused by the person': 'redirect access_denied: The user denied the request',
  }),
};

describe('what every provider refuses, each in its words', () => {
  it.each(EVERY_PROVIDER)('$name', async (row) => {
    let now = 1_800_000_000;
    const { app, close } = await startSubject(row, () => now);
    const seen = await refusals({ app, row, advance: (seconds) => (now += seconds) });
    await close();
    expect(seen).toEqual(EXPECTED[row.name]);
  });
});
