import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LoggedIn, type PlainClient, plainClient } from '../clients/plain-client.ts';
import { mcpMessage, sendMcp, statusAtGate, whoami } from '../clients/plain-mcp.ts';
import { type RunningPortcullis, startPortcullis } from '../servers/portcullis.ts';
import { startTwoProcesses } from '../servers/two-processes.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

let server: RunningPortcullis;
let client: PlainClient;
let login: LoggedIn;
let parts: string[];
beforeAll(async () => {
  server = await startPortcullis({ movableClock: true, state: 'state' });
  client = plainClient(server.url);
  login = await client.logIn();
  parts = login.tokens.access_token.split('.');
});

describe('an access token', () => {
  it('[AS-19, AS-10] is an at+jwt with the claims of RFC 9068, for the resource that was asked for', async () => {
    const { tokens, client: registered } = await client.logIn({ authorize: { resource: server.mcpUrl } });
    const [header, payload] = tokens.access_token.split('.');
    expect(decode(header)).toMatchObject({
      typ: 'at+jwt',
      alg: expect.stringMatching(/^(ES256|EdDSA|RS256)$/),
      kid: expect.any(String),
    });
    const claims = decode(payload);
    expect(claims).toMatchObject({
      iss: server.url,
      sub: 'urn:portcullis:development|alice',
      client_id: registered.id,
      scope: 'mcp:read',
      jti: expect.any(String),
    });
    expect([claims.aud].flat()).toEqual([server.mcpUrl]);
    expect(claims.exp - claims.iat).toBe(tokens.expires_in);
    const { body } = await client.get('/jwks');
    expect((body.keys as { kid: string }[]).map(({ kid }) => kid)).toContain(decode(header).kid);
    expect(JSON.stringify(body)).not.toMatch(/"(d|p|q|k)":/);
  });

  const forgeries: Readonly<Record<string, () => Promise<string> | string>> = {
    garbage: () => 'garbage',
    'unsigned, alg none': () => `${encode({ ...decode(parts[0]), alg: 'none' })}.${parts[1]}.`,
    'of another algorithm': () => `${encode({ ...decode(parts[0]), alg: 'RS256' })}.${parts[1]}.${parts[2]}`,
    'signed with our public key as if it were a secret': async () => {
      const { text } = await client.get('/jwks');
      const head = `${encode({ ...decode(parts[0]), alg: 'HS256' })}.${parts[1]}`;
      return `${head}.${createHmac('sha256', text).update(head).digest('base64url')}`;
    },
    'with another person in it': () =>
      `${parts[0]}.${encode({ ...decode(parts[1]), sub: 'bob' })}.${parts[2]}`,
    'with a signature that was cut': () => `${parts[0]}.${parts[1]}.${parts[2]?.slice(0, -4)}`,
    'without a signature': () => `${parts[0]}.${parts[1]}`,
    'of an unknown key': () => `${encode({ ...decode(parts[0]), kid: 'unknown' })}.${parts[1]}.${parts[2]}`,
    'that brings its own key': () =>
      `${encode({ ...decode(parts[0]), jwk: {}, jku: 'http://127.0.0.1:1/', x5u: 'http://127.0.0.1:1/' })}.${parts[1]}.${parts[2]}`,
    'with a critical extension': () =>
      `${encode({ ...decode(parts[0]), crit: ['b64'], b64: false })}.${parts[1]}.${parts[2]}`,
    'of another type': () => `${encode({ ...decode(parts[0]), typ: 'JWT' })}.${parts[1]}.${parts[2]}`,
    'that is very long': () => `${parts[0]}.${'A'.repeat(5000)}.${parts[2]}`,
    'that is a refresh token': () => login.tokens.refresh_token,
    'that is a client id': () => login.client.id,
  };

  it.each(Object.keys(forgeries))('[RS-7, G5, G9] %s is 401, invalid_token', async (name) => {
    const answer = await sendMcp(server.mcpUrl, mcpMessage('modern', 'tools/list'), await forgeries[name]!());
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    // Who asks learns no more than the standard text.
    expect(String(answer.body.error_description)).toMatch(/^The access token is invalid\. \(incident \w+\)$/);
  });

  it('[RS-7, G9] is good until it expires, and not after', async () => {
    const own = await client.logIn();
    await server.advance(3590);
    expect(await statusAtGate(server.mcpUrl, own.tokens.access_token)).toBe(200);
    await server.advance(75);
    const late = await sendMcp(server.mcpUrl, mcpMessage('modern', 'tools/list'), own.tokens.access_token);
    expect(late).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
    const refreshed = await client.refresh(own.client, own.tokens.refresh_token);
    expect(await statusAtGate(server.mcpUrl, String(refreshed.body.access_token))).toBe(200);
  });

  it('[RS-9, RS-8, G5] of another issuer is 401, even signed with our own key', async () => {
    // The same keys and the same state, under another public URL.
    const other = await startPortcullis({ state: 'state', home: server.home });
    const strange = await plainClient(other.url).logIn();
    expect(await statusAtGate(other.mcpUrl, strange.tokens.access_token)).toBe(200);
    expect(decode(strange.tokens.access_token.split('.')[0]).kid).toBe(decode(parts[0]).kid);
    expect(await statusAtGate(server.mcpUrl, strange.tokens.access_token)).toBe(401);
    const own = await client.logIn();
    expect(await statusAtGate(other.mcpUrl, own.tokens.access_token)).toBe(401);
    expect((await plainClient(other.url).refresh(own.client, own.tokens.refresh_token)).status).not.toBe(200);
    await other.stop();
  });
});

describe('a refusal', () => {
  it('[E1] has an id, and the log says under it which check failed, what was seen and what was expected', async () => {
    const expired = await client.logIn();
    const forged = `${parts[0]}.${parts[1]}.${'A'.repeat(parts[2]!.length)}`;
    const reasons: unknown[] = [];
    for (const token of [undefined, 'garbage', forged]) {
      const answer = await sendMcp(server.mcpUrl, mcpMessage('modern', 'tools/list'), token);
      const id = String(answer.headers.get('x-incident-id'));
      expect(String(answer.body.error_description)).toContain(`incident ${id}`);
      const line = await server.incident(id);
      expect(line).toMatchObject({ event: 'request.refused', at: 'gate', detail: expect.any(Object) });
      reasons.push(line.reason);
    }
    expect(reasons).toEqual(['token.absent', 'token.unknown', 'token.signature']);
    const answer = await client.token({
      ...expired.exchanged,
      redirect_uri: 'http://127.0.0.1:1/x',
      code: 'none',
    });
    const line = await server.incident(String(answer.headers.get('x-incident-id')));
    expect(line).toMatchObject({ at: 'token', reason: 'grant.code-unknown' });
    const elsewhere = await client.refresh(expired.client, expired.tokens.refresh_token, {
      resource: 'https://a.example/',
    });
    const { reason, detail } = await server.incident(String(elsewhere.headers.get('x-incident-id')));
    expect(reason).toBe('authorization.resource');
    expect(detail).toEqual({ requested: ['https://a.example/'], configured: [server.mcpUrl] });
  });
});

describe('tokens', () => {
  it('[G5] are refused in each other’s place', async () => {
    const { client: registered, exchanged } = await client.approve();
    const code = String(exchanged.code);
    expect(await statusAtGate(server.mcpUrl, code)).toBe(401);
    const own = await client.logIn({ client: registered });
    for (const wrong of [own.tokens.access_token, code, registered.id]) {
      const answer = await client.refresh(registered, wrong);
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    }
    for (const wrong of [own.tokens.access_token, own.tokens.refresh_token]) {
      const answer = await client.token({ ...exchanged, code: wrong });
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    }
    expect((await client.token(exchanged)).status).toBe(200);
  });

  it('[G6, AS-19] are revoked at once: an access token alone, a refresh token with its session', async () => {
    const own = await client.logIn();
    const second = await client.refresh(own.client, own.tokens.refresh_token);
    const [first, newer] = [own.tokens.access_token, String(second.body.access_token)];
    const revoke = (token: string, id = own.client.id) => client.post('/revoke', { token, client_id: id });
    const stranger = await client.register({ client_name: 'Stranger' });
    expect((await revoke(newer, stranger.id)).status).toBe(200);
    expect(await statusAtGate(server.mcpUrl, newer)).toBe(200);
    expect((await revoke(first)).status).toBe(200);
    expect(await statusAtGate(server.mcpUrl, first)).toBe(401);
    expect(await statusAtGate(server.mcpUrl, newer)).toBe(200);
    expect((await revoke(String(second.body.refresh_token))).status).toBe(200);
    expect(await statusAtGate(server.mcpUrl, newer)).toBe(401);
    expect((await client.refresh(own.client, String(second.body.refresh_token))).body.error).toBe(
      'invalid_grant',
    );
    expect((await revoke('whatever-this-is')).status).toBe(200);
  });

  it('[G6] that are revoked in one process are dead in every other within the stated time', async () => {
    const [first, second] = await startTwoProcesses({ movableClock: true });
    const client = plainClient(first.url);
    const own = await client.logIn();
    const there = `${second.directUrl}/mcp`;
    expect(await statusAtGate(there, own.tokens.access_token)).toBe(200);
    await client.post('/revoke', { token: own.tokens.refresh_token, client_id: own.client.id });
    expect(await statusAtGate(first.mcpUrl, own.tokens.access_token)).toBe(401);
    await second.advance(5);
    expect(await statusAtGate(there, own.tokens.access_token)).toBe(401);
  });

  it('[RS-13, G4] need the baseline scope for every call, and are told all that is missing', async () => {
    const wide = await startPortcullis({ env: { PORTCULLIS_SCOPES_SUPPORTED: 'mcp:read mcp:write' } });
    const { tokens } = await plainClient(wide.url).logIn({ authorize: { scope: 'mcp:write' } });
    expect(tokens.scope).toBe('mcp:write');
    const answer = await sendMcp(wide.mcpUrl, mcpMessage('modern', 'tools/list'), tokens.access_token);
    expect(answer).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
    expect(answer.headers.get('www-authenticate')).toMatch(
      /^Bearer error="insufficient_scope".*scope="mcp:read".*resource_metadata="/,
    );
    await wide.stop();
  });

  it('[RS-22, RS-16] are nowhere in what was written', async () => {
    const own = await client.logIn({ person: 'carol' });
    expect(await whoami(server.mcpUrl, own.tokens.access_token)).toBe('carol');
    await client.refresh(own.client, own.tokens.refresh_token);
    await client.token(own.exchanged);
    await client.refresh(own.client, `${own.tokens.refresh_token}x`);
    const written = server.everything();
    expect(written).toContain('session started');
    const secrets = [
      own.tokens.access_token,
      own.tokens.refresh_token,
      String(own.exchanged.code),
      String(own.exchanged.code_verifier),
      own.tokens.access_token.split('.')[2]!,
      own.tokens.refresh_token.split('.')[3]!,
    ];
    for (const secret of secrets) expect(written).not.toContain(secret);
  });
});
