import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callTool, statusAtGate } from '../clients/plain-mcp.ts';
import { type HandMadeProvider, startHandMadeProvider } from '../servers/hand-made-provider.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';

const API = 'https://api.example/';
const CLIENT_ID = 'portcullis';

let provider: HandMadeProvider;
let closed: RunningPortcullis;
let open: RunningPortcullis;

/** The same provider twice: people sign in there, and its tokens are taken at one of the two only. */
beforeAll(async () => {
  provider = await startHandMadeProvider();
  const start = (acceptTokens: 'on' | 'off') =>
    startPortcullis({
      settings: JSON.stringify({
        upstream: {
          issuer: provider.issuer,
          clientId: CLIENT_ID,
          clientSecret: 'a secret of this test',
          audience: API,
          endpoints: { keys: `${provider.issuer}/jwks` },
          acceptTokens,
        },
      }),
    });
  [closed, open] = await Promise.all([start('off'), start('on')]);
});
afterAll(async () => {
  await Promise.all([closed, open].map((server) => server.stop()));
  await provider.close();
});

const token = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  provider.sign(
    {
      iss: provider.issuer,
      sub: 'u-1',
      aud: API,
      client_id: 'app',
      scope: 'mcp:read',
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 300,
      ...claims,
    },
    header,
  );

describe('tokens of the provider behind us', () => {
  it('[PX-7, G5] are taken where the operator asked for that, and nowhere else', async () => {
    const good = await token();
    expect(await statusAtGate(open.mcpUrl, good)).toBe(200);
    expect(await statusAtGate(closed.mcpUrl, good)).toBe(401);
  });

  it('[G5, RS-8] are taken when they are access tokens for the audience, and never for less', async () => {
    const wrong = {
      'an ID token': await token({ aud: CLIENT_ID, nonce: 'n', scope: undefined, client_id: undefined }),
      'an ID token for the audience': await token({ nonce: 'n', scope: undefined, client_id: undefined }),
      'a token for our client id': await token({ aud: CLIENT_ID }),
      'a token for our resource, which is not the audience': await token({ aud: open.mcpUrl }),
      'a token of another issuer': await token({ iss: `${provider.issuer}/other` }),
      'a token that says it is ours': await token({ iss: open.url, aud: open.mcpUrl }, { typ: 'at+jwt' }),
      'a log-out token': await token({ events: {} }, { typ: 'logout+jwt' }),
    };
    const seen = Object.entries(wrong).map(async ([name, each]) => [
      name,
      await statusAtGate(open.mcpUrl, each),
    ]);
    expect(await Promise.all(seen)).toEqual(Object.keys(wrong).map((name) => [name, 401]));
  });

  it('[G4] may do what every person may, and beyond that what their own scopes say', async () => {
    for (const [scope, expected] of [
      ['openid', ['openid', 'mcp:read']],
      ['mcp:write', ['mcp:write', 'mcp:read']],
    ] as const) {
      const { structuredContent } = await callTool(open.mcpUrl, await token({ scope }), 'whoami');
      expect((structuredContent as { scopes: string[] }).scopes).toEqual(expected);
    }
    // An application can have a token that nobody allowed anything.
    expect(await statusAtGate(open.mcpUrl, await token({ scope: undefined }))).toBe(403);
  });
});
