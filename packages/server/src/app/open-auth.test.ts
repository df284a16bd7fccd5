import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Auth } from '@portcullis/auth';
import { viewRequest } from '@portcullis/auth/core/request-view';
import { afterEach, describe, expect, it } from 'vitest';
import { type HandMadeProvider, startHandMadeProvider } from '../../../../e2e/servers/hand-made-provider.ts';
import { openAuth } from './open-auth.ts';
import { openState } from './open-state.ts';
import { settingsOf } from './settings.contract.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function open(given: Record<string, string> = {}) {
  const settings = settingsOf(given);
  const auth = await openAuth(settings, await openState(settings), () => {});
  opened.push(auth);
  const url = settings.publicUrl;
  const host = new URL(url).host;
  return {
    auth,
    get: async (path: string, headers: Record<string, string> = {}) =>
      (await auth.handle(new Request(url + path, { headers: { host, ...headers } }), '127.0.0.1'))!,
    guard: (headers: Record<string, string> = {}) => guard(auth, url, host, headers),
  };
}

async function guard(auth: Auth, url: string, host: string, headers: Record<string, string>) {
  const request = new Request(`${url}/mcp`, { method: 'POST', headers: { host, ...headers } });
  const passage = await auth.gate('/mcp').guard(viewRequest(request, '127.0.0.1'));
  return passage.allowed ? passage.caller : passage.response;
}

const FORWARDED = { 'x-forwarded-for': '203.0.113.7' };
const metadata = '/.well-known/oauth-authorization-server';

describe('without authentication', () => {
  it('everybody is let in, as nobody, and there is no issuer', async () => {
    const { guard, auth } = await open({ auth: 'off' });
    expect(await guard()).toMatchObject({ identity: { subject: expect.any(String) } });
    expect(
      await auth.handle(
        new Request('http://localhost:8000/authorize', { headers: { host: 'localhost:8000' } }),
        '127.0.0.1',
      ),
    ).toBeUndefined();
  });

  it('what was forwarded is refused, unless it was said that this is meant', async () => {
    expect(await (await open({ auth: 'off' })).guard(FORWARDED)).toMatchObject({ status: 403 });
    const meant = await open({ auth: 'off', iKnowAnyoneCanCall: 'on' });
    expect(await meant.guard(FORWARDED)).toHaveProperty('identity');
  });
});

describe('with development people', () => {
  it('a call without a token is told where to get one', async () => {
    expect(await (await open()).guard()).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringContaining('resource_metadata=') },
    });
  });

  it('what was forwarded is refused, unless it was said that this is meant', async () => {
    expect((await (await open()).get(metadata, FORWARDED)).status).toBe(403);
    const meant = await open({ developmentPeople: 'on', iKnowAnyoneCanSignIn: 'on' });
    expect((await meant.get(metadata, FORWARDED)).status).toBe(200);
  });

  it('metadata say what the settings say', async () => {
    const plain = (await (await open()).get(metadata)).json();
    expect(await plain).toMatchObject({
      issuer: 'http://localhost:8000',
      registration_endpoint: 'http://localhost:8000/register',
      client_id_metadata_document_supported: true,
      scopes_supported: ['mcp:read', 'offline_access'],
    });
    const metadataWith = async (given: Record<string, string>) =>
      (await (await open(given)).get(metadata)).json() as Promise<Record<string, unknown>>;
    const narrow = await metadataWith({
      registration: 'off',
      'scopes.supported': 'mcp:read mcp:write reports',
    });
    expect(narrow).not.toHaveProperty('registration_endpoint');
    expect(narrow.scopes_supported).toEqual(['mcp:read', 'mcp:write', 'reports', 'offline_access']);
    expect((await metadataWith({ cimd: 'off' })).client_id_metadata_document_supported ?? false).toBe(false);
  });
});

describe('with an identity provider', () => {
  it('is asked at the start, and stops it with the name of the setting when it is away', async () => {
    const idp: HandMadeProvider = await startHandMadeProvider();
    opened.push(idp);
    const given = { 'upstream.issuer': idp.issuer, 'upstream.clientId': 'c' };
    const { get } = await open(given);
    expect(idp.asked).toEqual(['/.well-known/openid-configuration', '/jwks']);
    // Nobody signs in without proof: what a proxy hands on is let in.
    expect((await get(metadata, FORWARDED)).status).toBe(200);
    idp.answers.clear();
    await expect(open(given)).rejects.toMatchObject({ problems: [{ setting: 'upstream.issuer' }] });
  });
});

describe('documents of clients from a file', () => {
  it('are those, and no others are fetched', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'documents-'));
    opened.push({ close: async () => rmSync(folder, { recursive: true }) });
    const id = 'https://app.example/client.json';
    const file = join(folder, 'documents.json');
    const document = { client_id: id, client_name: 'The app', redirect_uris: ['https://app.example/cb'] };
    writeFileSync(file, JSON.stringify({ [id]: document }));
    const { get } = await open({ cimd: file });
    const query = (client_id: string) =>
      new URLSearchParams({
        response_type: 'code',
        client_id,
        redirect_uri: 'https://app.example/cb',
        code_challenge: 'c'.repeat(43),
        code_challenge_method: 'S256',
      });
    const known = await get(`/authorize?${query(id)}`);
    expect([known.status, (await known.text()).includes('The app')]).toEqual([200, true]);
    expect((await get(`/authorize?${query('https://app.example/other.json')}`)).status).toBe(400);
    expect((await get(`/authorize?${query('https://app.example/constructor')}`)).status).toBe(400);
  });
});
