import { OperatorError } from '@portcullis/auth/core/operator-error';
import { describe, expect, it } from 'vitest';
import { rehearse } from './rehearse.ts';
import { settingsOf } from './settings.contract.ts';

const away = {
  'upstream.issuer': 'https://idp.invalid',
  'upstream.clientId': 'c',
  'upstream.discovery': 'on',
};

async function refused(given: Record<string, string>) {
  try {
    await rehearse(settingsOf(given));
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.problems.map(({ setting }) => setting);
  }
}

describe('a rehearsal of the start', () => {
  it.each([
    [{}],
    [{ auth: 'off' }],
    [away],
    [{ ...away, developmentPeople: 'alice' }],
    [{ 'jwt.issuer': 'https://a.invalid', 'jwt.jwksUri': 'https://a.invalid/k', developmentPeople: 'off' }],
  ])('asks nobody, and finds nothing where nothing is wrong: %j', async (given) => {
    expect(await refused(given)).toEqual([]);
  });

  it('reads the address of the database', async () => {
    expect(await refused({ 'database.url': 'postgres://db.example/x' })).toEqual(['database.url']);
    expect(await refused({ 'database.url': 'postgres://svc@db.example/x' })).toEqual([]);
  });

  it('finds what only the parts together refuse, under the name that operators know', async () => {
    const settings = settingsOf({});
    const wrong = { ...settings, resource: { ...settings.resource, url: 'http://a.example/mcp' } };
    await expect(rehearse(wrong)).rejects.toMatchObject({ problems: [{ setting: 'resource.url' }] });
    const nowhere = { ...settings, issuerUrl: 'http://a.example' };
    await expect(rehearse(nowhere)).rejects.toMatchObject({ problems: [{ setting: 'issuerUrl' }] });
  });
});
