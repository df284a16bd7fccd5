import { memoryFiles } from '@portcullis/auth/config/memory-files';
import { resolveSettings } from '@portcullis/auth/config/resolve';
import { SettingsView } from '@portcullis/auth/config/settings-view';
import { describe, expect, it } from 'vitest';
import { checkSettings } from './checks.ts';
import { SETTINGS } from './names.ts';

const certificate = '-----BEGIN CERTIFICATE-----x-----END CERTIFICATE-----';

function problems(text: string): string[] {
  const file = { label: 'p.yaml', folder: '/etc', text };
  const sources = { flags: {}, environment: {}, file, folder: '/', files: memoryFiles() };
  const view = new SettingsView(resolveSettings(SETTINGS, sources));
  expect(view.resolution.problems).toEqual([]);
  checkSettings(view);
  return view.problems.map((problem) => problem.setting);
}

describe('checkSettings', () => {
  it.each([
    ['', []],
    ['host: 0.0.0.0', ['upstream.issuer']],
    ['host: 0.0.0.0\nauth: off', ['auth']],
    ['database: {identity: service}', []],
    ['database: {identity: service, mode: wrapped}', ['database.mode']],
    ['database: {mode: login}', ['database.mode']],
    ['database: {mode: login, url: postgres://db/x}', []],
    ['database: {url: postgres://db/x?sslmode=prefer}', ['database.url']],
    ['database: {url: postgres://db/x?sslmode=require}', []],
    ['database: {url: postgres://db/x?sslmode=require, sslMode: disable}', ['database.sslMode']],
    [`database: {url: postgres://db/x, sslCa: ${certificate}}`, []],
    [`database: {url: postgres://localhost/x, sslCa: ${certificate}}`, ['database.sslCa']],
    [`database: {url: postgres://db/x, sslCertificate: ${certificate}}`, ['database.sslCertificate']],
  ])('%s', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });
});
