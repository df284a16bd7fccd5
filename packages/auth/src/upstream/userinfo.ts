// OpenID Connect Core §5.3: what the provider says of the person behind an access token.
import { hasDuplicateMembers, isObject, parseJson } from '../core/json-text.ts';
import { claimAt } from './claim-path.ts';
import type { Claims } from './claims.ts';
import { verifiedClaims } from './id-token.ts';
import type { Provider } from './provider.ts';
import { getRequest } from './provider-call.ts';
import { type ProviderAnswer, ProviderFault } from './provider-fault.ts';
import { USER_AGENT } from './provider-question.ts';
import { subjectFrom } from './subject.ts';

/**
 * The claims of the person; `undefined` when the provider has no such endpoint or it is switched off.
 * @param expectedSubject `sub` of the ID token: an answer about somebody else is refused (§5.3.2).
 */
export async function userinfoClaims(
  provider: Provider,
  accessToken: string,
  expectedSubject: string,
): Promise<Claims | undefined> {
  const { settings } = provider;
  if (!settings.userinfo || !provider.metadata().userinfo_endpoint) return undefined;
  const claims = await requestUserinfo(provider, accessToken);
  if (claims.sub !== expectedSubject) {
    throw new ProviderFault('invalid', 'userinfo', { why: 'the answer is about another subject' });
  }
  return claims;
}

/** For a plain OAuth 2 provider: claims, and the subject from the configured member. */
export async function userinfoPerson(
  provider: Provider,
  accessToken: string,
): Promise<{ readonly subject: string; readonly claims: Claims }> {
  const claims = await requestUserinfo(provider, accessToken);
  const subject = subjectFrom(claimAt(claims, provider.settings.subjectClaim));
  if (subject === undefined) {
    throw new ProviderFault('invalid', 'userinfo', {
      why: 'the member that names the person is missing or can not name anybody',
      member: provider.settings.subjectClaim,
    });
  }
  return { subject, claims };
}

async function requestUserinfo(provider: Provider, accessToken: string): Promise<Claims> {
  const endpoint = provider.metadata().userinfo_endpoint!;
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${accessToken}`,
    'user-agent': USER_AGENT,
  };
  const answer = await provider.call('userinfo', [accessToken], getRequest(endpoint, headers));
  return answer.contentType === 'application/jwt' ? signedClaims(provider, answer) : plainClaims(answer);
}

function plainClaims(answer: ProviderAnswer): Claims {
  const claims = parseJson(answer.text);
  const isOne = isObject(claims);
  if (isOne && !hasDuplicateMembers(answer.text)) return claims;
  throw new ProviderFault('misconfigured', 'userinfo', {
    why: isOne ? 'the answer has a member twice' : 'the answer is no JSON object',
    contentType: answer.contentType.slice(0, 100),
  });
}

/** §5.3.2: a signed answer names its issuer, and this client as its audience, where it has these claims. */
async function signedClaims(provider: Provider, answer: ProviderAnswer): Promise<Claims> {
  const metadata = provider.metadata();
  if (!provider.keys) {
    throw new ProviderFault('misconfigured', 'userinfo', {
      why: 'the answer is signed, and no key set is known',
    });
  }
  const algorithms = metadata.userinfo_signing_alg_values_supported;
  const claims = await verifiedClaims('userinfo', answer.text.trim(), provider.keys, algorithms);
  const audience = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  const forUs = claims.aud === undefined || audience.includes(provider.settings.clientId);
  if ((claims.iss !== undefined && claims.iss !== metadata.issuer) || !forUs) {
    throw new ProviderFault('invalid', 'userinfo', {
      why: 'the answer is of another issuer or for another client',
    });
  }
  return claims;
}
