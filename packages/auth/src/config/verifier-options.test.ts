import { describe, expect, it } from 'vitest';
import { introspectionVerifier } from '../verify/introspection.ts';
import { jwtVerifier } from '../verify/jwt.ts';
import { problemsOf, settingsOf } from './planned-settings.contract.ts';
import { introspectionOptions, jwtOptions } from './verifier-options.ts';

const jwt = (members: string) => jwtOptions(settingsOf(`jwt: {${members}}`).jwt, 'jwt');
const introspection = (members: string) =>
  introspectionOptions(settingsOf(`introspection: {${members}}`).introspection, 'introspection');
const named = (work: () => unknown) => problemsOf(work).map(({ setting }) => setting);
const fetch = () => Promise.reject(new Error('nothing is asked here'));

const keys = 'issuer: https://t.example, jwksUri: "https://t.example/keys?v=1"';
const asked = 'endpoint: https://t.example/i, issuer: https://t.example, clientId: c, clientSecret: s';

describe('verifiers from settings', () => {
  it('check JWTs with a key set, for the resource itself when nothing is said', () => {
    const options = jwt(keys);
    expect(options).toMatchObject({
      issuer: ['https://t.example'],
      keys: { jwksUri: 'https://t.example/keys?v=1', maxAgeSeconds: 600, cooldownSeconds: 60 },
    });
    expect(options).not.toHaveProperty('audience');
    expect(jwtVerifier(options, { fetch }).takes).toEqual({ opaque: false, issuers: ['https://t.example'] });
  });

  it('pass everything on', () => {
    expect(
      jwt(
        'issuer: [a, b], identityIssuer: c, sharedSecret: "0123456789abcdef0123456789abcdef", secretEncoding: hex, algorithms: HS256, audience: [x, y], claims: {team: z}, tokenType: at+jwt, clockToleranceSeconds: 1, subjectClaim: oid, groupsClaim: roles, keepClaims: k, scopeClaims: scp, grantScopes: read',
      ),
    ).toMatchObject({
      issuer: ['a', 'b'],
      identityIssuer: 'c',
      keys: { sharedSecret: '0123456789abcdef0123456789abcdef', encoding: 'hex' },
      algorithms: ['HS256'],
      audience: ['x', 'y'],
      claims: { team: 'z' },
      tokenType: 'at+jwt',
      leewaySeconds: 1,
      subjectClaim: 'oid',
      groupsClaim: 'roles',
      keepClaims: ['k'],
      scopeClaims: ['scp'],
    });
    expect(introspection(`${asked}, opaqueTokens: acme_, cacheSeconds: 0, audience: none`)).toMatchObject({
      opaqueTokens: ['acme_'],
      cacheSeconds: 0,
      audience: 'none',
    });
    expect(introspectionVerifier(introspection(asked), { fetch }).recognizes('opaque')).toBe(true);
  });

  it('count what the operator grants as scopes of the token', () => {
    expect(jwt(keys).mapScopes).toBeUndefined();
    expect(jwt(`${keys}, grantScopes: mcp:read`).mapScopes?.(['a'])).toEqual(['a', 'mcp:read']);
  });

  it('write out that nothing is asked', () => {
    expect(jwt(`${keys}, audience: none`).audience).toBe('none');
    expect(
      jwt(
        'issuer: none, identityIssuer: x, publicKey: MCowBQYDK2VwAyEAmUmUJAnDi+QP5LfFzLslLktFP0eOQbNLC1wHmjlgSBg=',
      ).issuer,
    ).toBe('none');
  });

  it.each([
    ['issuer: https://t.example', ['jwt.jwksUri']],
    [
      `${keys}, publicKey: MCowBQYDK2VwAyEAmUmUJAnDi+QP5LfFzLslLktFP0eOQbNLC1wHmjlgSBg=, sharedSecret: 0123456789abcdef0123456789abcdef`,
      ['jwt.publicKey', 'jwt.sharedSecret'],
    ],
    [`${keys}, secretEncoding: hex`, ['jwt.secretEncoding']],
    ['issuer: https://t.example, jwksUri: http://t.example/keys', ['jwt.jwksUri']],
    ['issuer: none, jwksUri: https://t.example/keys', ['jwt.identityIssuer']],
    [`${keys}, audience: [none, x], algorithms: HS256`, ['jwt.audience', 'jwt.algorithms']],
  ])('refuse JWT settings: %s', (members, expected) => {
    expect(named(() => jwt(members))).toEqual(expected);
  });

  it.each([
    [
      'endpoint: https://t.example/i',
      ['introspection.issuer', 'introspection.clientId', 'introspection.clientSecret'],
    ],
    [asked.replace('https:', 'http:'), ['introspection.endpoint']],
    [`${asked}, audience: [none, x]`, ['introspection.audience']],
  ])('refuse introspection settings: %s', (members, expected) => {
    expect(named(() => introspection(members))).toEqual(expected);
  });
});
