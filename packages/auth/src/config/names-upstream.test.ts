import { describe, expect, it } from 'vitest';
import { providerSettings } from '../upstream/provider-settings.ts';
import { UPSTREAM_CALL_ROWS, UPSTREAM_ROWS } from './names-upstream.ts';

const rows = { ...UPSTREAM_ROWS, ...UPSTREAM_CALL_ROWS };
const defaults = new Map(
  Object.values(rows).map((row) => [row.name.replace('upstream.', ''), row.default] as const),
);

describe('settings of the identity provider', () => {
  it('have every default that the provider has', () => {
    const { issuer, clientId, endpoints, settingPrefix, issuerSetting, openid, ...theirs } = providerSettings(
      {
        issuer: 'https://idp.example',
        clientId: 'me',
      },
    );
    expect([issuer, clientId, endpoints, settingPrefix, issuerSetting, openid]).toBeDefined();
    // What a preset can know stays open here: it may have its own default.
    const own = Object.entries(theirs).filter(([name]) => defaults.get(name) !== undefined);
    expect(own.length).toBeGreaterThan(4);
    for (const [name, value] of own) expect([name, defaults.get(name)]).toEqual([name, value]);
    for (const name of Object.keys(theirs)) expect([name, defaults.has(name)]).toEqual([name, true]);
  });

  it('have the bounds that the provider has', () => {
    for (const [name, row] of Object.entries(UPSTREAM_CALL_ROWS)) {
      const bounds = /^whole number, (\d+) to (\d+)$/.exec(row.type.says);
      if (!bounds) continue;
      for (const value of bounds.slice(1).map(Number))
        expect(() =>
          providerSettings({
            issuer: 'https://idp.example',
            clientId: 'me',
            [name.replace('upstream.', '')]: value,
          }),
        ).not.toThrow();
    }
  });
});
