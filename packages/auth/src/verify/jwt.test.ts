import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  ISSUER,
  jwtUnderTest,
  jwtWorld,
  RESOURCE,
  type Signed,
  type Signer,
  sign,
  signer,
  startKeyServer,
} from './jwt-tokens.contract.ts';
import { describeVerifier, refusalOf } from './verifier.contract.ts';

let rs: Signer;
let es: Signer;
let ed: Signer;
let stranger: Signer;
let strangerEs: Signer;
beforeAll(async () => {
  rs = await signer('RS256', 'rs');
  es = await signer('ES256', 'es');
  ed = await signer('EdDSA');
  stranger = await signer('RS256', 'stranger');
  strangerEs = await signer('ES256', 'stranger');
});

const withKeySet = async () => {
  const world = jwtWorld();
  const server = await startKeyServer(rs, es);
  const verifier = world.open({ keys: { jwksUri: server.url } });
  return jwtUnderTest(world, es, strangerEs, {
    verifier,
    provider: { proxy: server.proxy, path: '/keys' },
    end: () => server.proxy.close(),
  });
};
describeVerifier('JWT with a key set', withKeySet, { asks: true });

describeVerifier('JWT with a public key', async () => {
  const world = jwtWorld();
  const verifier = world.open({ keys: { publicKey: rs.pem } });
  return jwtUnderTest(world, rs, stranger, { verifier, end: async () => {} });
});

describeVerifier('JWT with a shared secret', async () => {
  const world = jwtWorld();
  const secret = (bytes: Uint8Array): Signer => ({ algorithm: 'HS512', privateKey: bytes, jwk: {}, pem: '' });
  const shared = randomBytes(64);
  const verifier = world.open({
    keys: { sharedSecret: shared.toString('hex'), encoding: 'hex' },
    algorithms: ['HS512'],
  });
  return jwtUnderTest(world, secret(shared), secret(randomBytes(64)), { verifier, end: async () => {} });
});

describe('[G9] algorithms of JWTs', () => {
  const ASYMMETRIC = ['RS', 'PS', 'ES'].flatMap((kind) => ['256', '384', '512'].map((bits) => kind + bits));
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  it.each([...ASYMMETRIC, 'EdDSA', 'Ed25519'])(
    '%s is verified with a key set, a PEM and a JWK',
    async (name) => {
      const by = await signer(name, 'k');
      const world = jwtWorld();
      const server = await startKeyServer(by);
      closers.push(() => server.proxy.close());
      const token = await sign(world.clock, by);
      for (const keys of [{ jwksUri: server.url }, { publicKey: by.pem }, { publicKey: by.jwk }]) {
        const verified = await world.open({ keys }).verify(token, RESOURCE);
        expect(verified.admit()).toMatchObject({ identity: { subject: 'u-1' } });
      }
    },
  );

  it.each(['HS256', 'HS384', 'HS512'])('%s is verified with a shared secret', async (algorithm) => {
    const world = jwtWorld();
    const secret = randomBytes(64);
    const keys = { sharedSecret: secret.toString('base64'), encoding: 'base64' } as const;
    const token = await sign(world.clock, { algorithm, privateKey: secret });
    const verifier = world.open({ keys, algorithms: [algorithm] });
    expect((await verifier.verify(token, RESOURCE)).admit()).toMatchObject({ clientId: 'c-1' });
    const only = world.open({ keys, algorithms: ['HS256', 'HS384', 'HS512'].filter((a) => a !== algorithm) });
    expect((await refusalOf(only.verify(token, RESOURCE))).reason).toBe('token.algorithm');
  });

  it('a public key is never taken for a shared secret, whatever the token says', async () => {
    const world = jwtWorld();
    const server = await startKeyServer(rs);
    closers.push(() => server.proxy.close());
    const forms = [rs.pem, rs.pem.trim(), rs.pem.replaceAll('\n', ''), JSON.stringify(rs.jwk)];
    for (const form of forms) {
      const asSecret = { algorithm: 'HS256', kid: 'rs', privateKey: new TextEncoder().encode(form) };
      const token = await sign(world.clock, asSecret);
      for (const keys of [{ jwksUri: server.url }, { publicKey: rs.pem }]) {
        const refusal = await refusalOf(world.open({ keys }).verify(token, RESOURCE));
        expect(refusal.reason).toBe('token.algorithm');
      }
    }
    expect(server.proxy.requests.length).toBe(0);
  });

  it('only what is configured counts', async () => {
    const world = jwtWorld();
    const verifier = world.open({ keys: { publicKey: rs.pem }, algorithms: ['PS256'] });
    const refusal = await refusalOf(verifier.verify(await sign(world.clock, rs), RESOURCE));
    expect(refusal.reason).toBe('token.algorithm');
  });

  it('each of several static keys is tried, and a key that the token names another for is not', async () => {
    const world = jwtWorld();
    const other = await signer('RS256', 'other');
    const verifier = world.open({ keys: { publicKey: [stranger.pem, rs.pem, ed.pem] } });
    for (const by of [rs, stranger, ed])
      expect((await verifier.verify(await sign(world.clock, by), RESOURCE)).expiresAt).toBeGreaterThan(0);
    const named = world.open({ keys: { publicKey: { keys: [other.jwk, rs.jwk] } } });
    await named.verify(await sign(world.clock, rs), RESOURCE);
    const misnamed = await sign(world.clock, { ...rs, kid: 'nobody' });
    expect((await refusalOf(named.verify(misnamed, RESOURCE))).reason).toBe('token.key-unknown');
  });
});

describe('[G9] the header of a JWT', () => {
  const verify = async (signed: Signed, tokenType?: 'at+jwt' | 'jwt') => {
    const world = jwtWorld();
    const token = await sign(world.clock, rs, signed);
    return world.open({ keys: { publicKey: rs.pem }, tokenType }).verify(token, RESOURCE);
  };

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt'])('may have the type %s', async (typ) => {
    expect((await verify({ header: { typ } }, 'at+jwt')).expiresAt).toBeGreaterThan(0);
    expect((await verify({ header: { typ } })).expiresAt).toBeGreaterThan(0);
  });

  it.each(['JWT', 'jwt', undefined])('may have the type %s where that is allowed', async (typ) => {
    expect((await verify({ header: { typ } })).expiresAt).toBeGreaterThan(0);
    expect((await refusalOf(verify({ header: { typ } }, 'at+jwt'))).reason).toBe('token.type');
  });

  it.each(['id_token', 'logout+jwt', 'secevent+jwt', 'dpop+jwt', 'rt+jwt', 'JOSE', ''])(
    'may not have the type %s',
    async (typ) => {
      expect((await refusalOf(verify({ header: { typ } }))).reason).toBe('token.type');
    },
  );

  it.each([
    ['jku', 'https://evil.example/keys'],
    ['x5u', 'https://evil.example/cert'],
    ['x5c', ['MIIB']],
    ['jwk', { kty: 'oct', k: 'AAAA' }],
  ])('may not bring a key by %s', async (name, value) => {
    const refusal = await refusalOf(verify({ header: { [name]: value } }));
    expect(refusal).toMatchObject({ reason: 'token.malformed', detail: { why: `its header has ${name}` } });
  });

  const raw = async (header: string) => {
    const world = jwtWorld();
    const [, payload, signature] = (await sign(world.clock, rs)).split('.');
    const token = [Buffer.from(header).toString('base64url'), payload, signature].join('.');
    return (await refusalOf(world.open({ keys: { publicKey: rs.pem } }).verify(token, RESOURCE))).reason;
  };

  it.each([
    ['{"alg":"none"}', 'token.algorithm'],
    ['{"alg":"nOnE"}', 'token.algorithm'],
    ['{"typ":"at+jwt"}', 'token.algorithm'],
    ['{"alg":["RS256"]}', 'token.algorithm'],
    ['{"alg":"RS256","crit":["exp"],"exp":1}', 'token.malformed'],
    ['{"alg":"RS256","b64":false,"crit":["b64"]}', 'token.malformed'],
    ['{"alg":"RS256","alg":"none"}', 'token.malformed'],
    ['{"alg":"RS256","\\u0061lg":"none"}', 'token.malformed'],
    ['{"alg":"RS256","kid":7}', 'token.malformed'],
    ['{"alg":"RS256","typ":7}', 'token.type'],
    ['["RS256"]', 'token.malformed'],
    ['{"alg":"RS256"', 'token.malformed'],
  ])('%s is %s', async (header, reason) => expect(await raw(header)).toBe(reason));
});

describe('whose JWTs are accepted', () => {
  const open = (issuer: Parameters<ReturnType<typeof jwtWorld>['open']>[0]['issuer'], more = {}) => {
    const world = jwtWorld();
    return { world, verifier: world.open({ issuer: issuer!, keys: { publicKey: rs.pem }, ...more }) };
  };

  it('[G5] several issuers, each to the letter', async () => {
    const { world, verifier } = open(['https://a.example', 'https://b.example/']);
    for (const iss of ['https://a.example', 'https://b.example/']) {
      const token = await sign(world.clock, rs, { claims: { iss } });
      expect((await verifier.verify(token, RESOURCE)).admit()).toMatchObject({ identity: { issuer: iss } });
    }
    for (const iss of ['https://a.example/', 'https://A.example', 'https://c.example', undefined, 7]) {
      const token = await sign(world.clock, rs, { claims: { iss } });
      expect(verifier.recognizes(token)).toBe(false);
      expect((await refusalOf(verifier.verify(token, RESOURCE))).reason).toBe('token.issuer');
    }
  });

  it('the tenants of a template, and only with the claim that goes with them', async () => {
    const template = 'https://login.example/{tenant}/v2.0';
    const { world, verifier } = open({ template, tenants: ['t-1', 't-2'], tenantClaim: 'tid' });
    const token = (tenant: string, tid?: string) =>
      sign(world.clock, rs, { claims: { iss: template.replace('{tenant}', tenant), tid } });
    await verifier.verify(await token('t-2', 't-2'), RESOURCE);
    for (const bad of [await token('t-1', 't-2'), await token('t-1'), await token('t-3', 't-3')])
      expect((await refusalOf(verifier.verify(bad, RESOURCE))).reason).toBe('token.issuer');
  });

  it('anybody who holds the key, when that is written out; under one name', async () => {
    const { world, verifier } = open('none', { identityIssuer: 'urn:our:people' });
    for (const iss of [undefined, 'https://accounts.elsewhere.example']) {
      const token = await sign(world.clock, rs, { claims: { iss } });
      expect(verifier.recognizes(token)).toBe(true);
      const { identity } = await (await verifier.verify(token, RESOURCE)).admit();
      expect(identity.issuer).toBe('urn:our:people');
    }
  });
});

describe('what is in a JWT', () => {
  const admitted = async (claims: Record<string, unknown>, options = {}) => {
    const world = jwtWorld();
    const token = await sign(world.clock, rs, { claims });
    return (await world.open({ keys: { publicKey: rs.pem }, ...options }).verify(token, RESOURCE)).admit();
  };
  const reason = async (claims: Record<string, unknown>, options = {}) =>
    (await refusalOf(admitted(claims, options))).reason;
  const now = jwtWorld().clock.now() / 1000;

  it('[G9] times: exp must be there, nbf and iat count, clocks may differ a little', async () => {
    expect(await reason({ exp: undefined })).toBe('token.claims');
    for (const exp of ['1', null, -1, 1e300, now * 1000]) expect(await reason({ exp })).toBe('token.claims');
    expect(await reason({ exp: now - 30 })).toBe('token.expired');
    expect(await admitted({ exp: now - 29 })).toMatchObject({ expiresAt: now - 29 });
    expect(await reason({ nbf: now + 31 })).toBe('token.not-yet-valid');
    expect(await admitted({ nbf: now + 30 })).toMatchObject({ clientId: 'c-1' });
    expect(await reason({ iat: now + 31 })).toBe('token.not-yet-valid');
    expect(await reason({ nbf: 'soon' })).toBe('token.claims');
    expect(await reason({ exp: now }, { leewaySeconds: 0 })).toBe('token.expired');
  });

  it('[G5] audience: one of several, the resource as it may be spelled, or none when that is written out', async () => {
    expect(await admitted({ aud: ['x', RESOURCE] })).toMatchObject({ resource: RESOURCE });
    expect(await admitted({ aud: 'HTTPS://MCP.example.com/mcp' })).toMatchObject({ resource: RESOURCE });
    expect(await admitted({ aud: 'api-1' }, { audience: ['api-0', 'api-1'] })).toMatchObject({
      clientId: 'c-1',
    });
    expect(await admitted({ aud: undefined }, { audience: 'none' })).toMatchObject({ clientId: 'c-1' });
    for (const aud of ['https://mcp.example.com/other', [], '', {}, [RESOURCE, 7], undefined, null])
      expect(await reason({ aud })).toBe('token.audience');
    expect(await reason({}, { audience: 'api-1' })).toBe('token.audience');
    expect(await reason({ aud: 'none' }, { audience: ['api-1'] })).toBe('token.audience');
  });

  it('scopes, however they are called and written', async () => {
    const scopes = async (claims: Record<string, unknown>, options = {}) =>
      (await admitted({ scope: undefined, ...claims }, options)).scopes;
    expect(await scopes({ scope: 'a b a' })).toEqual(['a', 'b']);
    expect(await scopes({ scp: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(await scopes({ scp: 'a' })).toEqual(['a']);
    expect(await scopes({ scope: 'a', permissions: ['p:read'] })).toEqual(['a', 'p:read']);
    expect(await scopes({ scope: 'a', permissions: ['p'] }, { scopeClaims: ['scope'] })).toEqual(['a']);
    expect(await scopes({ scp: ['a b', 'ok', 7, '"'] })).toEqual(['ok']);
    expect(await scopes({ scope: 'api://x/read' }, { mapScopes: () => ['read'] })).toEqual(['read']);
    expect(await scopes({})).toEqual([]);
    expect(await reason({ scope: { a: true } })).toBe('token.claims');
    expect(await reason({ scope: 'a'.repeat(4001) })).toBe('token.claims');
  });

  it('claims that must be as the operator says, such as those that stand in for an audience', async () => {
    const options = { audience: 'none', claims: { token_use: 'access', client_id: ['c-1', 'c-2'] } };
    const good = { aud: undefined, token_use: 'access', client_id: 'c-2' };
    expect(await admitted(good, options)).toMatchObject({ clientId: 'c-2' });
    expect(await reason({ ...good, client_id: 'c-3' }, options)).toBe('token.claims');
    expect(await reason({ ...good, client_id: undefined }, options)).toBe('token.claims');
    expect(await admitted({ org: ['o-1', 'o-2'] }, { claims: { org: 'o-2' } })).toBeDefined();
    expect(await reason({ on: 'true' }, { claims: { on: true } })).toBe('token.claims');
  });

  it.each([
    [{ token_use: 'id' }],
    [{ typ: 'ID' }],
    [{ typ: 'Refresh' }],
    [{ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }],
    [{ at_hash: 'x' }],
    [{ nonce: 'n', scope: undefined, client_id: undefined }],
  ])('[G5][G9] a token of another kind is none: %j', async (claims) => {
    expect(await reason(claims)).toBe('token.type');
  });

  it('a token that is bound to a key, or names nobody, lets nobody in', async () => {
    expect(await reason({ cnf: { jkt: 'x' } })).toBe('token.claims');
    for (const sub of [undefined, '', null, {}, 'x'.repeat(256)])
      expect(await reason({ sub })).toBe('token.claims');
  });

  it('the person: name, verified address, groups, and the name in the database', async () => {
    const seen: unknown[] = [];
    const caller = await admitted(
      {
        name: 'Ada',
        email: 'ada@example.com',
        email_verified: true,
        realm: { roles: ['r'] },
        upn: 'ada',
        azp: 'z',
      },
      {
        groupsClaim: 'realm.roles',
        keepClaims: ['upn'],
        username: (source: { claims: Record<string, unknown> }) => {
          seen.push(source.claims.upn);
          return { username: 'ADA', rule: 'claim:upn' };
        },
      },
    );
    expect(seen).toEqual(['ada']);
    expect(caller.identity).toEqual({
      issuer: ISSUER,
      subject: 'u-1',
      name: 'Ada',
      email: 'ada@example.com',
      emailVerified: true,
      groups: ['r'],
      claims: { upn: 'ada' },
      username: 'ADA',
      usernameRule: 'claim:upn',
    });
    expect(await admitted({ client_id: undefined, azp: 'z' })).toMatchObject({ clientId: 'z' });
    expect(await admitted({ client_id: undefined })).toMatchObject({ clientId: 'unknown' });
    const shaped = await admitted(
      { oid: 'o-1' },
      { subjectClaim: 'oid', shapeClaims: (c: object) => ({ ...c, name: 'N' }) },
    );
    expect(shaped.identity).toMatchObject({ subject: 'o-1', name: 'N' });
  });
});
