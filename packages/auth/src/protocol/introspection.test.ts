import { describe, expect, it } from 'vitest';
import { INACTIVE, introspectionResponse } from './introspection.ts';

describe('introspectionResponse', () => {
  const active = {
    issuer: 'https://i',
    subject: 's',
    audience: ['https://r'],
    clientId: 'c',
    scopes: ['a', 'b'],
    issuedAt: 1,
    expiresAt: 2,
    tokenId: 'j',
    sessionId: 'sid',
  };

  it('says everything of a good token', () => {
    expect(introspectionResponse({ ...active, username: 'bob' })).toEqual({
      active: true,
      token_type: 'Bearer',
      iss: 'https://i',
      sub: 's',
      aud: 'https://r',
      client_id: 'c',
      scope: 'a b',
      iat: 1,
      exp: 2,
      jti: 'j',
      sid: 'sid',
      username: 'bob',
    });
    expect(introspectionResponse({ ...active, audience: ['a', 'b'] }).aud).toEqual(['a', 'b']);
  });

  it('says nothing of a bad one', () => expect(introspectionResponse(undefined)).toEqual({ active: false }));

  it('has no name where none is known, and never the generation of a session', () => {
    const token = { ...active, generation: 7 };
    const body = introspectionResponse(token);
    expect(body).not.toHaveProperty('username');
    expect(JSON.stringify(body)).not.toContain('7');
  });

  it('says the same of every bad token, so that one can not be told from another', () => {
    expect(introspectionResponse(undefined)).toBe(INACTIVE);
    expect(Object.keys(INACTIVE)).toEqual(['active']);
  });
});
