// What the emulator has: sign-in pages, codes with PKCE, the key set, access and ID tokens as a pool makes them, refresh tokens and their
// revocation. What it lacks: endpoints in its metadata, `userinfo`, client secrets, and the nonce in its ID tokens, without which nobody can
// sign in through our issuer. So it shows tokens of the pool at our gate, and that our issuer is right to insist on the nonce.
import { aws as preset } from '@portcullis/auth/providers/aws';
import { presetInput } from '@portcullis/auth/providers/preset-input';
import { proxyOptions, remoteOptions } from '@portcullis/auth/providers/preset-options';
import { upstreamSignIn } from '@portcullis/auth/sign-in/upstream-provider';
import { jwtVerifier } from '@portcullis/auth/verify/jwt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainClient } from '../../clients/plain-client.ts';
import { callTool, statusAtGate } from '../../clients/plain-mcp.ts';
import { freePort } from '../../servers/free-port.ts';
import { describeService } from '../describe-service.ts';
import { type ProtectedServer, recordedFetch, startProtected } from '../protected-server.ts';
import { ProviderBrowser } from '../provider-browser.ts';
import { connectPerson } from '../sdk-person.ts';
import { ISSUER, PASSWORD, type RunningCognito, startCognito, USER_POOL_ID } from './running-cognito.ts';

const ALICE = 'alice@acme.example';
const CLIENT_CALLBACK = 'http://localhost:43210/callback';

const signInPage = (html: string) =>
  html.includes('name="password"') ? { username: ALICE, password: PASSWORD } : undefined;

describeService('cognito', ({ path }) => {
  let cognito: RunningCognito;
  let subject: string;
  const opened: ProtectedServer[] = [];
  beforeAll(async () => {
    cognito = await startCognito(path);
    subject = await cognito.addPerson(ALICE, ['admin', 'analysts']);
  });
  afterAll(async () => {
    for (const server of opened) await server.close();
    await cognito.stop();
  });

  /** Our server with the preset in remote mode, for a client of the pool. */
  async function openRemote() {
    const port = await freePort();
    const clientId = await cognito.addClient(CLIENT_CALLBACK);
    const resource = `http://localhost:${port}/mcp`;
    const options = { userPoolId: USER_POOL_ID };
    const { verifier, authorizationServers } = remoteOptions(
      preset,
      presetInput(preset, 'remote', { resource, clientId, options }),
    );
    if (verifier.kind !== 'jwt') throw new Error('The preset verifies in another way.');
    const asked = recordedFetch(cognito.reach);
    const server = await startProtected(port, {
      verifiers: [jwtVerifier(verifier, asked)],
      authorizationServers,
      forwardedMetadata: {
        url: `${ISSUER}/.well-known/openid-configuration`,
        fetchDocument: async () => metadata(),
        publicClientId: clientId,
      },
    });
    opened.push(server);
    return { server, clientId, asked };
  }

  const metadata = () => ({
    issuer: ISSUER,
    authorization_endpoint: `${cognito.url}/oauth2/authorize`,
    token_endpoint: `${cognito.url}/oauth2/token`,
    jwks_uri: `${ISSUER}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
  });

  const tokensOf = async (clientId: string) => {
    const { AuthenticationResult: result } = await cognito.call('InitiateAuth', {
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: ALICE, PASSWORD },
    });
    return result as Readonly<Record<'AccessToken' | 'IdToken' | 'RefreshToken', string>>;
  };

  it('logs a client of the SDK in on its own pages, and our gate knows the person by the token', async () => {
    const { server, clientId, asked } = await openRemote();
    const person = await connectPerson(server.mcpUrl, new ProviderBrowser(signInPage));
    const expected = { issuer: ISSUER, subject, groups: ['admin', 'analysts'], clientId };
    expect(await person.callTool('whoami')).toMatchObject(expected);
    person.signIn.saveTokens({ ...person.signIn.tokens()!, access_token: 'ended' });
    expect(await person.callTool('whoami')).toMatchObject(expected);
    expect(asked.asked.map(({ url }) => url)).toEqual([`${ISSUER}/.well-known/jwks.json`]);
    await person.close();
  });

  it('makes access tokens without an audience, which are taken for our client alone; ID tokens are not', async () => {
    const { server, clientId } = await openRemote();
    const { AccessToken, IdToken, RefreshToken } = await tokensOf(clientId);
    const { structuredContent } = await callTool(server.mcpUrl, AccessToken, 'whoami');
    expect(structuredContent).toMatchObject({ subject, clientId });
    for (const token of [IdToken, RefreshToken]) expect(await statusAtGate(server.mcpUrl, token)).toBe(401);
    const other = await tokensOf(await cognito.addClient(CLIENT_CALLBACK));
    expect(await statusAtGate(server.mcpUrl, other.AccessToken)).toBe(401);
  });

  it('puts no nonce into ID tokens: through our issuer nobody gets in with one', async () => {
    const port = await freePort();
    const clientId = await cognito.addClient(`http://localhost:${port}/auth/callback`);
    const input = presetInput(preset, 'proxy', {
      clientId,
      resource: `http://localhost:${port}/mcp`,
      options: { userPoolId: USER_POOL_ID },
    });
    const { authorization_endpoint: authorization, token_endpoint: token, jwks_uri: keys } = metadata();
    const asked = recordedFetch(cognito.reach);
    const options = { discovery: false, endpoints: { authorization, token, keys } };
    const signIn = upstreamSignIn({ ...proxyOptions(preset, input), ...options }, asked.fetch);
    const server = await startProtected(port, { issuer: { signIns: [signIn] } });
    opened.push(server);
    const login = plainClient(server.url).logIn({ browser: new ProviderBrowser(signInPage) });
    await expect(login).rejects.toThrow(/auth\/callback.* with 403/);
    expect(asked.grants('authorization_code')).toBe(1);
    expect(server.events).toContainEqual(
      expect.objectContaining({ type: 'upstream.failed', operation: 'code-exchange', kind: 'invalid' }),
    );
    expect(JSON.stringify(server.events)).toMatch(/nonce/);
  });
});
