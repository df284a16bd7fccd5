import { describe, expect, expectTypeOf, it } from 'vitest';
import { environmentName, optionalSetting, type SettingsOf, section, setting } from './row.ts';
import { onOff, text, wholeNumber } from './value-types.ts';

const words = { description: 'd', example: '1', wrong: 'w' };

describe('environmentName', () => {
  it.each([
    ['port', 'PORTCULLIS_PORT'],
    ['publicUrl', 'PORTCULLIS_PUBLIC_URL'],
    ['upstream.clientId', 'PORTCULLIS_UPSTREAM_CLIENT_ID'],
    ['upstream.endpoints.token', 'PORTCULLIS_UPSTREAM_ENDPOINTS_TOKEN'],
    ['iKnowAnyoneCanCall', 'PORTCULLIS_I_KNOW_ANYONE_CAN_CALL'],
  ])('%s is %s', (name, env) => {
    expect(environmentName(name)).toBe(env);
  });
});

describe('section', () => {
  const rows = section('Things', {
    port: setting({ type: wholeNumber({ min: 1, max: 9 }), default: 3, ...words }),
    'a.on': setting({ type: onOff, default: true, ...words }),
    'a.b.name': optionalSetting({ type: text(), ...words }),
  });

  it('names each row by its key', () => {
    expect(rows['a.b.name']).toMatchObject({
      name: 'a.b.name',
      env: 'PORTCULLIS_A_B_NAME',
      section: 'Things',
    });
    expect(rows['a.b.name'].default).toBeUndefined();
  });

  it('says what the settings look like', () => {
    type Expected = { port: number; a: { on: boolean } & { b: { name: string | undefined } } };
    expectTypeOf<SettingsOf<typeof rows>['a']['b']['name']>().toEqualTypeOf<Expected['a']['b']['name']>();
    expectTypeOf<SettingsOf<typeof rows>['port']>().toEqualTypeOf<number>();
    expectTypeOf<SettingsOf<typeof rows>['a']['on']>().toEqualTypeOf<boolean>();
    expect(Object.keys(rows)).toHaveLength(3);
  });
});
