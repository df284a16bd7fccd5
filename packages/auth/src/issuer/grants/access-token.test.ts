import { describe, expect, it } from 'vitest';
import { manualClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import { DEFAULT_LIFETIMES } from '../../sessions/lifetimes.ts';
import type { Session } from '../../sessions/session.ts';
import { mintAccessToken, subjectOf } from './access-token.ts';

const session = {
  id: 's'.repeat(22),
  identity: { issuer: 'https://idp.example', subject: 'alice' },
  clientId: 'c',
  resource: 'https://h.example/mcp',
  head: 3,
} as Session;

describe('an access token of ours', () => {
  it('[AS-11][AS-19] carries session and generation, and ends after an hour or with the session', () => {
    const clock = manualClock(1_000_500);
    const signed: [string, Readonly<Record<string, unknown>>][] = [];
    const keyRing = {
      sign: (typ: string, claims: Readonly<Record<string, unknown>>) => {
        signed.push([typ, claims]);
        return 'jws';
      },
    };
    const context = {
      issuer: 'https://h.example',
      keyRing,
      clock,
      random: systemRandom,
      lifetimes: DEFAULT_LIFETIMES,
    } as unknown as Parameters<typeof mintAccessToken>[0];
    expect(mintAccessToken(context, { ...session, endsAt: 99_000_000 }, ['a', 'b'])).toEqual({
      accessToken: 'jws',
      expiresInSeconds: 3600,
    });
    expect(signed[0]).toEqual([
      'at+jwt',
      {
        iss: 'https://h.example',
        sub: 'https://idp.example|alice',
        client_id: 'c',
        aud: 'https://h.example/mcp',
        scope: 'a b',
        iat: 1000,
        exp: 4600,
        jti: expect.stringMatching(/^[\w-]{22}$/),
        sid: session.id,
        gen: 3,
      },
    ]);
    expect(mintAccessToken(context, { ...session, endsAt: 1_060_000 }, []).expiresInSeconds).toBe(60);
    expect(mintAccessToken(context, { ...session, endsAt: 1_000_600 }, []).expiresInSeconds).toBe(1);
  });

  it('[G10] names the person by issuer and subject', () => {
    expect(subjectOf({ identity: { issuer: 'https://a.example', subject: 'x' } })).not.toBe(
      subjectOf({ identity: { issuer: 'https://b.example', subject: 'x' } }),
    );
  });
});
