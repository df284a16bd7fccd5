import type { Fields } from '../../clients/plain-client.ts';
import { SECRET } from '../loopback-target.ts';
import { programSeen, words, yes } from '../observation.ts';
import { basic, behaviour, enrol, logIn, refreshes, refreshTokenOf } from './acts.ts';

const RESOURCE_SERVER = basic({ id: 'resource-server', secret: SECRET, redirectUri: '' });

/** Is a token good, asked by the resource server? */
const introspect = (
  id: string,
  what: string,
  token: (tokens: { access: string; refresh: string }) => string,
) =>
  behaviour(id, 'AS-19', what, async (target) => {
    const { tokens } = await logIn(target);
    const given = { access: tokens.access_token, refresh: tokens.refresh_token };
    const answer = await target.client.post('/introspect', { token: token(given) }, RESOURCE_SERVER);
    return {
      status: String(answer.status),
      active: String(answer.body.active),
      members: words(Object.keys(answer.body)),
    };
  });

const revoke = (id: string, what: string, fields: (tokens: { access: string; refresh: string }) => Fields) =>
  behaviour(id, 'AS-19', what, async (target) => {
    const { client, tokens } = await logIn(target);
    const given = { access: tokens.access_token, refresh: tokens.refresh_token };
    const answer = await target.client.post('/revoke', { client_id: client.id, ...fields(given) });
    return {
      ...programSeen(answer),
      'refresh token afterwards': await refreshes(target, client, given.refresh),
    };
  });

export const ENDINGS = [
  revoke('revoke-refresh', 'Revokes its refresh token', ({ refresh }) => ({ token: refresh })),
  revoke('revoke-access', 'Revokes its access token', ({ access }) => ({ token: access })),
  revoke(
    'revoke-with-hint',
    'Revokes its refresh token, and says that it is an access token',
    ({ refresh }) => ({
      token: refresh,
      token_type_hint: 'access_token',
    }),
  ),
  revoke('revoke-made-up', 'Revokes a token that there never was', () => ({ token: 'made-up' })),
  revoke('revoke-nothing', 'Revokes without saying what', () => ({})),
  revoke('revoke-stranger', 'Revokes as a client that nobody knows', ({ refresh }) => ({
    token: refresh,
    client_id: 'nobody',
  })),
  behaviour('revoke-of-another', 'AS-19', 'Revokes the refresh token of another client', async (target) => {
    const { client, response } = await logIn(target);
    const { id } = await enrol(target);
    const answer = await target.client.post('/revoke', { token: refreshTokenOf(response), client_id: id });
    return {
      ...programSeen(answer),
      'refresh token afterwards': await refreshes(target, client, refreshTokenOf(response)),
    };
  }),
  behaviour('revoke-twice', 'AS-19', 'Revokes its refresh token twice', async (target) => {
    const { client, response } = await logIn(target);
    const fields = { token: refreshTokenOf(response), client_id: client.id };
    await target.client.post('/revoke', fields);
    return programSeen(await target.client.post('/revoke', fields));
  }),
  behaviour('revoke-get', 'AS-19', 'Revokes with GET', async ({ client }) => ({
    status: String((await client.get('/revoke?token=x')).status),
  })),
  introspect('introspect-access', 'Asks about an access token', ({ access }) => access),
  introspect('introspect-refresh', 'Asks about a refresh token', ({ refresh }) => refresh),
  introspect('introspect-changed', 'Asks about a token that was changed', ({ access }) => `${access}x`),
  introspect('introspect-made-up', 'Asks about a token that there never was', () => 'made-up'),
  behaviour('introspect-nobody', 'AS-19', 'Asks about a token without saying who it is', async (target) => {
    const { tokens } = await logIn(target);
    return programSeen(await target.client.post('/introspect', { token: tokens.refresh_token }));
  }),
  behaviour('introspect-stranger', 'AS-19', 'Asks about the token of another client', async (target) => {
    const { tokens } = await logIn(target);
    const { id } = await enrol(target);
    const answer = await target.client.post('/introspect', { token: tokens.refresh_token, client_id: id });
    return {
      status: String(answer.status),
      active: String(answer.body.active),
      error: String(answer.body.error ?? 'none'),
    };
  }),
  behaviour(
    'introspect-after-revocation',
    'AS-19',
    'Asks about a refresh token that was revoked',
    async (target) => {
      const { client, response } = await logIn(target);
      const token = refreshTokenOf(response);
      await target.client.post('/revoke', { token, client_id: client.id });
      const answer = await target.client.post('/introspect', { token }, RESOURCE_SERVER);
      return { active: String(answer.body.active), more: yes(Object.keys(answer.body).length > 1) };
    },
  ),
];
