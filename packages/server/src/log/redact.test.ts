import { ProviderFault } from '@portcullis/auth/upstream/provider-fault';
import { unavailable } from '@portcullis/auth/verify/verifier-parts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactFields, redactText } from './redact.ts';

const SECRET = 'hunter2Hunter2hunter2';
/** In two pieces, so that no file here looks as if it held a key. */
const PEM = ['PRIVATE', 'KEY'].join(' ');
const JWT = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.${SECRET}`;

describe('redactText', () => {
  it.each([
    `Bearer ${SECRET}`,
    `authorization: basic ${SECRET}`,
    JWT,
    `postgres://svc:${SECRET}@db/x`,
    `https://a.example/cb?code=${SECRET}&iss=x`,
    `grant_type=refresh_token&refresh_token=${SECRET}`,
    `http://a/#access_token=${SECRET}`,
    `client_secret=${SECRET}`,
    `-----BEGIN ${PEM}-----\n${SECRET}\n-----END ${PEM}-----`,
    `-----BEGIN EC ${PEM}-----\n${SECRET}`,
  ])('hides the secret in %s', (text) => {
    expect(redactText(text)).not.toContain(SECRET);
  });

  it.each([
    'https://mcp.example.com/mcp',
    'response_type=code',
    'session ended: refresh-reused',
    'Basic',
    '',
  ])('leaves %j', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('bounds the length', () => {
    expect(redactText('a '.repeat(100_000)).length).toBeLessThan(5000);
  });
});

describe('redactFields', () => {
  it.each([
    'clientSecret',
    'client_secret',
    'password',
    'access_token',
    'accessToken',
    'refreshToken',
    'token',
    'code',
    'codeVerifier',
    'cookie',
    'set-cookie',
    'Authorization',
    'state',
    'nonce',
    'api_key',
    'masterSecret',
  ])('hides what is called %s, at any depth', (name) => {
    const text = JSON.stringify(redactFields({ [name]: SECRET, deep: { list: [{ [name]: [SECRET] }] } }));
    expect(text).not.toContain(SECRET);
  });

  it('leaves numbers, switches, codes of errors and what only sounds like a secret', () => {
    const fields = {
      tokenSeconds: 60,
      hasPassword: true,
      code: 'ECONNREFUSED',
      tokenEndpoint: 'https://a/t',
      reason: 'x',
    };
    expect(redactFields(fields)).toEqual(fields);
  });

  it('shows an error with its cause, without secrets', () => {
    const cause = Object.assign(new Error(`connect postgres://a:${SECRET}@b`), { code: 'ECONNREFUSED' });
    const { error } = redactFields({ error: new Error('no', { cause }) }) as {
      error: Record<string, unknown>;
    };
    expect(error).toMatchObject({ message: 'no', cause: { code: 'ECONNREFUSED' } });
    expect(JSON.stringify(error)).not.toContain(SECRET);
  });

  it('can be written whatever it is given', () => {
    const circle: Record<string, unknown> = {
      n: 1n,
      u: new URL('https://a:b@c/'),
      m: new Map([['token', SECRET]]),
    };
    circle.self = circle;
    Object.defineProperty(circle, 'bad', {
      enumerable: true,
      get() {
        throw new Error('no');
      },
    });
    expect(JSON.stringify(redactFields(circle))).not.toContain(SECRET);
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string(),
          fc.anything({
            withBigInt: true,
            withDate: true,
            withMap: true,
            withSet: true,
            withNullPrototype: true,
            withTypedArray: true,
          }),
        ),
        (fields) => {
          expect(JSON.stringify(redactFields(fields))).toMatch(/^\{/);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a verifier whose issuer does not answer', () => {
  it('is named in the log, in the refusal and in the event', () => {
    const events: object[] = [];
    const fault = new ProviderFault('unavailable', 'keys', { status: 500 });
    const name = 'JWT of https://login.example.com';
    const { detail } = unavailable(name, fault, (event) => void events.push(event));
    for (const fields of [{ detail }, { ...events[0] }])
      expect(JSON.stringify(redactFields(fields))).toContain(name);
    expect(redactFields({ code_verifier: 'v'.repeat(43) })).toEqual({ code_verifier: '[redacted]' });
  });
});
