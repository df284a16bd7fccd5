import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import type { Raw, ValueType } from './row.ts';
import {
  clientId,
  DEFAULT_PEOPLE,
  developmentPeople,
  discovery,
  filePath,
  hostWithPort,
  issuerAddress,
  metadataDocuments,
  publicAddress,
  redirectPattern,
  scopeList,
  statePlace,
  usernameRule,
  webOrigin,
} from './special-types.ts';

const context = {
  folder: '/etc',
  files: memoryFiles({
    '/etc/d.json': '{"https://a.example/c.json": {"client_id": "x"}}',
    '/etc/bad.json': '[1]',
    '/etc/http.json': '{"http://a/": {}}',
    '/etc/text': 'x',
  }),
};

function read<T>(type: ValueType<T>, raw: Raw): T | 'refused' {
  const reading = type.read(raw, context);
  return 'fault' in reading ? 'refused' : reading.value;
}

describe('every type', () => {
  const types: Record<string, ValueType<unknown>> = {
    developmentPeople,
    discovery,
    filePath,
    hostWithPort,
    metadataDocuments,
    redirectPattern,
    scopeList,
    statePlace,
    usernameRule,
    webOrigin,
  };

  it.each(Object.entries(types))('%s reads or refuses any text, and never throws', (_, type) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (raw) => {
        const reading = type.read(raw, context);
        if ('fault' in reading) expect(reading.remedy).not.toBe('');
        else type.show?.(reading.value);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('statePlace and filePath', () => {
  it.each([
    ['memory', { kind: 'memory' }],
    ['./s', { kind: 'folder', path: '/etc/s' }],
    ['~/s', { kind: 'folder', path: '/home/me/s' }],
    ['redis://localhost', 'refused'],
    ['', 'refused'],
    ['a\u0000b', 'refused'],
  ])('%j', (raw, value) => {
    expect(read(statePlace, raw)).toEqual(value);
  });

  it('make paths absolute', () => {
    expect(read(filePath, 'x/y')).toBe('/etc/x/y');
  });
});

describe('metadataDocuments', () => {
  it.each([
    ['on', { kind: 'on' }],
    ['off', { kind: 'off' }],
    [
      'd.json',
      {
        kind: 'documents',
        file: '/etc/d.json',
        documents: { 'https://a.example/c.json': { client_id: 'x' } },
      },
    ],
    ['{"https://a.example/": {}}', { kind: 'documents', documents: { 'https://a.example/': {} } }],
    ['onn', 'refused'],
    ['bad.json', 'refused'],
    ['http.json', 'refused'],
    ['text', 'refused'],
  ])('%s', (raw, value) => {
    expect(read(metadataDocuments, raw)).toEqual(value);
  });
});

describe('developmentPeople', () => {
  it.each([
    ['on', DEFAULT_PEOPLE],
    ['off', []],
    ['alice, carol[admin ops]', [{ username: 'alice' }, { username: 'carol', groups: ['admin', 'ops'] }]],
    [['dave'], [{ username: 'dave' }]],
    ['', 'refused'],
    ['alice,alice', 'refused'],
    ['alice[', 'refused'],
    ['al ice', 'refused'],
  ] as [Raw, unknown][])('%j', (raw, value) => {
    expect(read(developmentPeople, raw)).toEqual(value);
  });

  it('shows what it reads', () => {
    const people = read(developmentPeople, 'alice, carol[admin ops]');
    expect(read(developmentPeople, developmentPeople.show?.(people as never) as Raw)).toEqual(people);
  });
});

describe('names, rules and patterns', () => {
  it.each<[string, ValueType<unknown>, string, boolean]>([
    ['a rule', usernameRule, 'claim:db_user', true],
    ['a rule', usernameRule, 'email-prefix', true],
    ['a rule', usernameRule, 'email', false],
    ['a rule', usernameRule, 'claim:', false],
    ['a pattern', redirectPattern, 'https://*.example.com/cb', true],
    ['a pattern', redirectPattern, 'http://localhost:*', true],
    ['a pattern', redirectPattern, 'https://*', false],
    ['a pattern', redirectPattern, '*', false],
    ['a client', clientId, 'https://a.example/c.json', true],
    ['a client', clientId, 'https://a.example/*', false],
    ['a host', hostWithPort, 'mcp.internal:8000', true],
    ['a host', hostWithPort, '[::1]:8000', true],
    ['a host', hostWithPort, '*.example.com', false],
    ['a host', hostWithPort, 'https://a', false],
    ['an origin', webOrigin, 'https://a.example', true],
    ['an origin', webOrigin, 'https://a.example/', false],
    ['an origin', webOrigin, 'null', false],
    ['an origin', webOrigin, '*', false],
    ['discovery', discovery, 'off', true],
    ['discovery', discovery, 'http://keycloak:8080/x', true],
    ['discovery', discovery, 'maybe', false],
    ['a list of scopes', scopeList, 'mcp:read mcp:write', true],
    ['a list of scopes', scopeList, 'mcp:"read"', false],
  ])('%s: %#', (_, type, raw, good) => {
    expect([raw, read(type, raw) !== 'refused']).toEqual([raw, good]);
  });
});

describe('addresses of servers', () => {
  const context = { folder: '/', files: memoryFiles() };

  it.each(['https://a.example/mcp', 'https://a.example/x/mcp/'])('%s has the endpoint in it', (raw) => {
    const base = raw.replace(/\/mcp\/?$/, '');
    expect(publicAddress.read(raw, context)).toMatchObject({ remedy: `Write it without /mcp: ${base}.` });
    expect(publicAddress.read(`${base}/mcp2`, context)).toEqual({ value: `${base}/mcp2` });
  });

  it.each(['openid-configuration', 'oauth-authorization-server'])(
    'an issuer is not its metadata: %s',
    (name) => {
      const issuer = 'https://a.example/realms/main';
      const path = `/.well-known/${name}`;
      expect(issuerAddress.read(issuer + path, context)).toMatchObject({ remedy: `Leave ${path} out.` });
      expect(issuerAddress.read(issuer, context)).toEqual({ value: issuer });
    },
  );
});
