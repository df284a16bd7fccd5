import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bearerChallenge, parseAuthorizationHeader } from './bearer-challenge.ts';

describe('bearerChallenge', () => {
  it('without credentials: no error', () => {
    const parts = {
      scope: ['mcp:read'],
      resourceMetadata: 'https://h/.well-known/oauth-protected-resource/mcp',
    };
    expect(bearerChallenge(parts)).toBe(
      'Bearer scope="mcp:read", resource_metadata="https://h/.well-known/oauth-protected-resource/mcp"',
    );
  });

  it('with everything', () => {
    const parts = {
      error: 'insufficient_scope',
      description: 'More is needed.',
      scope: ['a', 'b'],
      resourceMetadata: 'https://h/m',
    };
    expect(bearerChallenge(parts)).toBe(
      'Bearer error="insufficient_scope", error_description="More is needed.", scope="a b", resource_metadata="https://h/m"',
    );
  });

  it('with nothing', () => expect(bearerChallenge({ scope: [] })).toBe('Bearer'));

  it('can not be broken out of, whatever the texts are', () => {
    const text = fc.oneof(
      fc.constantFrom('"', '\\', '\r\nSet-Cookie: x', '\u0000', 'é', ', error="x"'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, text, fc.array(text), (error, description, scope) => {
        const value = bearerChallenge({ error, description, scope, resourceMetadata: 'https://h/m' });
        expect(value).toMatch(/^Bearer(?: [a-z_]+="[\x20\x21\x23-\x5b\x5d-\x7e]*",?)+$/);
        expect(value.match(/[a-z_]+="/g)).toHaveLength(scope.length > 0 ? 4 : 3);
        expect(() => new Headers({ 'www-authenticate': value })).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('parseAuthorizationHeader', () => {
  it.each([
    [null, { kind: 'absent' }],
    [undefined, { kind: 'absent' }],
    ['Bearer abc.def-_~+/==', { kind: 'bearer', token: 'abc.def-_~+/==' }],
    ['bearer abc', { kind: 'bearer', token: 'abc' }],
    ['BEARER   abc ', { kind: 'bearer', token: 'abc' }],
    ['Basic dTpw', { kind: 'other', scheme: 'basic' }],
    ['DPoP abc', { kind: 'other', scheme: 'dpop' }],
    ['Negotiate', { kind: 'other', scheme: 'negotiate' }],
    ['', { kind: 'malformed' }],
    ['Bearer', { kind: 'malformed' }],
    ['Bearer ', { kind: 'malformed' }],
    ['Bearer a b', { kind: 'malformed' }],
    ['Bearer a, Bearer b', { kind: 'malformed' }],
    ['Bearer a=b', { kind: 'malformed' }],
    ['Bearer "a"', { kind: 'malformed' }],
    ['Bearer\ta', { kind: 'malformed' }],
    ['Bearerabc', { kind: 'other', scheme: 'bearerabc' }],
    ['Bear(er abc', { kind: 'malformed' }],
    [`Bearer ${'a'.repeat(16_385)}`, { kind: 'malformed' }],
  ])('%j', (value, expected) => expect(parseAuthorizationHeader(value)).toEqual(expected));

  it('gives a token that is part of the header, or none, for any text', () => {
    const piece = fc.constantFrom(
      'Bearer',
      'bearer',
      'Basic',
      ' ',
      '\t',
      'abc',
      '=',
      ',',
      '"',
      '\u0000',
      'é',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece).map((p) => p.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (value) => {
          const header = parseAuthorizationHeader(value);
          if (header.kind === 'bearer') expect(value.trim().endsWith(` ${header.token}`)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
