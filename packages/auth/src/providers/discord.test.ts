import { describe, expect, it } from 'vitest';
import { discord } from './discord.ts';
import { presetInput } from './preset-input.ts';
import { proxyOptions } from './preset-options.ts';

const resource = 'https://mcp.example.com/mcp';

describe('Discord', () => {
  const options = proxyOptions(
    discord,
    presetInput(discord, 'proxy', { resource, clientId: 'id', clientSecret: 's' }),
  );

  it('is a plain OAuth 2 provider, with a subject that never changes', () => {
    expect(options).toMatchObject({
      issuer: 'https://discord.com',
      clientId: 'id',
      clientSecret: 's',
      discovery: false,
      scopes: ['identify', 'email'],
      subjectClaim: 'id',
      endpoints: {
        authorization: 'https://discord.com/oauth2/authorize',
        token: 'https://discord.com/api/oauth2/token',
        userinfo: 'https://discord.com/api/v10/users/@me',
        revocation: 'https://discord.com/api/oauth2/token/revoke',
      },
    });
  });

  it.each([
    [{ global_name: 'Nelly', username: 'nelly', verified: true }, 'Nelly', true],
    [{ global_name: null, username: 'nelly', verified: false }, 'nelly', false],
    [{ username: 'nelly' }, 'nelly', false],
  ])('of %j has the name %s, its e-mail verified: %s', async (claims, name, verified) => {
    const asked = () => Promise.reject(new Error('nothing is asked'));
    expect(await options.person!(claims, asked)).toMatchObject({ name, email_verified: verified });
  });
});
