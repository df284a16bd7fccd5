import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { staticTokens } from './static-tokens-type.ts';

const read = (raw: Parameters<typeof staticTokens.read>[0]) =>
  staticTokens.read(raw, { folder: '/', files: memoryFiles() });

describe('static tokens', () => {
  it('are read from a map, or from JSON', () => {
    const alice = {
      clientId: 'cli',
      subject: 'alice',
      scopes: ['a', 'b'],
      emailVerified: true,
      expiresAt: 9,
    };
    expect(
      read({
        t: { clientId: 'cli', subject: 'alice', scopes: 'a, b', emailVerified: 'true', expiresAt: '9' },
      }),
    ).toEqual({ value: { t: alice } });
    expect(read('{"t": {"clientId": "cli", "subject": "alice"}}')).toEqual({
      value: { t: { clientId: 'cli', subject: 'alice' } },
    });
  });

  it.each([
    ['x', 'has another form'],
    [{ t: { clientId: 'c' } }, 'is wrong in entry 1, at subject: it is missing'],
    [
      { t: { clientId: 'c', subject: 's' }, u: { clientId: 'c', subject: 's', admin: 'yes' } },
      'is wrong in entry 2: unknown member admin',
    ],
  ] as const)('refuse %j without quoting a value', (raw, fault) => {
    expect(read(raw)).toMatchObject({ fault });
  });

  it('are not shown', () => {
    const shown = JSON.stringify(staticTokens.show?.({ hidden: { clientId: 'c', subject: 's' } }));
    expect(shown).toContain('"subject":"s"');
    expect(shown).not.toContain('hidden');
  });
});
