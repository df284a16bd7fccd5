// RFC 6750 §2.1: asking the provider's own API about the person who just signed in.
import { parseJson } from '../core/json-text.ts';
import type { Provider } from './provider.ts';
import { getRequest } from './provider-call.ts';
import { ProviderFault } from './provider-fault.ts';

/** Reads a JSON document with the access token of the person. Throws `ProviderFault`, also for what is no JSON. */
export type AskProvider = (url: string) => Promise<unknown>;

/** Some APIs refuse a caller that does not say who it is. */
export const USER_AGENT = 'portcullis';

export function providerQuestion(provider: Provider, accessToken: string): AskProvider {
  return async (url) => {
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${accessToken}`,
      'user-agent': USER_AGENT,
    };
    const answer = await provider.call('userinfo', [accessToken], getRequest(url, headers));
    const value = parseJson(answer.text);
    if (value !== undefined) return value;
    throw new ProviderFault('misconfigured', 'userinfo', {
      why: 'the answer is no JSON',
      contentType: answer.contentType.slice(0, 100),
    });
  };
}
