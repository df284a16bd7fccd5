import { describe, expect, it } from 'vitest';
import {
  faultOf,
  ISSUER,
  json,
  type ScriptedProviderOptions,
  scriptedProvider,
  sign,
} from './scripted-provider.contract.ts';
import { userinfoClaims, userinfoPerson } from './userinfo.ts';

const signed = async (claims: Record<string, unknown>) => {
  const text = await sign(claims);
  return () => new Response(`${text}\n`, { headers: { 'content-type': 'application/jwt' } });
};

async function begin(give: () => Response, script: ScriptedProviderOptions = {}) {
  const { provider, sent, answer } = await scriptedProvider(script);
  answer('/userinfo', give);
  return { provider, sent, claims: () => userinfoClaims(provider, 'at', 'u-1') };
}

describe('the claims of a person', () => {
  it('come from one request, with the access token in the header', async () => {
    const { sent, claims } = await begin(() => json({ sub: 'u-1', name: 'Alice' }));
    expect(await claims()).toEqual({ sub: 'u-1', name: 'Alice' });
    expect(sent).toEqual([
      {
        path: '/userinfo',
        method: 'GET',
        headers: { accept: 'application/json', authorization: 'Bearer at', 'user-agent': 'portcullis' },
        form: {},
      },
    ]);
  });

  it('are not asked for where there is nothing to ask, or where it is switched off', async () => {
    for (const script of [{ metadata: { userinfo_endpoint: undefined } }, { options: { userinfo: false } }]) {
      const { sent, claims } = await begin(() => json({ sub: 'u-1' }), script);
      expect(await claims()).toBeUndefined();
      expect(sent).toEqual([]);
    }
  });

  it.each([['u-2'], ['U-1'], [''], [7], [null], [undefined], [['u-1']]])(
    'of subject %j are refused',
    async (sub) => {
      const { claims } = await begin(() => json({ sub, name: 'Alice' }));
      expect(await faultOf(claims())).toMatchObject({
        kind: 'invalid',
        operation: 'userinfo',
        detail: { why: 'the answer is about another subject' },
      });
    },
  );

  it.each(['<html>', '[]', '"u-1"', 'null', ''])('%j are none: for the operator', async (text) => {
    const { claims } = await begin(() => new Response(text, { headers: { 'content-type': 'text/html' } }));
    expect(await faultOf(claims())).toMatchObject({
      kind: 'misconfigured',
      detail: { contentType: 'text/html' },
    });
  });

  it('with a member twice are none: nobody can tell who is meant', async () => {
    const { claims } = await begin(() => new Response('{"sub":"u-2","sub":"u-1"}'));
    expect(await faultOf(claims())).toMatchObject({
      kind: 'misconfigured',
      detail: { why: 'the answer has a member twice' },
    });
  });

  it('that can not be had are what the answer says, without the access token', async () => {
    const { provider } = await begin(() =>
      json({ error: 'invalid_token', error_description: 'bad tok-1' }, 401),
    );
    expect(await faultOf(userinfoClaims(provider, 'tok-1', 'u-1'))).toMatchObject({
      kind: 'misconfigured',
      detail: { status: 401, description: 'bad [redacted]' },
    });
  });
});

describe('a signed answer', () => {
  it.each([
    ['with nothing but the subject', {}],
    ['that names issuer and client', { iss: ISSUER, aud: 'my-id' }],
    ['for several clients', { aud: ['other', 'my-id'] }],
  ])('%s is read', async (_what, over) => {
    const { claims } = await begin(await signed({ sub: 'u-1', ...over }));
    expect(await claims()).toMatchObject({ sub: 'u-1' });
  });

  it.each([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['for another client', { aud: 'other' }],
    ['for several others', { aud: ['a', 'b'] }],
    ['for nobody', { aud: [] }],
    ['about another subject', { sub: 'root' }],
  ])('%s is refused', async (_what, over) => {
    const { claims } = await begin(await signed({ sub: 'u-1', ...over }));
    expect(await faultOf(claims())).toMatchObject({ kind: 'invalid', operation: 'userinfo' });
  });

  it('with another signature, or with an algorithm the provider does not use, is refused', async () => {
    const text = await sign({ sub: 'u-1' });
    const changed = `${text.slice(0, text.lastIndexOf('.') + 1)}${'A'.repeat(86)}`;
    const jwt = (body: string) => () =>
      new Response(body, { headers: { 'content-type': 'application/jwt' } });
    expect(await faultOf((await begin(jwt(changed))).claims())).toMatchObject({ kind: 'invalid' });
    expect(await faultOf((await begin(jwt('a.b.c'))).claims())).toMatchObject({ kind: 'invalid' });
    const metadata = { userinfo_signing_alg_values_supported: ['RS256'] };
    expect(await faultOf((await begin(jwt(text), { metadata })).claims())).toMatchObject({ kind: 'invalid' });
  });

  it('is for the operator where no keys are known', async () => {
    const script = { options: { scopes: ['read'] }, metadata: { jwks_uri: undefined } };
    const { provider } = await begin(await signed({ sub: 'u-1' }), script);
    expect(await faultOf(userinfoPerson(provider, 'at'))).toMatchObject({
      kind: 'misconfigured',
      detail: { why: 'the answer is signed, and no key set is known' },
    });
  });
});

describe('the person of a plain OAuth provider', () => {
  const person = async (claims: Record<string, unknown>, subjectClaim: string) => {
    const { provider } = await begin(() => json(claims), { options: { scopes: ['read'], subjectClaim } });
    return userinfoPerson(provider, 'at');
  };

  it.each([
    [{ id: 42, login: 'alice' }, 'id', '42'],
    [{ sub: 'u-1' }, 'sub', 'u-1'],
    [{ data: { id: 'x' } }, 'data.id', 'x'],
  ])('%j is named by %s: %s', async (claims, member, subject) => {
    expect(await person(claims, member)).toEqual({ subject, claims });
  });

  it.each([
    [{ login: 'alice' }, 'id'],
    [{ id: 1.5 }, 'id'],
    [{ id: '' }, 'id'],
    [{ id: ['x'] }, 'id'],
    [{}, 'constructor.name'],
  ])('%j has no name by %s', async (claims, member) => {
    expect(await faultOf(person(claims, member))).toMatchObject({ kind: 'invalid', detail: { member } });
  });
});
