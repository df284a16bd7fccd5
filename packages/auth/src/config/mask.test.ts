import { describe, expect, it } from 'vitest';
import { MASK, maskUrl, shownValue } from './mask.ts';
import { AUTH_SETTINGS } from './names.ts';
import type { SettingRow } from './row.ts';
import { text } from './value-types.ts';

describe('maskUrl', () => {
  it('hides the password, and parameters that are one', () => {
    const shown = maskUrl('postgres://svc:hunter2@db:5432/x?sslmode=require&sslpassword=hunter3');
    expect(shown).not.toMatch(/hunter/);
    expect(shown).toContain('svc');
    expect(shown).toContain('sslmode=require');
  });

  it('hides all of what is no URL', () => {
    expect(maskUrl('svc:hunter2@db')).toBe(MASK);
  });
});

describe('shownValue', () => {
  it('shows no private key, wherever it stands', () => {
    const row: SettingRow = { ...AUTH_SETTINGS['resource.name'], type: text() };
    const key = `-----BEGIN ${['PRIVATE', 'KEY'].join(' ')}-----abc`;
    expect(shownValue(row, { a: [key, 'x'], b: key })).toEqual({ a: [MASK, 'x'], b: MASK });
  });

  it('hides secrets, whatever their length, and says when there is none', () => {
    expect(shownValue(AUTH_SETTINGS.secret, 'x')).toBe(MASK);
    expect(shownValue(AUTH_SETTINGS.secret, undefined)).toBeUndefined();
  });

  it('hides secrets inside values', () => {
    const clients = [{ id: 'a', secret: 'hunter2-hunter2-hunter2', redirectUris: ['https://a.example/'] }];
    expect(JSON.stringify(shownValue(AUTH_SETTINGS.clients, clients))).not.toContain('hunter');
    const parameters = { audience: 'hunter2' };
    expect(shownValue(AUTH_SETTINGS['upstream.tokenParameters'], parameters)).toEqual({ audience: MASK });
  });
});
