import type { Fields } from '../../clients/plain-client.ts';
import { audienceSeen, programSeen, tokensSeen, yes } from '../observation.ts';
import type { Target } from '../target.ts';
import { approve, basic, behaviour, enrol, filled, logIn, refreshes, refreshTokenOf } from './acts.ts';

/** A login with both scopes, and a refresh with some fields changed. */
const refresh = (id: string, rules: string, what: string, fields: Fields) =>
  behaviour(id, rules, what, async (target) => {
    const { client, response } = await logIn(target, undefined, { scope: 'mcp:read mcp:write' });
    const answer = await target.client.refresh(client, refreshTokenOf(response), filled(target, fields));
    return answer.status === 200 ? audienceSeen(answer, target) : tokensSeen(answer);
  });

const SCOPES_AND_RESOURCES = [
  refresh('refresh-good', 'AS-11 AS-12', 'Refreshes', {}),
  refresh('refresh-less', 'AS-12', 'Asks for less', { scope: 'mcp:read' }),
  refresh('refresh-unknown-scope', 'AS-12', 'Asks for a scope that nobody knows', { scope: 'everything' }),
  refresh('refresh-same-resource', 'AS-10', 'Names the resource again', { resource: '{resource}' }),
  refresh('refresh-other-resource', 'AS-10', 'Names another resource', {
    resource: 'https://other.example/mcp',
  }),
  refresh('refresh-made-up', 'AS-9', 'Makes up a refresh token', { refresh_token: 'made-up' }),
  refresh('refresh-missing', 'AS-9', 'Sends no refresh token', { refresh_token: undefined }),
];

const ROTATION = [
  behaviour('refresh-more', 'AS-12', 'Asks for more than was approved', async (target) => {
    const { client, response } = await logIn(target, undefined, { scope: 'mcp:read' });
    return tokensSeen(
      await target.client.refresh(client, refreshTokenOf(response), { scope: 'mcp:read mcp:write' }),
    );
  }),
  behaviour(
    'refresh-grows-back',
    'AS-12',
    'Asks for less, and then for all that was approved',
    async (target) => {
      const { client, response } = await logIn(target, undefined, { scope: 'mcp:read mcp:write' });
      const less = await target.client.refresh(client, refreshTokenOf(response), { scope: 'mcp:read' });
      return tokensSeen(
        await target.client.refresh(client, refreshTokenOf(less), { scope: 'mcp:read mcp:write' }),
      );
    },
  ),
  behaviour('refresh-rotates', 'AS-11', 'Refreshes as a public client', async (target) => {
    const { client, response } = await logIn(target);
    const next = await target.client.refresh(client, refreshTokenOf(response));
    return { another: yes(refreshTokenOf(next) !== refreshTokenOf(response)) };
  }),
  behaviour(
    'refresh-rotates-confidential',
    'AS-11 AS-20',
    'Refreshes as a confidential client',
    async (target) => {
      const { first, next } = await confidential(target);
      return {
        ...tokensSeen(next),
        another: yes(refreshTokenOf(next) !== first),
      };
    },
  ),
  behaviour(
    'refresh-without-secret',
    'AS-12 AS-20',
    'Refreshes as a confidential client without its secret',
    async (target) => {
      const { next } = await confidential(target);
      return programSeen(await target.client.refresh({ ...target.known.basic }, refreshTokenOf(next)));
    },
  ),
  behaviour(
    'refresh-lost-answer',
    'AS-11',
    'Lost an answer, and sends the old refresh token again at once',
    async (target) => {
      const { client, response } = await logIn(target);
      const next = await target.client.refresh(client, refreshTokenOf(response));
      const again = await target.client.refresh(client, refreshTokenOf(response));
      return { ...tokensSeen(again), 'the new one': await refreshes(target, client, refreshTokenOf(next)) };
    },
  ),
  behaviour('refresh-race', 'AS-11', 'Refreshes twice at the same moment', async (target) => {
    const { client, response } = await logIn(target);
    const token = refreshTokenOf(response);
    const both = await Promise.all([
      target.client.refresh(client, token),
      target.client.refresh(client, token),
    ]);
    const good = both.filter(({ status }) => status === 200);
    const { length } = good;
    return {
      answered: String(length),
      'logged in afterwards':
        length > 0 ? await refreshes(target, client, refreshTokenOf(good.at(-1)!)) : 'no',
    };
  }),
  behaviour(
    'refresh-lost-answer-late',
    'AS-11',
    'Lost an answer, and sends the old refresh token again two minutes later',
    async (target) => {
      const { client, response } = await logIn(target);
      await target.client.refresh(client, refreshTokenOf(response));
      target.advance(120);
      return tokensSeen(await target.client.refresh(client, refreshTokenOf(response)));
    },
  ),
  behaviour(
    'refresh-stolen',
    'AS-11',
    'Sends an old refresh token two minutes after the new one was used',
    async (target) => {
      const { client, response } = await logIn(target);
      const next = await target.client.refresh(client, refreshTokenOf(response));
      const latest = await target.client.refresh(client, refreshTokenOf(next));
      target.advance(120);
      const again = await target.client.refresh(client, refreshTokenOf(response));
      return { ...tokensSeen(again), 'the newest': await refreshes(target, client, refreshTokenOf(latest)) };
    },
  ),
  behaviour('refresh-other-client', 'AS-12', 'Sends the refresh token of another client', async (target) => {
    const { client, response } = await logIn(target);
    const other = await target.client.refresh(await enrol(target), refreshTokenOf(response));
    return { ...tokensSeen(other), 'its owner': await refreshes(target, client, refreshTokenOf(response)) };
  }),
  behaviour('refresh-late', 'AS-11', 'Comes back after 31 days', async (target) => {
    const { client, response } = await logIn(target);
    target.advance(31 * 86_400);
    return tokensSeen(await target.client.refresh(client, refreshTokenOf(response)));
  }),
];

async function confidential(target: Target) {
  const client = target.known.basic;
  const headers = basic(client);
  const { exchanged } = await approve(target, client);
  const first = refreshTokenOf(await target.client.token({ ...exchanged, client_id: undefined }, headers));
  const next = await target.client.token({ grant_type: 'refresh_token', refresh_token: first }, headers);
  return { first, next };
}

export const REFRESHES = [...SCOPES_AND_RESOURCES, ...ROTATION];
