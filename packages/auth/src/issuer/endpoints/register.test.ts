import { describe, expect, it } from 'vitest';
import { login, openHouse, register } from '../../auth.contract.ts';
import { developmentPeople } from '../../sign-in/development-people.ts';

const long = (count: number) =>
  Array.from({ length: count }, (_, i) => `https://app.example.com/a/rather/long/callback/path/${i}`);

describe('a client that registers itself', () => {
  it('[AS-15][C2] gets 201 with all that is registered, and no secret when it is public', async () => {
    const { first } = await openHouse();
    const response = await first.json('/register', {
      redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
      client_name: 'Claude Code',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
      application_type: 'native',
      software_id: 'ignored',
      logo_uri: 'http://169.254.169.254/latest',
      jwks_uri: 'http://127.0.0.1:1/jwks',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = (await response.json()) as Record<string, unknown>;
    expect(body).toMatchObject({
      redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      client_name: 'Claude Code',
    });
    expect(body).not.toHaveProperty('client_secret');
    expect((body.client_id as string).length).toBeLessThanOrEqual(512);
  });

  it('[G8][S7] stores nothing, and gets the same id again, from any replica, also after the store is gone', async () => {
    const house = await openHouse();
    house.control.calls.length = 0;
    const one = await register(house.first);
    expect(house.control.calls).toEqual([]);
    house.control.outage = 'all';
    expect((await register(house.second)).client_id).toBe(one.client_id);
    house.control.outage = 'none';
    house.clock.advance(400 * 86_400);
    expect((await register(house.second)).client_id).toBe(one.client_id);
    const elsewhere = await openHouse({ publicUrl: 'https://other.example.com' });
    expect((await register(elsewhere.first)).client_id).not.toBe(one.client_id);
  });

  it('stores what does not fit, with a cap and an expiry', async () => {
    const { first, second, store, clock } = await openHouse();
    const one = await register(first, { redirect_uris: long(20) });
    expect(one.client_id).toMatch(/^pcs1\.[\w-]{43}$/);
    expect((await register(second, { redirect_uris: long(20) })).client_id).toBe(one.client_id);
    expect((await store.list('client')).keys).toEqual([one.client_id]);
    clock.advance(86_400);
    expect((await store.list('client')).keys).toEqual([]);
  });

  it('keeps what does not fit for a day after the last registration, and a year once somebody signed in', async () => {
    const { first, clock, store } = await openHouse();
    const registration = { redirect_uris: ['http://127.0.0.1/callback', ...long(20)] };
    const one = await register(first, registration);
    clock.advance(86_000);
    await register(first, registration);
    clock.advance(86_000);
    expect((await login(first, { clientId: one.client_id })).tokens.access_token).toBeDefined();
    clock.advance(300 * 86_400);
    expect((await store.list('client')).keys).toEqual([one.client_id]);
    expect((await login(first, { clientId: one.client_id })).tokens.access_token).toBeDefined();
  });

  it('[G8] is bounded in what it makes us store: 1000 long registrations a day', async () => {
    const { first, clock } = await openHouse();
    const attempt = (i: number) =>
      first.json('/register', { redirect_uris: [...long(20), `https://app.example.com/${i}`] });
    for (let i = 0; i < 1000; i += 1) expect((await attempt(i)).status).toBe(201);
    const refused = await attempt(1001);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3600']);
    // Short ones, and long ones that are known, go on.
    expect((await attempt(5)).status).toBe(201);
    expect((await first.json('/register', { redirect_uris: ['http://127.0.0.1/cb'] })).status).toBe(201);
    clock.advance(86_400);
    expect((await attempt(1001)).status).toBe(201);
  });

  it('gets a secret when it is confidential, the same each time, and nobody else’s', async () => {
    const { first, second } = await openHouse();
    const confidential = { token_endpoint_auth_method: 'client_secret_basic' };
    const one = await register(first, confidential);
    expect(one.client_secret).toMatch(/^[\w-]{43}$/);
    expect((await register(second, confidential)).client_secret).toBe(one.client_secret);
    expect((await register(first, { ...confidential, client_name: 'Other' })).client_secret).not.toBe(
      one.client_secret,
    );
  });

  it('[AS-15] is told what is wrong by the codes of RFC 7591', async () => {
    const { first } = await openHouse();
    const cases: [unknown, string][] = [
      [{}, 'invalid_redirect_uri'],
      [{ redirect_uris: [] }, 'invalid_redirect_uri'],
      [{ redirect_uris: 'https://a.example' }, 'invalid_redirect_uri'],
      [{ redirect_uris: ['http://app.example.com/cb'] }, 'invalid_redirect_uri'],
      [{ redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
      [{ redirect_uris: ['https://a.example/cb#x'] }, 'invalid_redirect_uri'],
      [{ redirect_uris: ['https://a.example/../cb'] }, 'invalid_redirect_uri'],
      [{ redirect_uris: Array(33).fill('https://a.example/cb') }, 'invalid_redirect_uri'],
      [
        { redirect_uris: ['https://a.example/cb'], token_endpoint_auth_method: 'client_secret_jwt' },
        'invalid_client_metadata',
      ],
      [
        { redirect_uris: ['https://a.example/cb'], grant_types: ['client_credentials'] },
        'invalid_client_metadata',
      ],
      [[], 'invalid_client_metadata'],
      [null, 'invalid_client_metadata'],
      ['text', 'invalid_client_metadata'],
    ];
    for (const [body, error] of cases) {
      const response = await first.json('/register', body);
      expect({
        body,
        status: response.status,
        error: ((await response.json()) as { error: string }).error,
      }).toEqual({ body, status: 400, error });
    }
    const broken = await first.call('/register', {
      method: 'POST',
      body: '{"redirect_uris":',
      headers: { 'content-type': 'application/json' },
    });
    expect([broken.status, ((await broken.json()) as { error: string }).error]).toEqual([
      400,
      'invalid_client_metadata',
    ]);
  });

  it('can be switched off, and then no metadata names the endpoint', async () => {
    const signIns = [developmentPeople({ people: [{ username: 'alice' }] })];
    const { first } = await openHouse({ issuer: { signIns, registration: false } });
    expect((await first.json('/register', { redirect_uris: ['http://127.0.0.1/cb'] })).status).toBe(403);
    const metadata = await (await first.call('/.well-known/oauth-authorization-server')).json();
    expect(metadata).not.toHaveProperty('registration_endpoint');
  });
});
