import { describe, expect, it } from 'vitest';
import { clientPolicy } from '../issuer/clients/client-policy.ts';
import { staticClients } from '../issuer/clients/static-clients.ts';
import { memoryFiles } from './memory-files.ts';
import { CLIENT_ROWS, SCOPE_ROWS } from './names-clients.ts';
import type { SettingRow } from './row.ts';

function example<V>(row: SettingRow<V>): V {
  const reading = row.type.read(row.example, { folder: '/', files: memoryFiles() });
  if ('fault' in reading) throw new Error(`${row.name} ${reading.fault}`);
  return reading.value as V;
}

describe('settings of clients', () => {
  it('have examples that the issuer accepts', () => {
    const policy = clientPolicy({
      allowedRedirectUris: example(CLIENT_ROWS['redirectUris.allow']),
      deniedRedirectUris: example(CLIENT_ROWS['redirectUris.deny']),
      deniedClients: example(CLIENT_ROWS['clientIds.deny']),
    });
    expect(policy.objection('a', 'http://localhost:3000/cb')).toBeUndefined();
    expect(policy.objection('a', 'https://x.example.net/cb')).toMatchObject({
      reason: 'client.redirect-uri',
    });
    expect(policy.objection('https://unwanted.example.net/client.json', 'http://localhost/cb')).toMatchObject(
      {
        reason: 'client.denied',
      },
    );
    expect(() => staticClients(example(CLIENT_ROWS.clients))).not.toThrow();
  });

  it('leave out the allow-list where it is not set, since an empty one allows nothing', () => {
    expect(CLIENT_ROWS['redirectUris.allow'].default).toBeUndefined();
  });
});

describe('settings of scopes', () => {
  it('support the baseline by default', () => {
    const { default: supported } = SCOPE_ROWS['scopes.supported'];
    const context = { environment: {}, folder: '/', files: memoryFiles(), value: () => ['a', 'b'] };
    expect(typeof supported === 'function' && supported(context)).toEqual(['a', 'b']);
  });
});
