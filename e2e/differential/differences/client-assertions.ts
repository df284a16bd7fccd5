/** How clients show who they are with a key. */
import type { Difference } from '../difference.ts';

const refusedHere: Difference['differs'] = {
  status: ['401', '200'],
  error: ['invalid_client', 'nothing'],
  members: ['nothing', 'access_token expires_in refresh_token scope token_type'],
  scope: ['nothing', 'mcp:read'],
  'the right one afterwards': ['works', 'nothing'],
};

const refusedByBoth: Difference['differs'] = {
  status: ['401', '400'],
  error: ['invalid_client', 'invalid_request'],
};

const notValid: Difference = {
  differs: refusedByBoth,
  source: 'RFC 7521 §4.2.1',
  why: 'An assertion that is not valid, for whatever reason, is `invalid_client`.',
};

const notSupported: Difference = {
  differs: refusedByBoth,
  source: 'RFC 6749 §5.2',
  why: 'A way to authenticate that is not supported is `invalid_client`.',
};

export const CLIENT_ASSERTION_DIFFERENCES: Readonly<Record<string, Difference>> = {
  'register-keys-http': {
    differs: {
      status: ['400', '201'],
      error: ['invalid_client_metadata', 'nothing'],
      keys: ['none', 'jwks_uri'],
    },
    source: 'decision',
    why: 'Keys that came over plain http prove nothing; who registers them is told at once.',
  },
  'assertion-long': {
    differs: refusedHere,
    source: 'RFC 7523 §3',
    why: 'A server may refuse an assertion that ends unreasonably far in the future. Each one is remembered to its end, so ours may last ten minutes.',
  },
  'assertion-as-access-token': {
    differs: refusedHere,
    source: 'RFC 8725 §3.11',
    why: 'A token that says it is an access token is not taken for an assertion.',
  },
  'assertion-own-key': {
    differs: refusedHere,
    source: 'RFC 8725 §3.10',
    why: 'Which key counts is never for the assertion to say, so one that brings a key is refused, be it the right one.',
  },
  'assertion-unknown-key': {
    differs: Object.fromEntries(
      Object.entries(refusedHere).map(([name, [one, two]]) => [name, [two, one] as const]),
    ),
    source: 'RFC 7515 §4.1.4',
    why: 'A `kid` is a hint. Where the client registered its key without a name, that key is tried.',
  },
  'assertion-other-subject': notValid,
  'assertion-nobody': notValid,
  'assertion-no-token': notValid,
  'assertion-other-id': notValid,
  'assertion-other-type': notSupported,
  'assertion-no-type': notSupported,
};
