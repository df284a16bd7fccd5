import { describe, expect, it } from 'vitest';
import type { Problem } from '../core/operator-error.ts';
import { type AskingOptions, checkAddress, checkAskingOptions, formsOf } from './asking-options.ts';
import { problemList } from './jwt-options.ts';

const ISSUER = 'https://id.example';
const problems = (options: Partial<AskingOptions>, address?: string) => {
  const found: Problem[] = [];
  const complete = { issuer: ISSUER, ...options };
  checkAskingOptions(complete, problemList('v', found));
  if (address !== undefined) checkAddress(problemList('v', found), 'endpoint', address, complete);
  return found.map(({ setting }) => setting);
};

describe('options of verifiers that ask', () => {
  it.each([
    ['nothing wrong', {}, []],
    ['the most that is allowed', { cacheSeconds: 3600, refusedCacheSeconds: 300, leewaySeconds: 300 }, []],
    ['the least', { cacheSeconds: 0, refusedCacheSeconds: 0, leewaySeconds: 0, maxTokens: 1 }, []],
    ['too long a memory', { cacheSeconds: 3601 }, ['v.cacheSeconds']],
    ['no number', { cacheSeconds: Number.NaN }, ['v.cacheSeconds']],
    ['no room', { maxConcurrent: 0 }, ['v.maxConcurrent']],
    ['a life of days', { fallbackLifetimeSeconds: 86_401 }, ['v.fallbackLifetimeSeconds']],
    ['no issuer', { issuer: '' }, ['v.issuer']],
    ['an empty audience', { audience: [''] }, ['v.audience']],
    ['no prefix', { opaqueTokens: [] }, ['v.opaqueTokens']],
  ] as const)('%s', (_what, options, expected) => expect(problems(options)).toEqual(expected));

  it('want an address that nobody else can read along with', () => {
    expect(problems({}, 'http://localhost:1/a')).toEqual([]);
    expect(problems({}, 'http://idp/a')).toEqual(['v.endpoint']);
    expect(problems({ allowPlainHttp: true }, 'http://idp/a')).toEqual([]);
    for (const bad of ['', 'x', 'ftp://idp/', 'https://u:p@idp/', 'https://idp/#x'])
      expect(problems({ allowPlainHttp: true }, bad)).toEqual(['v.endpoint']);
  });

  it('say by default that all opaque tokens and the JWTs of the issuer are shown', () => {
    expect(formsOf({ issuer: ISSUER })).toEqual({ opaque: true, issuers: [ISSUER] });
    expect(formsOf({ issuer: ISSUER, opaqueTokens: ['a_'], jwtIssuers: [] })).toEqual({
      opaque: ['a_'],
      issuers: [],
    });
  });
});
