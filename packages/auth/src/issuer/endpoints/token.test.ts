import { describe, expect, it } from 'vitest';
import { login, openHouse, register, walkToCode } from '../../auth.contract.ts';

describe('the token endpoint', () => {
  it('[AS-9] answers JSON that no cache keeps, readable by scripts of any origin', async () => {
    const { first } = await openHouse();
    const { fields } = await walkToCode(first);
    const { headers } = await first.form('/token', fields, { origin: 'https://app.example.com' });
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('pragma')).toBe('no-cache');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('[E2] answers each kind of mistake with its standard code', async () => {
    const { first } = await openHouse();
    const { client_id } = await register(first);
    const code = { grant_type: 'authorization_code', code: 'c', code_verifier: 'v'.repeat(43), client_id };
    const cases: [Record<string, string>, number, string][] = [
      [{}, 400, 'invalid_request'],
      [{ client_id }, 400, 'invalid_request'],
      [{ client_id, grant_type: 'password', username: 'a', password: 'b' }, 400, 'unsupported_grant_type'],
      [{ client_id, grant_type: 'client_credentials' }, 400, 'unsupported_grant_type'],
      [
        { client_id, grant_type: 'urn:ietf:params:oauth:grant-type:device_code' },
        400,
        'unsupported_grant_type',
      ],
      [{ ...code, client_id: '' }, 400, 'invalid_request'],
      [{ ...code, client_id: 'nobody' }, 401, 'invalid_client'],
      [{ ...code, client_assertion: 'eyJ' }, 401, 'invalid_client'],
      [code, 400, 'invalid_grant'],
      [{ client_id, grant_type: 'refresh_token' }, 400, 'invalid_request'],
      [{ client_id, grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'invalid_grant'],
    ];
    for (const [fields, status, error] of cases) {
      const response = await first.form('/token', fields);
      const body = (await response.json()) as { error: string; error_description: string };
      expect({ fields, status: response.status, error: body.error }).toEqual({ fields, status, error });
      expect(body.error_description).toMatch(/\(incident [0-9a-z]{10}\)$/);
    }
  });

  it('[AS-9] takes a form in the body and nothing else', async () => {
    const { first } = await openHouse();
    const { fields } = await walkToCode(first);
    const query = new URLSearchParams(fields).toString();
    expect((await first.json('/token', fields)).status).toBe(415);
    expect((await first.call(`/token?${query}`, { method: 'GET' })).status).toBe(405);
    expect((await first.call(`/token?${query}`, { method: 'POST' })).status).toBe(415);
    const empty = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect((await first.call(`/token?${query}`, empty)).status).toBe(400);
    expect((await first.form('/token', fields)).status).toBe(200);
  });

  it('[G12] names no token, code, verifier or secret in events or errors', async () => {
    const { first, events } = await openHouse();
    const { tokens, fields, clientId } = await login(first);
    await first.form('/token', fields);
    await first.form('/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
      client_id: 'other',
    });
    await first.form('/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
      client_id: clientId,
      scope: 'mcp:admin',
    });
    const log = JSON.stringify(events);
    for (const secret of [tokens.access_token, tokens.refresh_token, fields.code, fields.code_verifier])
      expect(log).not.toContain(secret);
  });

  it('[E1] tells the log what the answer does not say', async () => {
    const { first, events } = await openHouse();
    const { fields } = await walkToCode(first);
    const response = await first.form('/token', { ...fields, redirect_uri: 'https://evil.example/cb' });
    const { error_description } = (await response.json()) as { error_description: string };
    expect(error_description).not.toContain('evil.example');
    expect(events.findLast(({ type }) => type === 'request.refused')).toMatchObject({
      at: 'token',
      reason: 'grant.code-redirect-uri',
      detail: { seen: 'https://evil.example/cb', expected: fields.redirect_uri },
      incident: /incident (\w+)/.exec(error_description)![1],
    });
  });
});
