import { describe, expect, it } from 'vitest';
import { logoutUrl } from './logout-url.ts';
import { ISSUER, type ScriptedProviderOptions, scriptedProvider } from './scripted-provider.contract.ts';

const returnTo = 'https://mcp.example.com/logout/done?a=1&b=2';
const urlOf = async (script: ScriptedProviderOptions) =>
  logoutUrl((await scriptedProvider(script)).provider, { returnTo });

describe('the address of a log-out', () => {
  it('is the one of the metadata, with who we are and where to come back to', async () => {
    const url = new URL((await urlOf({ metadata: { end_session_endpoint: `${ISSUER}/logout?x=y` } }))!);
    expect(url.origin + url.pathname).toBe(`${ISSUER}/logout`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      x: 'y',
      client_id: 'my-id',
      post_logout_redirect_uri: returnTo,
    });
  });

  it('is the one that the operator set, spelled as the provider wants it', async () => {
    const options = { endpoints: { endSession: `${ISSUER}/v2/logout` }, logoutReturnParameter: 'returnTo' };
    const metadata = { end_session_endpoint: `${ISSUER}/logout` };
    const url = new URL((await urlOf({ options, metadata }))!);
    expect(url.pathname).toBe('/v2/logout');
    expect(Object.fromEntries(url.searchParams)).toEqual({ client_id: 'my-id', returnTo });
  });

  it('is none where the provider logs nobody out without an ID token', async () => {
    const metadata = { end_session_endpoint: `${ISSUER}/logout` };
    expect(await urlOf({ metadata, options: { logoutReturnParameter: false } })).toBeUndefined();
  });

  it('is none where the provider has none, or one that can not be used: nobody needs it to sign in', async () => {
    expect(await urlOf({})).toBeUndefined();
    for (const wrong of ['http://idp.example/logout', 'javascript:alert(1)', '/logout', 7])
      expect(await urlOf({ metadata: { end_session_endpoint: wrong } })).toBeUndefined();
  });

  it('stops the start when it was set and can not be used', async () => {
    for (const endSession of ['http://idp.example/logout', 'javascript:alert(1)'])
      await expect(urlOf({ options: { endpoints: { endSession } } })).rejects.toThrow(
        /upstream\.endpoints\.endSession/,
      );
  });
});
