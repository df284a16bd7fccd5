import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { verifyFirstMatch } from './first-match.ts';
import type { Verifier } from './verifier.ts';

function verifier(name: string, recognizes: boolean, answer?: Refusal) {
  const shown: string[] = [];
  const it: Verifier = {
    name,
    recognizes: () => recognizes,
    async verify(token) {
      shown.push(token);
      if (answer) throw answer;
      return { expiresAt: 1, admit: () => Promise.reject(new Error('not asked')) };
    },
  };
  return { it, shown };
}

describe('a token', () => {
  it('[G5] is shown to the first that it is meant for, and to nobody after that, whatever it says', async () => {
    for (const answer of [undefined, new Refusal('token.signature'), new Refusal('verifier.unavailable')]) {
      const [a, b, c] = [verifier('a', false), verifier('b', true, answer), verifier('c', true)];
      await verifyFirstMatch([a.it, b.it, c.it], 'the token', 'r').catch(() => undefined);
      expect([a.shown, b.shown, c.shown]).toEqual([[], ['the token'], []]);
    }
  });

  it('that is meant for nobody is 401, and the log learns its form and not the token', async () => {
    const jwt = `${Buffer.from('{}').toString('base64url')}.${Buffer.from('{"iss":"https://other.example"}').toString('base64url')}.sig`;
    const refusal = (token: string) =>
      verifyFirstMatch([verifier('a', false).it], token, 'r').catch((error: unknown) => error as Refusal);
    expect(await refusal(jwt)).toMatchObject({
      reason: 'token.unknown',
      detail: { seen: 'a JWT of https://other.example', accepted: ['a'] },
    });
    expect(JSON.stringify(await refusal('opaque-secret'))).not.toContain('opaque-secret');
  });
});
