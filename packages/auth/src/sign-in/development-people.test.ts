import { describe, expect, it } from 'vitest';
import { OperatorError } from '../core/operator-error.ts';
import { DEVELOPMENT_ISSUER, developmentPeople } from './development-people.ts';

const signIn = developmentPeople({
  people: [
    { username: 'alice', name: 'Alice', email: 'alice@example.com' },
    { username: 'carol', groups: ['admin', 'sales'] },
  ],
});

const request = { state: 's', callbackUrl: 'http://localhost:8000/auth/callback' };
const context = { callbackUrl: request.callbackUrl, secrets: {}, state: 's' };

describe('signing in as a development person', () => {
  it('offers everybody on a page of our own', async () => {
    expect(signIn.id).toBe('development');
    expect(await signIn.start(request)).toEqual({
      kind: 'page',
      secrets: {},
      people: [
        { value: 'alice', name: 'Alice' },
        { value: 'carol', name: 'carol', note: 'groups admin, sales' },
      ],
    });
  });

  it('makes an identity of its own issuer', async () => {
    expect(await signIn.finish(new URLSearchParams({ person: 'alice' }), context)).toEqual({
      identity: {
        issuer: DEVELOPMENT_ISSUER,
        subject: 'alice',
        name: 'Alice',
        email: 'alice@example.com',
        emailVerified: true,
        username: 'alice',
        usernameRule: 'development',
        groups: [],
      },
    });
    const { identity, upstream } = await signIn.finish(new URLSearchParams({ person: 'carol' }), context);
    expect(identity).toMatchObject({ subject: 'carol', groups: ['admin', 'sales'] });
    expect(identity).not.toHaveProperty('email');
    expect(upstream).toBeUndefined();
  });

  it.each(['person=mallory', 'person=', '', 'person=Alice', 'person=__proto__', 'person=alice%20'])(
    'refuses %j',
    async (answer) => {
      await expect(signIn.finish(new URLSearchParams(answer), context)).rejects.toMatchObject({
        reason: 'sign-in.unknown-person',
      });
    },
  );

  it('refuses two people at once', async () => {
    await expect(
      signIn.finish(new URLSearchParams('person=alice&person=carol'), context),
    ).rejects.toMatchObject({ reason: 'request.duplicate-parameter' });
  });

  it.each([
    ['nobody', []],
    ['a name twice', [{ username: 'a' }, { username: 'a' }]],
    ['an empty name', [{ username: '' }]],
    ['a control character', [{ username: 'a\u0000b' }]],
    ['a direction character', [{ username: 'a\u202eb' }]],
    ['a space at the end', [{ username: 'a ' }]],
    ['a name that is too long', [{ username: 'a'.repeat(129) }]],
  ])('does not start with %s', (_what, people) => {
    expect(() => developmentPeople({ people })).toThrow(OperatorError);
  });
});
