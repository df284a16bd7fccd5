import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { introspectionClients, parameters, scopeHierarchy, staticClients } from './object-types.ts';
import type { Raw, ValueType } from './row.ts';

const context = { folder: '/', files: memoryFiles() };
const SECRET = 'hunter2-hunter2-hunter2';

function outcome<T>(type: ValueType<T>, raw: Raw): unknown {
  const reading = type.read(raw, context);
  return 'fault' in reading ? reading.fault : reading.value;
}

describe('staticClients', () => {
  const good = { id: 'a', redirectUris: ['https://a.example/cb'], secret: SECRET, name: 'A' };

  it('reads data, and JSON as text', () => {
    expect(outcome(staticClients, [good])).toEqual([good]);
    expect(outcome(staticClients, JSON.stringify([good]))).toEqual([good]);
    expect(outcome(staticClients, [{ id: 'a', redirectUris: 'http://localhost/cb, cursor://x/y' }])).toEqual([
      { id: 'a', redirectUris: ['http://localhost/cb', 'cursor://x/y'] },
    ]);
  });

  const key = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) };
  const signing = { id: 'a', redirectUris: ['https://a.example/cb'], jwks: { keys: [key] } };

  it('reads keys as data, as JSON, and by URI', () => {
    const { jwks, ...rest } = signing;
    expect(outcome(staticClients, [signing])).toEqual([signing]);
    expect(outcome(staticClients, [{ ...rest, jwks: JSON.stringify(jwks) }])).toEqual([signing]);
    const byUri = { ...rest, jwksUri: 'https://a.example/jwks' };
    expect(outcome(staticClients, [byUri])).toEqual([byUri]);
  });

  it.each<[string, Raw]>([
    ['0.jwks: it holds a private', [{ ...signing, jwks: { keys: [{ ...key, d: SECRET }] } }]],
    ['0.jwks: it holds a private', [{ ...signing, jwks: { keys: [{ kty: 'oct', k: SECRET }] } }]],
    ['0.jwks', [{ ...signing, jwks: '{' }]],
    ['0.jwks', [{ ...signing, jwks: { keys: [] } }]],
    ['0.jwksUri', [{ ...signing, jwksUri: 'https://a.example/jwks' }]],
    ['0.jwksUri', [{ id: 'a', redirectUris: ['https://a.example/cb'], jwksUri: 'http://a.example/jwks' }]],
    ['0.secret', [{ ...signing, secret: SECRET }]],
    ['0.redirectUris: it is missing', [{ id: 'a' }]],
    ['0.redirectUris.0', [{ id: 'a', redirectUris: ['javascript:alert(1)'] }]],
    ['0.redirectUris.0', [{ id: 'a', redirectUris: ['http://a.example/cb'] }]],
    ['0.secret', [{ ...good, secret: 'short' }]],
    ['unknown member redirect_uris', [{ ...good, redirect_uris: 'x' }]],
    ['twice', [good, good]],
    ['another form', 'x'],
    ['wrong', { a: 'b' }],
  ])('says %s', (words, raw) => {
    expect(outcome(staticClients, raw)).toEqual(expect.stringContaining(words));
  });

  it('shows no secret', () => {
    expect(JSON.stringify(staticClients.show?.([good]))).not.toContain('hunter');
    expect(JSON.stringify(introspectionClients.show?.([{ id: 'a', secret: SECRET }]))).not.toContain(
      'hunter',
    );
    expect(JSON.stringify(parameters.show?.({ a: SECRET }))).not.toContain('hunter');
  });
});

describe('every shape', () => {
  const types: Record<string, ValueType<unknown>> = {
    staticClients,
    introspectionClients,
    parameters,
    scopeHierarchy,
  };

  it.each(Object.entries(types))('%s takes or refuses anything, and quotes nothing', (_, type) => {
    const raw = fc.oneof(
      fc.json({ maxDepth: 3 }).map((json) => json.replaceAll(/"([^"]{3,})"/g, `"${SECRET}"`)),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(raw, (text) => {
        const reading = type.read(text, context);
        if ('fault' in reading) expect(reading.fault).not.toContain(`"${SECRET}"`);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('parameters and scopeHierarchy', () => {
  it('read maps', () => {
    expect(outcome(parameters, '{"audience": "https://a.example", "n": 1}')).toEqual({
      audience: 'https://a.example',
      n: '1',
    });
    expect(outcome(scopeHierarchy, { 'mcp:admin': ['mcp:write'], 'mcp:write': 'mcp:read other' })).toEqual({
      'mcp:admin': ['mcp:write'],
      'mcp:write': ['mcp:read', 'other'],
    });
  });

  it('refuse lists and names with spaces', () => {
    expect(outcome(parameters, '[a]')).toEqual(expect.any(String));
    expect(outcome(parameters, { 'a b': 'c' })).toEqual(expect.any(String));
  });
});
