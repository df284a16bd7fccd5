import { once } from 'node:events';
import http from 'node:http';
import { type Auth, createAuth } from '@portcullis/auth';
import { nodeListener } from '@portcullis/auth/adapters/node';
import { type ManualClock, manualClock } from '@portcullis/auth/core/clock';
import { developmentPeople } from '@portcullis/auth/sign-in/development-people';
import { upstreamSignIn } from '@portcullis/auth/sign-in/upstream-provider';
import { usernameResolver } from '@portcullis/auth/sign-in/username';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlainClient, plainClient } from '../clients/plain-client.ts';
import { type BrowserStep, ScriptedBrowser } from '../clients/scripted-browser.ts';
import { FAULTS } from '../servers/faulty-proxy.ts';
import { freePort } from '../servers/free-port.ts';
import { OIDC_PATHS, type RunningOidcProvider, startOidcProvider } from '../servers/oidc-provider.ts';

const isCallback = (url: URL) => url.pathname.startsWith('/auth/callback');

const IDS = ['staff', 'guests'] as const;
type Id = (typeof IDS)[number];

let providers: Readonly<Record<Id, RunningOidcProvider>>;
let auth: Auth;
let server: http.Server;
let clock: ManualClock;
let client: PlainClient;

/** Two real providers that know somebody of the same name, development people, and a server in front of all of them. */
beforeAll(async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const start = (id: Id) =>
    startOidcProvider({
      accounts: {
        // One address at both, verified at both.
        'u-1': {
          name: `Alice of ${id}`,
          preferred_username: `alice_${id}`,
          groups: [id],
          email: 'alice@example.com',
          email_verified: true,
        },
        'u-2': { name: `Bob of ${id}` },
        'u-3': { name: `Carol of ${id}`, preferred_username: `carol_${id}`, groups: [id] },
      },
      clients: [
        {
          client_id: 'portcullis',
          client_secret: `secret-${id}`,
          redirect_uris: [`${url}/auth/callback`, `${url}/auth/callback/${id}`],
          post_logout_redirect_uris: [`${url}/logout/done`],
        },
      ],
    });
  providers = { staff: await start('staff'), guests: await start('guests') };
  clock = manualClock(Date.now());
  const signIns = IDS.map((id) =>
    upstreamSignIn(
      {
        id,
        title: `The ${id} directory`,
        issuer: providers[id].issuer,
        clientId: 'portcullis',
        clientSecret: `secret-${id}`,
        groupsClaim: 'groups',
        username: usernameResolver({ rules: ['preferred_username'] }),
        timeoutSeconds: 5,
      },
      (target, init) => fetch(target, { ...init, redirect: 'manual' }),
    ),
  );
  const people = developmentPeople({ people: [{ username: 'carol' }] });
  auth = await createAuth({ publicUrl: url, issuer: { signIns: [...signIns, people] }, clock });
  const listener = nodeListener(auth, (request, response) => {
    const { identity } = (request.auth?.extra?.caller ?? {}) as { identity?: unknown };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ identity }));
  });
  server = http.createServer(listener).listen(port, '127.0.0.1');
  await once(server, 'listening');
  client = plainClient(url);
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await auth.close();
  await Promise.all(IDS.map((id) => providers[id].close()));
});

const logIn = (signIn: string, login = 'u-1') =>
  client.logIn({ signIn, login, browser: new ScriptedBrowser() });
const atGate = (token: string) => client.get('/mcp', { authorization: `Bearer ${token}` });

/** A check, as far as the page after the provider. */
async function check(browser: ScriptedBrowser, signIn: Id, login = 'u-1'): Promise<BrowserStep> {
  const start = await browser.request(`${client.url}/login-check`);
  const onward = await browser.submit(start, { sign_in: signIn });
  const link = /<a class="button main" href="([^"]*)"/.exec(onward.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const callback = await browser.walk(link, { login, until: isCallback });
  return await browser.request(callback.href);
}

describe('two providers at once', () => {
  it('[C1] are chosen between on the consent page', async () => {
    const page = await client.get(client.authorizationUrl(await client.register()));
    const offered = [...page.text.matchAll(/type="radio" name="sign_in" value="(\w+)"/g)].map(([, id]) => id);
    expect(offered).toEqual(['staff', 'guests', 'development']);
    for (const id of IDS) expect(page.text).toContain(`The ${id} directory`);
  });

  it.each(IDS)('[PX-7, G10] sign people in as their own, through a whole login: %s', async (id) => {
    const other = IDS.find((each) => each !== id)!;
    const before = providers[other].requests.length;
    const { tokens, client: by } = await logIn(id);
    const { status, body } = await atGate(tokens.access_token);
    expect([status, body.identity]).toEqual([
      200,
      expect.objectContaining({
        issuer: providers[id].issuer,
        subject: 'u-1',
        email: 'alice@example.com',
        username: `alice_${id}`,
      }),
    ]);
    expect((await client.refresh(by, tokens.refresh_token)).status).toBe(200);
    expect(providers[other].requests.length).toBe(before);
  });

  it('[PX-5] take no answer that came for the other: the sign-in is part of what was begun', async () => {
    const browser = new ScriptedBrowser();
    const url = client.authorizationUrl(await client.register());
    const callback = await browser.walk(url, { signIn: 'staff', login: 'u-1', until: isCallback });
    // The other provider answers in its place, with an issuer of its own (RFC 9207).
    const before = providers.guests.requests.length;
    callback.searchParams.set('iss', providers.guests.issuer);
    const { response } = await browser.request(callback.href);
    expect(response.status).toBe(403);
    expect(providers.guests.requests.length).toBe(before);
  });

  it('[S4, PX-8] a session of one lives on while the other is down', async () => {
    const [staff, guest] = [await logIn('staff'), await logIn('guests')];
    providers.guests.proxy.fail(OIDC_PATHS.token, FAULTS.drop);
    providers.guests.proxy.fail(OIDC_PATHS.authorization, FAULTS.serverError);
    clock.advance(120);
    expect((await client.refresh(staff.client, staff.tokens.refresh_token)).status).toBe(200);
    expect((await client.refresh(guest.client, guest.tokens.refresh_token)).status).toBe(503);
    for (const { tokens } of [staff, guest]) expect((await atGate(tokens.access_token)).status).toBe(200);
    expect((await logIn('staff')).response.status).toBe(200);
    providers.guests.proxy.mend();
    expect((await client.refresh(guest.client, guest.tokens.refresh_token)).status).toBe(200);
  });
});

describe('a login check at a real provider', () => {
  const revoked = (id: Id) => providers[id].requests.filter(({ path }) => path === OIDC_PATHS.revocation);

  it('[PX-7] shows who one is there, and gives every token back', async () => {
    const [tokens, before] = [providers.guests.tokenRequests('authorization_code'), revoked('guests').length];
    const browser = new ScriptedBrowser();
    const { response, html } = await check(browser, 'guests', 'u-3');
    expect(response.status).toBe(200);
    for (const text of ['Carol of guests', 'The guests directory', providers.guests.issuer, 'carol_guests'])
      expect(html).toContain(text);
    expect(html).toContain('<dt>Groups</dt><dd><bdi>guests</bdi></dd>');
    expect(providers.guests.tokenRequests('authorization_code')).toBe(tokens + 1);
    const [given] = revoked('guests').slice(before);
    expect(given?.form.get('token_type_hint')).toBe('refresh_token');
    expect(browser.cookies.get(new URL(client.url).host)?.size).toBe(0);
  });

  it('[S6] logs no client out, although the provider takes a revocation for all that the person allowed there', async () => {
    const browser = new ScriptedBrowser();
    const { client: by, tokens } = await client.logIn({ signIn: 'guests', login: 'u-1', browser });
    const before = revoked('guests').length;
    // Known at the provider by now: the same grant is used, and nobody has to type anything.
    expect((await check(browser, 'guests')).html).toContain('Alice of guests');
    clock.advance(120);
    expect((await client.refresh(by, tokens.refresh_token)).status).toBe(200);
    expect(revoked('guests').length).toBe(before);
  });

  it('says that somebody has no name in the database', async () => {
    const { html } = await check(new ScriptedBrowser(), 'staff', 'u-2');
    expect(html).toContain('Bob of staff');
    expect(html).toContain('You have no name in the database');
  });

  it('names the step when the person says no there, and when the provider refuses us or is down', async () => {
    const denied = await check(new ScriptedBrowser(), 'guests', 'deny');
    expect([denied.response.status, denied.html.includes('Signing in at The guests directory')]).toEqual([
      403,
      true,
    ]);
    for (const [fault, status, step] of [
      ['serverError', 503, 'Exchanging the code for tokens at The guests directory'],
      ['invalidClient', 503, 'Exchanging the code for tokens at The guests directory'],
      ['drop', 503, 'Exchanging the code for tokens at The guests directory'],
    ] as const) {
      providers.guests.proxy.fail(OIDC_PATHS.token, FAULTS[fault]);
      const { response, html } = await check(new ScriptedBrowser(), 'guests');
      expect([response.status, html.includes(step)]).toEqual([status, true]);
      expect(html.includes('invalid_client')).toBe(fault === 'invalidClient');
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
      providers.guests.proxy.mend();
    }
  });
});

describe('a log-out at a real provider', () => {
  it('ends the login there, and comes back; the other provider is not asked', async () => {
    const browser = new ScriptedBrowser();
    const { tokens } = await client.logIn({ signIn: 'guests', login: 'u-1', browser });
    const page = await browser.request(`${client.url}/logout`);
    const before = providers.staff.requests.length;
    const onward = await browser.submit(page, { sign_in: 'guests' });
    expect(onward.html).toContain('The guests directory');
    const link = /<a class="button main" href="([^"]*)"/.exec(onward.html)![1]!.replaceAll('&amp;', '&');
    const asked = await browser.request(link);
    // Without an ID token it asks the person.
    const confirmed = await browser.submit(asked, { logout: 'yes' });
    const back = new URL(confirmed.response.headers.get('location')!);
    expect(back.href).toBe(`${client.url}/logout/done`);
    expect((await browser.request(back.href)).html).toContain('You are logged out');
    // The next login asks who is there, and clients go on.
    const next = await browser.walk(client.authorizationUrl(await client.register()), {
      signIn: 'guests',
      until: (url) => url.pathname.startsWith('/interaction/'),
    });
    expect(next.origin).toBe(providers.guests.issuer);
    expect((await atGate(tokens.access_token)).status).toBe(200);
    expect(providers.staff.requests.length).toBe(before);
  });
});
