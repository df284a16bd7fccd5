import { describe, expect, it } from 'vitest';
import { formRequest, ScriptedBrowser } from '../../../../e2e/clients/scripted-browser.ts';
import { authorizeQuery, openHouse, register, scriptedSignIn } from '../auth.contract.ts';
import { OperatorError } from '../core/operator-error.ts';
import { developmentPeople } from '../sign-in/development-people.ts';
import type { IssuerOptions } from './issuer-options.ts';
import { checkConsentSignIns, issuerPlace } from './issuer-place.ts';

const publicUrl = 'https://mcp.example.com/team';
const people = developmentPeople({ people: [{ username: 'alice' }] });
const place = (options: Partial<IssuerOptions>) => issuerPlace({ signIns: [], ...options }, publicUrl);
const wrong = (work: () => unknown) => {
  try {
    work();
    return [];
  } catch (error) {
    return (error as OperatorError).problems.map(({ setting }) => setting);
  }
};

describe('the place of an issuer', () => {
  it('is the public URL when nothing is said', () => {
    expect(place({})).toEqual({
      issuer: publicUrl,
      callbackPath: '/auth/callback',
      documentation: undefined,
      consent: 'always',
    });
  });

  it.each([
    [{ callbackPath: '/token' }, ['callbackPath']],
    [{ callbackPath: 'callback' }, ['callbackPath']],
    [{ callbackPath: '/a/../b' }, ['callbackPath']],
    [{ callbackPath: '/.well-known/x' }, ['callbackPath']],
    [{ documentation: 'javascript:x', callbackPath: '/a b' }, ['callbackPath', 'documentation']],
    [{ identifier: 'https://mcp.example.com?x' }, ['identifier']],
    [{ consent: 'off' as const }, ['consent']],
    [{ consent: 'off' as const, registration: false, metadataDocuments: { fetch } }, ['consent']],
    [{ consent: 'off' as const, registration: false }, []],
    [{ consent: 'off' as const, policy: { allowedRedirectUris: ['https://app.example.com/*'] } }, []],
    [{ consent: 'external' as const }, ['consent']],
    [{ consent: 'external' as const, registration: false }, []],
  ])('%j', (options, expected) => {
    expect(wrong(() => place(options))).toEqual(expected);
  });

  it('asks nobody only where there is one way to sign in', () => {
    const { signIn } = scriptedSignIn();
    for (const consent of ['external', 'off'] as const) {
      expect(() => checkConsentSignIns(consent, [signIn])).not.toThrow();
      expect(() => checkConsentSignIns(consent, [signIn, people])).toThrow(OperatorError);
    }
    expect(() => checkConsentSignIns('always', [signIn, people])).not.toThrow();
  });

  it('is told to clients: another issuer, another resource, another callback, documentation', async () => {
    const { signIn } = scriptedSignIn();
    const { first } = await openHouse({
      count: 1,
      publicUrl,
      resources: [{ path: '/mcp', identifier: 'https://mcp.example.com/data' }],
      issuer: {
        signIns: [signIn],
        identifier: 'https://mcp.example.com',
        callbackPath: '/from/provider',
        documentation: 'https://docs.example.com/',
      },
    });
    const read = async (url: string) => (await first.call(url)).json();
    const prm = await read('https://mcp.example.com/.well-known/oauth-protected-resource/data');
    expect(prm).toMatchObject({
      resource: 'https://mcp.example.com/data',
      authorization_servers: ['https://mcp.example.com'],
    });
    for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration/team'])
      expect(await read(`https://mcp.example.com${path}`)).toMatchObject({
        issuer: 'https://mcp.example.com',
        token_endpoint: `${publicUrl}/token`,
        service_documentation: 'https://docs.example.com/',
      });
    const { client_id: clientId } = await register(first);
    const browser = new ScriptedBrowser(first.call);
    const consent = await browser.request(`${publicUrl}/authorize?${authorizeQuery(clientId)}`);
    const onward = await browser.request(...formRequest(consent, { action: 'approve' }));
    const state = /state=([^"&]+)/.exec(onward.html)?.[1] ?? '';
    const back = await browser.request(`${publicUrl}/from/provider?state=${state}&code=c`);
    const answer = new URL(back.response.headers.get('location')!);
    expect(answer.searchParams.get('iss')).toBe('https://mcp.example.com');
    const response = await first.form('/token', {
      grant_type: 'authorization_code',
      code: answer.searchParams.get('code')!,
      client_id: clientId,
      redirect_uri: 'http://127.0.0.1:4567/callback',
      code_verifier: 'v'.repeat(43),
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    expect(JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())).toMatchObject({
      iss: 'https://mcp.example.com',
      aud: 'https://mcp.example.com/data',
    });
    expect(await first.guard(token)).toMatchObject({ status: 200 });
    await expect(first.call('/auth/callback?state=x')).rejects.toThrow('not answered');
  });
});
