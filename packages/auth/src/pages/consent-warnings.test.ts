import { describe, expect, it } from 'vitest';
import { consentWarnings } from './consent-warnings.ts';

const warn = (change: Partial<Parameters<typeof consentWarnings>[0]>) =>
  consentWarnings({
    redirectKind: 'https',
    redirectHost: 'app.example',
    clientKind: 'document',
    clientIdHost: 'app.example',
    ...change,
  }).toString();

describe('consentWarnings', () => {
  it('are silent where the address says it all', () => {
    expect(warn({})).toBe('');
    expect(warn({ clientKind: 'registered', clientIdHost: undefined })).toBe('');
  });

  it('say where any program of the machine could stand at the other end', () => {
    expect(warn({ redirectKind: 'loopback', redirectHost: '127.0.0.1' })).toContain(
      'Any program on this computer',
    );
    expect(warn({ redirectKind: 'custom-scheme', redirectHost: 'cursor:' })).toContain(
      '<code>cursor:</code> links',
    );
  });

  it('say when the document and the address belong to different hosts', () => {
    const warning = warn({ clientIdHost: 'meta.example' });
    expect(warning).toContain('described by <bdi>meta.example</bdi>');
    expect(warning).toContain('<strong><bdi>app.example</bdi></strong>');
  });

  it('do not compare the hosts where the address is on the machine itself', () => {
    expect(warn({ redirectKind: 'loopback', redirectHost: '127.0.0.1' })).not.toContain('belong together');
  });
});
