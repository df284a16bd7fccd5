import { describe, expect, it } from 'vitest';
import { login, openHouse, PUBLIC_URL } from '../auth.contract.ts';
import { createAuth } from '../auth.ts';
import type { PlainResponse } from '../core/passage.ts';
import { viewRequest } from '../core/request-view.ts';
import type { Verifier } from '../verify/verifier.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
type Auth = Awaited<ReturnType<typeof createAuth>>;

async function refused(auth: Auth, headers: Record<string, string>, method = 'GET'): Promise<PlainResponse> {
  const passage = await auth.gate().guard(viewRequest(new Request(`${PUBLIC_URL}/mcp`, { method, headers })));
  if (passage.allowed) throw new Error('let in');
  return passage.response;
}

describe('a person who opens the resource in a browser', () => {
  it('[C1] gets the status and the challenge that everybody gets, and a page', async () => {
    const { auth } = (await openHouse({ count: 1 })).first;
    const program = await refused(auth, {});
    const person = await refused(auth, { accept: BROWSER });
    expect([person.status, person.headers['www-authenticate']]).toEqual([
      program.status,
      program.headers['www-authenticate'],
    ]);
    expect(person.status).toBe(401);
    expect(person.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      vary: 'Accept',
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-incident-id': expect.any(String),
    });
    expect(person.body).toContain(`<code aria-labelledby="address">${PUBLIC_URL}/mcp</code>`);
    expect(person.body).toContain(`href="${PUBLIC_URL}/login-check"`);
    expect(person.body).not.toContain('not accepted');
    expect(await refused(auth, { accept: BROWSER }, 'HEAD')).toMatchObject({
      status: 401,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
  });

  it('[C1] is told of a token that is not good, with the challenge that says so', async () => {
    const { first, clock } = await openHouse({ count: 1 });
    const { tokens } = await login(first);
    clock.advance(7200);
    const authorization = `Bearer ${tokens.access_token}`;
    const person = await refused(first.auth, { accept: BROWSER, authorization });
    const incident = person.headers['x-incident-id']!;
    expect(person.status).toBe(401);
    expect(person.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(person.headers['www-authenticate']).toContain(incident);
    expect(person.body).toContain(`<code>${incident}</code>`);
    expect(person.body).not.toContain(tokens.access_token);
  });

  it('is the only one: programs and MCP clients get JSON, whatever else they take', async () => {
    const { auth } = (await openHouse({ count: 1 })).first;
    for (const accept of ['*/*', 'application/json', 'text/event-stream', 'text/html, text/event-stream', ''])
      expect((await refused(auth, { accept })).headers['content-type']).toBe('application/json');
    for (const method of ['POST', 'DELETE', 'PUT'])
      expect((await refused(auth, { accept: BROWSER }, method)).headers).not.toHaveProperty('vary');
  });

  it('keeps what a page of another origin may read apart in caches', async () => {
    const { auth } = (await openHouse({ count: 1, allowedOrigins: ['https://app.example'] })).first;
    const { headers } = await refused(auth, { accept: BROWSER, origin: 'https://app.example' });
    expect(headers).toMatchObject({
      vary: 'Accept, Origin',
      'access-control-allow-origin': 'https://app.example',
    });
    const stranger = await refused(auth, { accept: BROWSER, origin: 'https://evil.example' });
    expect([stranger.status, stranger.headers['content-type']]).toEqual([403, 'application/json']);
  });

  it('reads only how to connect where tokens come from elsewhere', async () => {
    const verifier: Verifier = {
      name: 'nobody',
      recognizes: () => false,
      verify: async () => Promise.reject(new Error('never asked')),
    };
    const auth = await createAuth({ publicUrl: PUBLIC_URL, verifiers: [verifier] });
    const { body, status } = await refused(auth, { accept: BROWSER });
    expect(status).toBe(401);
    expect(body).toContain(`${PUBLIC_URL}/mcp`);
    expect(body).not.toContain('login-check');
    expect(body).toContain('It needs an access token besides');
    const known = await createAuth({
      publicUrl: PUBLIC_URL,
      verifiers: [verifier],
      authorizationServers: ['https://idp.example'],
    });
    expect((await refused(known, { accept: BROWSER })).body).toContain(
      'It then opens a page in your browser',
    );
  });
});
