import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { MORE_ROWS } from './names-more.ts';
import type { Raw } from './row.ts';

const context = { folder: '/', files: memoryFiles() };
const providers = (raw: Raw) => MORE_ROWS.moreProviders.type.read(raw, context);
const verifiers = (raw: Raw) => MORE_ROWS.moreVerifiers.type.read(raw, context);

describe('several at once', () => {
  it('have each what one has', () => {
    expect(
      providers([{ id: 'a', preset: 'google', clientId: 'c', endpoints: { token: 'https://x.example' } }]),
    ).toMatchObject({
      value: [
        {
          id: 'a',
          preset: 'google',
          clientId: 'c',
          timeoutSeconds: 10,
          endpoints: { token: 'https://x.example' },
        },
      ],
    });
    expect(
      verifiers(
        '[{"kind": "jwt", "issuer": "x"}, {"kind": "introspection", "endpoint": "https://x.example"}]',
      ),
    ).toMatchObject({
      value: [
        { kind: 'jwt', jwt: { issuer: ['x'], clockToleranceSeconds: 30 } },
        { kind: 'introspection', introspection: { endpoint: 'https://x.example', cacheSeconds: 60 } },
      ],
    });
  });

  it.each([
    [
      providers([{ id: 'A b' }]),
      'has a wrong item, number 1: it is wrong at id: it is not letters, digits and dashes',
    ],
    [
      providers([{ id: 'a', presett: 'x' }]),
      'has a wrong item, number 1: it has a member of no such name: presett',
    ],
    [verifiers([{ issuer: 'x' }]), 'has a wrong item, number 1: it has no kind'],
    [
      verifiers([{ kind: 'jwt', endpoint: 'x' }]),
      'has a wrong item, number 1: it has a member of no such name: endpoint',
    ],
  ])('%# say what is wrong with which', (reading, fault) => {
    expect(reading).toMatchObject({ fault });
  });

  it('show no secret', () => {
    const row = MORE_ROWS.moreVerifiers;
    const reading = verifiers([
      { kind: 'introspection', clientSecret: 'hidden' },
      { kind: 'jwt', sharedSecret: 'hidden' },
    ]);
    if ('fault' in reading) throw new Error(reading.fault);
    expect(JSON.stringify(row.type.show?.(reading.value))).not.toContain('hidden');
    const more = providers([{ id: 'a', clientSecret: 'hidden' }]);
    if ('fault' in more) throw new Error(more.fault);
    expect(JSON.stringify(MORE_ROWS.moreProviders.type.show?.(more.value))).not.toContain('hidden');
  });
});
