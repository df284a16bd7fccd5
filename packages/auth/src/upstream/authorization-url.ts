// RFC 6749 §4.1.1, RFC 7636 §4.3 and OpenID Connect Core §3.1.2.1: the request that the browser carries to the provider.
import * as oauth from 'oauth4webapi';
import { randomToken } from '../core/random.ts';
import type { Provider } from './provider.ts';

export interface AuthorizationRequest {
  readonly state: string;
  readonly callbackUrl: string;
  readonly prompt?: string;
  readonly loginHint?: string;
}

/** What `exchangeCode` needs back; as secret as the code itself. */
export interface AuthorizationSecrets {
  readonly [name: string]: string;
}

const MAX_LOGIN_HINT_LENGTH = 256;

/** Wishes of a client that are for the provider. Consent is not: what the client wants is agreed to on our own page. */
const PASSED_PROMPTS: ReadonlySet<string> = new Set(['login', 'select_account']);

export async function authorizationUrl(
  provider: Provider,
  request: AuthorizationRequest,
): Promise<{ readonly url: string; readonly secrets: AuthorizationSecrets }> {
  const { settings, random } = provider;
  const url = new URL(provider.metadata().authorization_endpoint!);
  const set = (name: string, value: string) => url.searchParams.set(name, value);
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(settings.authorizationParameters)) set(name, value);
  set('response_type', 'code');
  set('client_id', settings.clientId);
  set('redirect_uri', request.callbackUrl);
  set('state', request.state);
  if (settings.scopes.length > 0) set('scope', settings.scopes.join(' '));
  if (settings.pkce) {
    secrets.verifier = randomToken(random);
    set('code_challenge', await oauth.calculatePKCECodeChallenge(secrets.verifier));
    set('code_challenge_method', 'S256');
  }
  if (settings.openid) {
    secrets.nonce = randomToken(random);
    set('nonce', secrets.nonce);
  }
  const prompt = joinedPrompts(settings.authorizationParameters.prompt, request.prompt);
  if (prompt) set('prompt', prompt);
  if (request.loginHint && request.loginHint.length <= MAX_LOGIN_HINT_LENGTH) {
    set('login_hint', request.loginHint);
  }
  return { url: url.href, secrets };
}

/** The operator's own value and the client's wish together; the operator's `none` stands alone, as the specification asks. */
function joinedPrompts(own: string | undefined, wish: string | undefined): string | undefined {
  const words = (text: string | undefined) => (text ?? '').split(' ').filter((word) => word !== '');
  if (words(own).includes('none')) return own;
  const all = new Set([...words(own), ...words(wish).filter((word) => PASSED_PROMPTS.has(word))]);
  return [...all].join(' ') || undefined;
}
