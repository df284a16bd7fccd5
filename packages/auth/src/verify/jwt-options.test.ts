import { describe, expect, it } from 'vitest';
import { type JwtVerifierOptions, jwtOptionProblems } from './jwt-options.ts';
import { jwtWorld } from './jwt-tokens.contract.ts';

const problems = (options: Partial<JwtVerifierOptions>) =>
  jwtOptionProblems({
    issuer: 'https://id.example',
    keys: { jwksUri: 'https://id.example/keys' },
    ...options,
  }).map(({ setting, message, remedy }) => {
    expect(message).toMatch(/\.$/);
    expect(remedy).toMatch(/\.$/);
    return setting;
  });

describe('options of a JWT verifier', () => {
  it.each([
    ['nothing wrong', {}, []],
    ['several audiences', { audience: ['a', 'b'] }, []],
    ['no audience, written out', { audience: 'none' }, []],
    ['an empty audience', { audience: '' }, ['audience']],
    ['an empty list of audiences', { audience: [] }, ['audience']],
    ['none beside others', { audience: ['none', 'a'] }, ['audience']],
    ['any issuer for nobody in particular', { issuer: 'none' }, ['identityIssuer']],
    ['any issuer under one name', { issuer: 'none', identityIssuer: 'urn:x' }, []],
    ['no algorithm', { algorithms: [] }, ['algorithms']],
    ['a claim that can be nothing', { claims: { a: [] } }, ['claims.a']],
    ['no keys', { keys: {} as never }, ['keys']],
    [
      'odd times',
      { keys: { jwksUri: 'https://x.example', maxAgeSeconds: 0, cooldownSeconds: 0, timeoutSeconds: 61 } },
      ['keys.maxAgeSeconds', 'keys.cooldownSeconds', 'keys.timeoutSeconds'],
    ],
    ['plain http on this machine', { keys: { jwksUri: 'http://localhost:1/keys' } }, []],
    ['plain http, allowed', { keys: { jwksUri: 'http://idp/keys', allowPlainHttp: true } }, []],
  ] as const)('%s', (_what, options, expected) => {
    expect(problems(options as never)).toEqual(expected.map((name) => `verifier.${name}`));
  });

  it('[G9] bound the leeway: none below zero, and none above five minutes', () => {
    for (const leewaySeconds of [0, 300]) expect(problems({ leewaySeconds })).toEqual([]);
    for (const leewaySeconds of [-1, 301, Number.NaN, Number.POSITIVE_INFINITY])
      expect(problems({ leewaySeconds })).toEqual(['verifier.leewaySeconds']);
  });

  it('are all reported at once, with the name the operator knows', () => {
    const options = {
      audience: '',
      issuer: [],
      leewaySeconds: 999,
      settingPrefix: 'JWT',
      keys: { jwksUri: 'x' },
    };
    expect(() => jwtWorld().open(options)).toThrow(
      /JWT\.keys\.jwksUri.*\n.*JWT\.audience.*\n.*JWT\.leewaySeconds.*\n.*JWT\.issuer/,
    );
  });
});
