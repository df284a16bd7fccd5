import { describe, expect, it } from 'vitest';
import { REFUSALS, type WireAnswer } from './refusal-reasons.ts';

/** The codes of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7591 §3.2.2, RFC 8707 §2, OpenID Connect Core §3.1.2.6; and one for 404. */
const CODES = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
  'invalid_scope',
  'access_denied',
  'temporarily_unavailable',
  'invalid_token',
  'insufficient_scope',
  'invalid_redirect_uri',
  'invalid_client_metadata',
  'invalid_target',
  'request_not_supported',
  'request_uri_not_supported',
  'login_required',
  'not_found',
];
const rows: [string, WireAnswer][] = Object.entries(REFUSALS);

describe('the table of refusals', () => {
  it.each(rows)(
    '[E2] %s has a standard code and a plain text that fits into a header',
    (_reason, { error, description }) => {
      expect(CODES).toContain(error);
      expect(description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]{10,150}\.$/);
    },
  );

  it('[S4] is never a server_error: whenever we can not know, 503 and temporarily_unavailable, and the other way round', () => {
    for (const [reason, { status, error }] of rows) {
      if (status === 503) expect({ reason, error }).toEqual({ reason, error: 'temporarily_unavailable' });
      if (error === 'temporarily_unavailable') expect([503, 429]).toContain(status);
      if (/\.unavailable$|unreadable|unreachable|fault/.test(reason))
        expect({ reason, status }).toEqual({ reason, status: 503 });
    }
  });

  it('[RS-7] is 401 for every bad token, and gives nothing away by its words', () => {
    const bad = rows.filter(([, { error }]) => error === 'invalid_token');
    expect(bad.every(([, { status }]) => status === 401)).toBe(true);
    expect(new Set(bad.map(([, { description }]) => description)).size).toBeLessThanOrEqual(3);
  });
});
