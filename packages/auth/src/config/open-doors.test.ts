import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { AUTH_SETTINGS } from './names.ts';
import { checkOpenDoors } from './open-doors.ts';
import { resolveSettings } from './resolve.ts';
import { SettingsView } from './settings-view.ts';

function problems(host: string, environment: Record<string, string>) {
  const resolution = resolveSettings(AUTH_SETTINGS, {
    flags: {},
    environment,
    folder: '/',
    files: memoryFiles(),
  });
  expect(resolution.problems).toEqual([]);
  const view = new SettingsView(resolution);
  checkOpenDoors(view, host);
  return view.problems.map((problem) => problem.setting);
}

const AUTH = 'PORTCULLIS_AUTH';
const CALL = 'PORTCULLIS_I_KNOW_ANYONE_CAN_CALL';
const PEOPLE = 'PORTCULLIS_DEVELOPMENT_PEOPLE';
const SIGN_IN = 'PORTCULLIS_I_KNOW_ANYONE_CAN_SIGN_IN';
const ISSUER = 'PORTCULLIS_UPSTREAM_ISSUER';
const PUBLIC = 'PORTCULLIS_PUBLIC_URL';
const HOSTS = 'PORTCULLIS_ALLOWED_HOSTS';
const LOOPBACK = ['127.0.0.1', '127.8.8.8', '::1', 'localhost'];
const OTHERS = ['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.0.0.1.example.com', '0', '::ffff:127.0.0.1'];

describe('checkOpenDoors', () => {
  it('lets everything pass on the own machine', () => {
    for (const host of LOOPBACK) {
      expect(problems(host, {})).toEqual([]);
      expect(problems(host, { [AUTH]: 'off' })).toEqual([]);
      expect(problems(host, { [PEOPLE]: 'eve' })).toEqual([]);
    }
  });

  it('opens nothing where others come in, unless it was said twice', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...LOOPBACK, ...OTHERS),
        fc.constantFrom(undefined, 'https://mcp.example.com', 'http://localhost:8000'),
        fc.record({
          auth: fc.constantFrom(undefined, 'on', 'off'),
          call: fc.constantFrom(undefined, 'on', 'off'),
          people: fc.constantFrom(undefined, 'on', 'off', 'eve'),
          signIn: fc.constantFrom(undefined, 'on', 'off'),
          issuer: fc.constantFrom(undefined, 'https://idp.example'),
          hosts: fc.constantFrom(
            undefined,
            'localhost:9',
            '127.0.0.1,[::1]:8000',
            'localhost,mcp.internal:8000',
          ),
        }),
        (host, publicUrl, { auth, call, people, signIn, issuer, hosts }) => {
          const all = {
            [AUTH]: auth,
            [CALL]: call,
            [PEOPLE]: people,
            [SIGN_IN]: signIn,
            [ISSUER]: issuer,
            [PUBLIC]: publicUrl,
            [HOSTS]: hosts,
          };
          const set = Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined)) as Record<
            string,
            string
          >;
          const exposed =
            OTHERS.includes(host) ||
            publicUrl === 'https://mcp.example.com' ||
            hosts?.includes('internal') === true;
          const anyoneCalls = auth === 'off';
          const anyoneSignsIn = !anyoneCalls && (people === undefined ? !issuer : people !== 'off');
          const open =
            exposed &&
            ((anyoneCalls && call !== 'on') || (anyoneSignsIn && (signIn !== 'on' || people === undefined)));
          const nobody = !anyoneCalls && people === 'off' && !issuer;
          expect(problems(host, set).length > 0).toBe(open || nobody);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('names the setting that was written, or the provider that is missing', () => {
    expect(problems('0.0.0.0', {})).toEqual(['upstream.issuer']);
    expect(problems('0.0.0.0', { [PEOPLE]: 'on' })).toEqual([PEOPLE]);
    expect(problems('0.0.0.0', { [AUTH]: 'off' })).toEqual([AUTH]);
    expect(problems('127.0.0.1', { [PUBLIC]: 'https://a.example' })).toEqual(['upstream.issuer']);
    expect(problems('127.0.0.1', { [HOSTS]: 'a.example', [AUTH]: 'off' })).toEqual([AUTH]);
  });

  it.each([
    'upstream: {preset: gogle}',
    'upstream: {presett: google}',
    'upstream: google',
    'moreProviders: [{id: a, preset: gogle}]',
    'jwt: {issuer: env:NOPE}',
  ])('offers no development people in place of a provider that could not be read: %s', (text) => {
    const file = { label: 'p.yaml', folder: '/', text: `publicUrl: https://a.example\n${text}` };
    const sources = { flags: {}, environment: {}, file, folder: '/', files: memoryFiles() };
    const resolution = resolveSettings(AUTH_SETTINGS, sources);
    expect(resolution.problems).toHaveLength(1);
    const view = new SettingsView(resolution);
    checkOpenDoors(view, '0.0.0.0');
    expect(view.problems).toEqual([]);
  });
});
