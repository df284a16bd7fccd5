// OpenID Connect Discovery 1.0 §4.3 and RFC 8414 §3.3: what a provider says of itself counts only when it names the issuer we asked.
import * as oauth from 'oauth4webapi';
import { isObject, parseJson } from '../core/json-text.ts';
import { getRequest, type ProviderCall } from './provider-call.ts';
import { type ProviderAnswer, ProviderFault, shownValue } from './provider-fault.ts';
import { addressFault, type ProviderSettings } from './provider-settings.ts';

/** The metadata in force: what was discovered, with the operator's own addresses in place of those found. */
export type ProviderMetadata = Readonly<oauth.AuthorizationServer>;

/** Members that are used here; nothing else of the document is kept. */
const ADDRESS_MEMBERS = [
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'revocation_endpoint',
  'jwks_uri',
] as const;
const LIST_MEMBERS = [
  'token_endpoint_auth_methods_supported',
  'id_token_signing_alg_values_supported',
  'userinfo_signing_alg_values_supported',
] as const;

/** Reads the metadata of the provider. `undefined` without discovery. Throws `ProviderFault`. */
export async function discoverMetadata(
  settings: ProviderSettings,
  call: ProviderCall,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (settings.discovery === false) return undefined;
  const answer = await readDocument(settings, call);
  if (!isObject(parseJson(answer.text))) {
    throw new ProviderFault('misconfigured', 'discovery', { why: 'the answer is no JSON object' });
  }
  try {
    const response = new Response(answer.text, { headers: { 'content-type': 'application/json' } });
    return keptMembers(await oauth.processDiscoveryResponse(new URL(settings.issuer), response));
  } catch (cause) {
    const seen = parseJson(answer.text) as Record<string, unknown>;
    throw new ProviderFault(
      'invalid',
      'discovery',
      {
        why: 'the document names another issuer',
        expected: settings.issuer,
        seen: shownValue(seen.issuer),
      },
      { cause },
    );
  }
}

/** The OpenID name first; where it is not found, the OAuth name. */
async function readDocument(settings: ProviderSettings, call: ProviderCall): Promise<ProviderAnswer> {
  const { discovery, issuer } = settings;
  if (typeof discovery === 'string') {
    return call('discovery', [], getRequest(discovery));
  }
  const read = (algorithm: 'oidc' | 'oauth2') =>
    call('discovery', [], (options) => oauth.discoveryRequest(new URL(issuer), { ...options, algorithm }));
  try {
    return await read('oidc');
  } catch (fault) {
    if (!(fault instanceof ProviderFault) || fault.kind === 'unavailable') throw fault;
    return read('oauth2').catch(() => {
      throw fault;
    });
  }
}

function keptMembers(document: oauth.AuthorizationServer): Record<string, unknown> {
  const kept: Record<string, unknown> = { issuer: document.issuer };
  for (const name of [...ADDRESS_MEMBERS, 'end_session_endpoint'] as const)
    if (typeof document[name] === 'string') kept[name] = document[name];
  for (const name of LIST_MEMBERS) {
    const list = document[name];
    if (Array.isArray(list)) kept[name] = list.filter((v) => typeof v === 'string').slice(0, 100);
  }
  if (document.authorization_response_iss_parameter_supported === true) {
    kept.authorization_response_iss_parameter_supported = true;
  }
  return kept;
}

/**
 * Puts what was discovered (now, or in an earlier run) and what the operator set together, and looks at every address again.
 * @throws ProviderFault `invalid` when something needed is missing or not acceptable.
 */
export function metadataInForce(
  settings: ProviderSettings,
  discovered: Readonly<Record<string, unknown>> | undefined,
): ProviderMetadata {
  const { endpoints, openid, allowPlainHttp } = settings;
  const found = keptMembers({ ...discovered, issuer: String(discovered?.issuer ?? settings.issuer) });
  if (!sameIssuer(found.issuer as string, settings.issuer)) {
    throw new ProviderFault('invalid', 'discovery', { why: 'the copy names another issuer' });
  }
  const own = {
    authorization_endpoint: endpoints.authorization,
    token_endpoint: endpoints.token,
    userinfo_endpoint: endpoints.userinfo,
    revocation_endpoint: endpoints.revocation,
    jwks_uri: endpoints.keys,
    end_session_endpoint: endpoints.endSession,
  };
  for (const [name, address] of Object.entries(own)) if (address !== undefined) found[name] = address;
  if (settings.responseIssuerRequired !== undefined) {
    found.authorization_response_iss_parameter_supported = settings.responseIssuerRequired;
  }
  if (settings.idTokenAlgorithms) found.id_token_signing_alg_values_supported = settings.idTokenAlgorithms;
  const needed = ['authorization_endpoint', 'token_endpoint', openid ? 'jwks_uri' : 'userinfo_endpoint'];
  const missing = needed.filter((name) => found[name] === undefined);
  if (missing.length > 0) {
    throw new ProviderFault('invalid', 'discovery', { why: `the metadata lacks ${missing.join(', ')}` });
  }
  for (const name of ADDRESS_MEMBERS) {
    const fault = found[name] === undefined ? undefined : addressFault(String(found[name]), allowPlainHttp);
    if (fault) throw new ProviderFault('invalid', 'discovery', { why: `the address ${name} ${fault}` });
  }
  // Nobody needs it to sign in: where it can not be used, it is left out.
  if (addressFault(String(found.end_session_endpoint), allowPlainHttp)) delete found.end_session_endpoint;
  return found as unknown as ProviderMetadata;
}

/** To the letter, but for the slash that a URL without a path may end with. */
export function sameIssuer(a: string, b: string): boolean {
  return a === b || (URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href);
}
