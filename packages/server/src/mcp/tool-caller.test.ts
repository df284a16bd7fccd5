import type { Caller } from '@portcullis/auth/core/identity';
import { describe, expect, it } from 'vitest';
import { callerOf, identifyPerson, identifyService } from './tool-caller.ts';

const caller: Caller = {
  identity: { issuer: 'https://idp.example', subject: 'u-1', username: 'alice' },
  clientId: 'c',
  scopes: ['mcp:read'],
  resource: 'https://h.example/mcp',
  expiresAt: 1,
};
const contextWith = (extra: unknown) =>
  ({ http: { authInfo: { token: 't', clientId: 'c', scopes: [], extra } } }) as Parameters<
    typeof callerOf
  >[0];

describe('who calls a tool', () => {
  it('is whom the gate let in, as it let them in', () => {
    expect(callerOf(contextWith({ caller }))).toBe(caller);
  });

  it.each([
    ['no request', {}],
    ['no gate', { http: {} }],
    ['nobody', contextWith(undefined)],
    ['nobody in particular', contextWith({})],
    ['a caller without identity', contextWith({ caller: {} })],
    ['no issuer', contextWith({ caller: { identity: { subject: 'root' } } })],
    ['no subject', contextWith({ caller: { identity: { issuer: 'x', subject: 7 } } })],
    ['a name alone', contextWith({ caller: 'alice' })],
  ])('is not %s', (_what, context) => {
    expect(() => callerOf(context as Parameters<typeof callerOf>[0])).toThrow(/gate/);
  });
});

describe('the database user of a caller', () => {
  it('is the one that was found at sign-in, to the letter', () => {
    expect(identifyPerson(caller)).toEqual({ kind: 'person', username: 'alice' });
    expect(identifyPerson({ ...caller, identity: { ...caller.identity, username: ' A' } })).toEqual({
      kind: 'person',
      username: ' A',
    });
  });

  it('is nobody, and never the service account, where none was found', () => {
    const { username, ...identity } = caller.identity;
    expect(() => identifyPerson({ ...caller, identity })).toThrow(
      expect.objectContaining({ kind: 'person', detail: { issuer: 'https://idp.example', subject: 'u-1' } }),
    );
  });

  it('is the service account only where the operator says so', () => {
    expect(identifyService(caller)).toEqual({ kind: 'service' });
  });
});
